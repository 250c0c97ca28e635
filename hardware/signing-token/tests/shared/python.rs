//! Where the tests find Python.

use std::path::{Path, PathBuf};

/// The Python with the pinned packages.
pub fn python() -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let installed = PathBuf::from("/opt/motcua-venv/bin/python");
    match std::env::var_os("MOTCUA_PYTHON") {
        Some(python) => python.into(),
        None if installed.exists() => installed,
        None => repository.join(".venv/bin/python"),
    }
}
