//! Every device as a scriptable fake below the bytes.
