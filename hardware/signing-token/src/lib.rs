//! Citizens' signing tokens through PKCS#11.
