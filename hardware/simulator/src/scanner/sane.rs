//! How SANE is told of the simulated scanner, and of nothing else.

use std::fs;
use std::path::Path;

use crate::SimulatorError;

/// Makes a SANE configuration directory in which the eSCL scanner at `url` is the only one; it is
/// named `airscan:e0:Simulated`.
///
/// # Errors
/// When the files cannot be written.
pub fn write_sane_config(folder: &Path, url: &str) -> Result<(), SimulatorError> {
    let airscan = format!(
        "[devices]\n\"Simulated\" = {url}, eSCL\n[options]\ndiscovery = disable\nws-discovery = off\n"
    );
    fs::create_dir_all(folder).map_err(SimulatorError::make(folder))?;
    for (name, text) in [("dll.conf", "airscan\n"), ("airscan.conf", airscan.as_str())] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(SimulatorError::make(&path))?;
    }
    Ok(())
}
