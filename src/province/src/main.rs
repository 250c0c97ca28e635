//! The `province` program: starts the server, makes keys and passwords, checks a configuration.

mod command;

use std::process::ExitCode;

use clap::Parser as _;

use crate::command::Command;

fn main() -> ExitCode {
    match Command::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

/// Prints a failure and its causes once, on one line each.
fn report(error: &dyn std::error::Error) {
    eprintln!("province: {error}");
    let mut cause = error.source();
    while let Some(next) = cause {
        eprintln!("  because: {next}");
        cause = next.source();
    }
}
