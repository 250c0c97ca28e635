//! Bytes with deadlines over serial and TCP; record and replay.
