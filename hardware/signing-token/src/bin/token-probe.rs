//! Tries one PKCS#11 module, for a worker that does not want to die of it: `token-probe MODULE`.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args_os().nth(1) {
        Some(module) => signing_token::probe(&PathBuf::from(module)),
        None => ExitCode::FAILURE,
    }
}
