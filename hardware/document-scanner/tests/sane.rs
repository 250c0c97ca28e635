//! The driver over the real libsane, whose configuration is private to each test.

#[cfg(test)]
#[path = "sane/test_backend.rs"]
mod test_backend;
