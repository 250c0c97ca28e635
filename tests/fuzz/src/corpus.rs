//! The kept inputs: one text file for each target, a line of base64 for each input, so that
//! thousands of them are one file in the history.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::Target;

/// Where a target's inputs are kept.
#[must_use]
pub fn file(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name).with_extension("txt")
}

/// The kept inputs of a target.
///
/// # Errors
/// When the file cannot be read, or a line of it is not base64.
pub fn inputs(target: &Target) -> io::Result<Vec<Vec<u8>>> {
    let text = fs::read_to_string(file(target))?;
    text.lines().map(|line| STANDARD.decode(line).map_err(io::Error::other)).collect()
}

/// Lays each kept input of a target into a folder, as libFuzzer wants them.
///
/// # Errors
/// When the kept inputs cannot be read or the folder not be written.
pub fn unpack(target: &Target, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, input) in inputs(target)?.iter().enumerate() {
        fs::write(folder.join(format!("kept-{number:05}")), input)?;
    }
    Ok(())
}

/// Keeps exactly the inputs of a folder.
///
/// # Errors
/// When the folder cannot be read or the file not be written.
pub fn pack(target: &Target, folder: &Path) -> io::Result<()> {
    let mut lines = fs::read_dir(folder)?
        .map(|entry| Ok(STANDARD.encode(fs::read(entry?.path())?)))
        .collect::<io::Result<Vec<_>>>()?;
    lines.sort();
    lines.dedup();
    lines.iter_mut().for_each(|line| line.push('\n'));
    fs::write(file(target), lines.concat())
}
