//! Each device of a kiosk by hand, with the drivers and worker processes the kiosk uses, and the
//! morning readiness report. Exit status: 0 all is well, 1 something is not, 2 wrongly called.

mod arguments;
mod card;
mod code;
mod doctor;
mod failure;
mod fleet;
mod output;
mod printer;
mod scanner;
mod terminal;
mod token;

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

use arguments::{Arguments, Command};
use clap::{CommandFactory as _, Parser as _};
use failure::Failure;
use fleet::Fleet;
use output::Output;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut text = format!("kioskctl: {failure}");
            let mut cause = failure.source();
            while let Some(error) = cause {
                text.push_str(&format!(": {error}"));
                cause = error.source();
            }
            let _closed = writeln!(io::stderr(), "{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = Output { json: arguments.json };
    if let Command::Completion { shell } = &arguments.command {
        let mut command = Arguments::command();
        clap_complete::generate(*shell, &mut command, "kioskctl", &mut io::stdout());
        return Ok(());
    }
    let (settings, _) = kiosk::read_settings(arguments.config.as_ref())?;
    let fleet = Fleet::of(settings);
    match &arguments.command {
        Command::Doctor(command) => doctor::run(command, &fleet, out),
        Command::Printer(command) => printer::run(command, &fleet, out),
        Command::Scanner(command) => scanner::run(command, &fleet, out),
        Command::Code(command) => code::run(command, &fleet, out),
        Command::Card(command) => card::run(command, &fleet, out),
        Command::Token(command) => token::run(command, &fleet, out),
        Command::Completion { .. } => Ok(()),
    }
}
