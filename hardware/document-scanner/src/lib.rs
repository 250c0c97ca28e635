//! Document scanners through SANE.
