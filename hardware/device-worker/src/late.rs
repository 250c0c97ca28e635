//! Devices whose drivers can only be opened while the device is there: opened at first use, and
//! again after they left. A kiosk starts in the morning whether or not the scanner is on.

use hardware_api::DeviceError;

/// A device that may come later.
pub struct Late<T> {
    open: Box<dyn Fn() -> Result<T, DeviceError>>,
    device: Option<T>,
}

impl<T> Late<T> {
    pub fn new(open: impl Fn() -> Result<T, DeviceError> + 'static) -> Self {
        Self { open: Box::new(open), device: None }
    }

    /// Runs `use_it` on the open device; one that has left is opened anew at the next use.
    pub fn with<R>(
        &mut self,
        use_it: impl FnOnce(&mut T) -> Result<R, DeviceError>,
    ) -> Result<R, DeviceError> {
        let mut device = match self.device.take() {
            Some(device) => device,
            None => (self.open)()?,
        };
        let result = use_it(&mut device);
        if !matches!(result, Err(DeviceError::Gone { .. } | DeviceError::Silent { .. })) {
            self.device = Some(device);
        }
        result
    }

    /// The device, if it is open.
    pub fn opened(&mut self) -> Option<&mut T> {
        self.device.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use super::*;

    #[test]
    fn a_device_that_left_is_opened_anew_and_one_that_is_busy_is_kept() {
        let gone = || DeviceError::Gone { device: "x".to_owned() };
        let busy = || DeviceError::Busy { device: "x".to_owned() };
        let opened = Rc::new(Cell::new(0));
        let counter = Rc::clone(&opened);
        let mut late = Late::new(move || {
            counter.set(counter.get() + 1);
            if counter.get() == 1 { Err(gone()) } else { Ok(counter.get()) }
        });
        assert_eq!(late.with(|n| Ok(*n)), Err(gone()), "it is not there yet");
        assert_eq!(late.with(|n| Ok(*n)), Ok(2));
        assert_eq!(late.with(|_| Err::<(), _>(busy())), Err(busy()));
        assert_eq!(late.with(|n| Ok(*n)), Ok(2), "the same one");
        assert_eq!(late.with(|_| Err::<(), _>(gone())), Err(gone()));
        assert_eq!(late.with(|n| Ok(*n)), Ok(3));
    }
}
