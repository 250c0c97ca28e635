//! A token of its own for each test.
//!
//! SoftHSM2 finds its tokens through an environment variable, and a module has one state per
//! process. So a test first makes a token and then runs itself again in a process that has the
//! variable.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Set in the second process: the token's folder.
const FOLDER: &str = "MOTCUA_TEST_TOKEN";

/// Runs `body` in a process with a fresh token; `name` is the test's own path.
pub fn with_token(name: &str, prepare: impl FnOnce(&Path), body: impl FnOnce(&Path)) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return body(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/make-token.sh");
    succeed(Command::new(script).arg(folder.path()));
    prepare(folder.path());
    let again = succeed(
        Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture"])
            .env("SOFTHSM2_CONF", folder.path().join("softhsm2.conf"))
            .env(FOLDER, folder.path()),
    );
    assert!(again.contains("1 passed"), "{name} is not the name of the test: {again}");
}

pub fn module() -> PathBuf {
    PathBuf::from("/usr/lib/softhsm/libsofthsm2.so")
}

/// Runs to the end; a program that is not installed fails the test.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} could not be run: {error}"))
}

/// Must succeed.
pub fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}{errors}");
    text
}

/// `pkcs11-tool` on the token, logged in.
pub fn pkcs11_tool(folder: &Path, arguments: &[&str]) {
    succeed(
        Command::new("pkcs11-tool")
            .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
            .current_dir(folder)
            .arg("--module")
            .arg(module())
            .args(["--token-label", "motcua-lab", "--login", "--pin", "123456"])
            .args(arguments),
    );
}
