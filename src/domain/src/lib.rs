//! Nouns and pure machines: visit, queue, dossier, forms, catalogue. No I/O, no clock.
