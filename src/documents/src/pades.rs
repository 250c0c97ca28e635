//! PAdES
