//! `device-worker CLASS MEMORY_MIB`: hosts the driver of one device behind two pipes.
//!
//! The kiosk starts it and nobody else: it speaks frames on standard input and output. What it is
//! to do comes in those frames, so that nothing stands in a list of processes.

mod card;
mod code;
mod confine;
mod late;
mod printer;
mod scanner;
mod token;

use std::{
    env,
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

use worker::{
    Class, PipeError,
    host::{Ended, GARBAGE, MOVED, Pipes},
};

/// The command by which the token's worker has itself try a module in a child.
const TRY_MODULE: &str = "try-module";

/// Why the worker ends.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// It was not started as the kiosk starts it.
    #[error(
        "usage: device-worker printer|scanner|code|card|token MEMORY_MIB, started by the kiosk"
    )]
    Usage,
    /// The system refused what a worker needs.
    #[error("could not become a worker")]
    System(#[from] io::Error),
    /// The conversation is over.
    #[error("the conversation with the kiosk ended")]
    Pipe(#[from] PipeError),
}

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    match (arguments.next(), arguments.next(), arguments.next()) {
        (Some(command), Some(module), None) if command == TRY_MODULE => {
            signing_token::probe(module.as_ref())
        }
        (Some(class), Some(memory), None) => {
            let class = class.to_str().and_then(|class| class.parse().ok());
            let memory = memory.to_str().and_then(|memory| memory.parse().ok());
            match (class, memory) {
                (Some(class), Some(memory)) => end(host(class, memory)),
                _ => end(Err(Stop::Usage)),
            }
        }
        _ => end(Err(Stop::Usage)),
    }
}

fn host(class: Class, memory_mib: u64) -> Result<Ended, Stop> {
    confine::before_anything(memory_mib)?;
    let pipes = Pipes::take()?;
    Ok(match class {
        Class::Printer => printer::host(pipes)?,
        Class::Scanner => scanner::host(pipes)?,
        Class::Code => code::host(pipes)?,
        Class::Card => card::host(pipes)?,
        Class::Token => token::host(pipes)?,
    })
}

/// The kiosk counts the lines written here; that it is gone is no complaint.
fn end(ended: Result<Ended, Stop>) -> ExitCode {
    let stop = match ended {
        Ok(Ended::Moved) => return code(MOVED),
        Ok(Ended::Refused) | Err(Stop::Pipe(PipeError::Closed)) => return ExitCode::SUCCESS,
        Err(stop) => stop,
    };
    let mut text = format!("device-worker: {stop}");
    if let Some(cause) = stop.source() {
        text.push_str(&format!(": {cause}"));
    }
    let _nobody_reads = writeln!(io::stderr(), "{text}");
    match stop {
        Stop::Pipe(PipeError::Garbage(_)) => code(GARBAGE),
        Stop::Usage | Stop::System(_) | Stop::Pipe(_) => ExitCode::FAILURE,
    }
}

fn code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
