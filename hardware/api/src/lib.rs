//! Small traits of the kiosk's devices, their status and errors.
