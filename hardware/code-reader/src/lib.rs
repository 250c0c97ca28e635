//! Two-dimensional codes from a serial gun or an image.
