//! Thermal printers that speak ESC/POS.
