//! Event table, error codes with remedies, redaction.
