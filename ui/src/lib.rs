//! The face of the kiosk: Slint pages, one Screen in, one Touch out.
