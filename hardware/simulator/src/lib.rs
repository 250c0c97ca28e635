//! Every device as a scriptable fake *below the bytes*: what runs against it is the real driver
//! over a real line. Each fake fails in every way its fault enum lists, at any moment, and ends
//! its threads when it is dropped. The product never links this crate.

mod camera;
mod error;
mod gun;
mod printer;
mod pty;
mod scanner;
mod worker;

use std::path::{Path, PathBuf};

pub use camera::{CameraFault, CameraSim};
pub use error::SimulatorError;
pub use gun::{GunFault, GunSim};
pub use printer::{PrinterFault, PrinterLine, PrinterSetup, PrinterSim, Ticket};
pub use scanner::{ScanSettings, ScannerFault, ScannerSim, scan_settings, write_sane_config};

/// All devices of one kiosk.
pub struct Simulator {
    /// The ticket printer, on a loopback TCP port.
    pub printer: PrinterSim,
    /// The code gun, on a pseudo-terminal.
    pub gun: GunSim,
    /// The camera that looks for codes, as a picture file.
    pub camera: CameraSim,
    /// The document scanner, speaking eSCL on a loopback TCP port.
    pub scanner: ScannerSim,
    sane_config: PathBuf,
}

impl Simulator {
    /// Starts all devices. Their places in the file system are made below `folder`: `gun` (the
    /// serial port), `camera/frame.png`, `sane/` (a configuration directory for SANE).
    ///
    /// # Errors
    /// When a port or file cannot be made.
    pub fn start(folder: &Path) -> Result<Self, SimulatorError> {
        let scanner = ScannerSim::start()?;
        let sane_config = folder.join("sane");
        write_sane_config(&sane_config, &scanner.url())?;
        Ok(Self {
            printer: PrinterSim::start(&PrinterSetup::default())?,
            gun: GunSim::start(&folder.join("gun"))?,
            camera: CameraSim::start(&folder.join("camera"))?,
            scanner,
            sane_config,
        })
    }

    /// The value of `SANE_CONFIG_DIR` with which SANE sees just the simulated scanner.
    #[must_use]
    pub fn sane_config(&self) -> &Path {
        &self.sane_config
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn every_device_breaks_in_every_way_and_all_end_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let simulator = Simulator::start(folder.path()).unwrap();
        for fault in PrinterFault::ALL {
            simulator.printer.set_fault(Some(fault));
            assert_eq!(simulator.printer.fault(), Some(fault));
        }
        for fault in ScannerFault::ALL {
            simulator.scanner.set_fault(Some(fault));
            assert_eq!(simulator.scanner.fault(), Some(fault));
        }
        for fault in GunFault::ALL {
            simulator.gun.set_fault(Some(fault));
        }
        for fault in CameraFault::ALL {
            simulator.camera.set_fault(Some(fault)).unwrap();
        }
        assert!(simulator.sane_config().join("airscan.conf").exists());
        let began = Instant::now();
        drop(simulator);
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}
