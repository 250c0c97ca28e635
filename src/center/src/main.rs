//! The `center` program: one center on its own machine.

use std::{
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use argon2::{Argon2, PasswordHasher as _, password_hash::SaltString};
use center::{CenterConfig, CenterError, ConfigError};
use clap::{CommandFactory as _, Parser, Subcommand};
use tokio::net::TcpListener;

/// Queue, officers' console and display board of one center
#[derive(Debug, Parser)]
#[command(name = "center", version, about, arg_required_else_help = true)]
struct Arguments {
    /// Configuration file; without a command, serves it
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read a password from standard input and print its hash for the configuration
    HashPassword,
    /// Say whether the configuration can be used
    CheckConfig,
    /// Print a completion script for a shell
    Completion {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("no configuration named: pass --config FILE")]
    NoConfig,
    #[error("could not read {0}")]
    Read(PathBuf, #[source] io::Error),
    #[error("{0} cannot be used")]
    Config(PathBuf, #[source] ConfigError),
    #[error("could not listen on {0}")]
    Listen(std::net::SocketAddr, #[source] io::Error),
    #[error("could not start")]
    Start(#[source] io::Error),
    #[error("the center ended")]
    Center(#[from] CenterError),
    #[error("the password must have 8 to 128 characters")]
    Password,
    #[error("could not hash the password")]
    Hash,
    #[error("could not use standard input or output")]
    Standard(#[from] io::Error),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let file = || arguments.config.as_deref().ok_or(Failure::NoConfig);
    match &arguments.command {
        None => serve(read(file()?)?),
        Some(Command::CheckConfig) => {
            let config = read(file()?)?;
            let (id, fields, counters) = (&config.id, config.fields.len(), config.counters.len());
            writeln!(io::stdout(), "center {id}: {fields} fields, {counters} counters: usable")?;
            Ok(())
        }
        Some(Command::HashPassword) => hash_password(),
        Some(Command::Completion { shell }) => {
            let mut command = Arguments::command();
            clap_complete::generate(*shell, &mut command, "center", &mut io::stdout());
            Ok(())
        }
    }
}

fn read(file: &Path) -> Result<CenterConfig, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure::Read(file.to_owned(), e))?;
    CenterConfig::parse(&text).map_err(|e| Failure::Config(file.to_owned(), e))
}

fn serve(config: CenterConfig) -> Result<(), Failure> {
    journal::init(journal::LogFormat::Text, "info");
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::Start)?;
    runtime.block_on(async {
        let address = config.listen;
        let listener = TcpListener::bind(address).await.map_err(|e| Failure::Listen(address, e))?;
        let address = listener.local_addr().map_err(Failure::Start)?;
        // Whoever started this on port 0 reads here where it listens.
        writeln!(io::stdout(), "listening on http://{address}")?;
        center::serve(config, listener, Arc::new(now), stop_signal()).await?;
        Ok(())
    })
}

#[expect(clippy::disallowed_methods, reason = "the one place where this program reads the clock")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Completes on SIGTERM or SIGINT.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        // Without handlers the signals end the process at once, which the daybook survives.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

fn hash_password() -> Result<(), Failure> {
    let mut password = String::new();
    io::stdin().take(1024).read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if !(8..=128).contains(&password.chars().count()) {
        return Err(Failure::Password);
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| Failure::Hash)?;
    let salt = SaltString::encode_b64(&salt).map_err(|_| Failure::Hash)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    writeln!(io::stdout(), "{}", hash.map_err(|_| Failure::Hash)?)?;
    Ok(())
}

/// Prints a failure and what caused it, once.
fn report(failure: &Failure) {
    let mut lines = format!("center: {failure}");
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause {
        lines.push_str(&format!("\n  because {error}"));
        cause = error.source();
    }
    // Standard error may be closed; there is nowhere else to say so.
    let _ = writeln!(io::stderr(), "{lines}");
}
