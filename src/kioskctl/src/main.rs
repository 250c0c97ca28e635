//! Each device of a kiosk by hand, with the drivers and worker processes the kiosk uses, and the
//! morning readiness report. The help lists the exit statuses.

mod arguments;
mod card;
mod code;
mod doctor;
mod failure;
mod fleet;
mod interrupt;
mod output;
mod printer;
mod scanner;
mod tape;
mod terminal;
mod token;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::{CommandFactory as _, Parser as _};
use failure::Failure;
use fleet::Fleet;
use output::Output;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let out = Output { json: arguments.json };
    match run(&arguments, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_unread() {
                out.complain(&failure);
            }
            ExitCode::from(failure.status())
        }
    }
}

fn run(arguments: &Arguments, out: Output) -> Result<(), Failure> {
    let fleet = || Fleet::read(&arguments.config);
    match &arguments.command {
        Command::Doctor(command) => doctor::run(command, &fleet()?, out),
        Command::Printer(command) => printer::run(command, fleet, out),
        Command::Scanner(command) => scanner::run(command, fleet, out),
        Command::Code(command) => code::run(command, fleet, out),
        Command::Card(command) => card::run(command, fleet, out),
        Command::Token(command) => token::run(command, &fleet()?, out),
        Command::Completion { shell } => {
            let (mut command, mut script) = (Arguments::command(), Vec::new());
            clap_complete::generate(*shell, &mut command, "kioskctl", &mut script);
            output::raw(&script)
        }
    }
}
