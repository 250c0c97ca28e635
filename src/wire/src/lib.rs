//! Messages between kiosk, center and province.
