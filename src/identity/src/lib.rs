//! ID-card codes and other presented codes: from bytes to facts with their evidence.
