//! Runs the outside programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs to the end; a program that is not installed fails the test.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} could not be run: {error}"))
}

/// Output and error output together, whatever the exit code.
pub fn said(command: &mut Command) -> String {
    let output = run(command);
    [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat()
}

/// Must succeed.
pub fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}{errors}");
    text
}

/// The Python that has pyHanko.
pub fn python() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut places = above.map(|folder| folder.join(".venv/bin/python"));
    let installed = PathBuf::from("/opt/motcua-venv/bin/python");
    match std::env::var_os("MOTCUA_PYTHON") {
        Some(python) => python.into(),
        None => places.find(|python| python.exists()).unwrap_or(installed),
    }
}
