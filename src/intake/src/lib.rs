//! The dossier package: manifest, sealing, resumable upload, receipts.
