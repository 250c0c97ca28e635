//! Tests of the whole live beside this file, one test target per kind; here is what they share.

pub mod tree;
