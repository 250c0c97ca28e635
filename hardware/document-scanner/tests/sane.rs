//! The driver over the real libsane, whose configuration is private to each test.

#[cfg(test)]
#[path = "sane/escl.rs"]
mod escl;
#[cfg(test)]
#[path = "sane/test_backend.rs"]
mod test_backend;
