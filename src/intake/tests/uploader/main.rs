//! The uploader against a server that answers as it is told.

#[cfg(test)]
mod turns;
