//! The provincial intake: catalogue, dossiers, receipts, look-up, officers.
