//! One PDF/A per document, checks on pages, and PAdES signatures.
