//! The command line.

use std::{
    error::Error,
    io::{self, BufRead as _, Write as _},
    path::{Path, PathBuf},
};

use clap::{CommandFactory as _, Parser, Subcommand};
use province::{Clock, ProvinceConfig, catalogue, keys, password};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

/// The provincial intake of the one-stop centers.
#[derive(Debug, Parser)]
#[command(version, name = "province")]
pub(crate) struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Starts the server.
    Serve {
        /// Configuration file.
        #[arg(long, default_value = "/etc/motcua/province.toml")]
        config: PathBuf,
        /// Log as JSON lines.
        #[arg(long)]
        json: bool,
        /// Which events to log, such as `info` or `info,province=debug`.
        #[arg(long, default_value = "info")]
        log: String,
    },
    /// Makes the two private keys in a folder and prints the public halves for the kiosks.
    Keygen {
        /// The folder.
        folder: PathBuf,
    },
    /// Reads a password from standard input and prints its hash for the configuration.
    HashPassword,
    /// Reads configuration, keys and catalogue and says whether the server would start.
    CheckConfig {
        /// Configuration file.
        config: PathBuf,
    },
    /// Prints the OpenAPI description.
    Openapi,
    /// Prints a completion script.
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

impl Command {
    /// Does what was asked.
    pub(crate) fn run(self) -> Result<(), Box<dyn Error>> {
        let mut out = io::stdout().lock();
        match self.verb {
            Verb::Serve { config, json, log } => serve(&config, json, &log),
            Verb::Keygen { folder } => {
                let public = keys::generate(&folder)?;
                Ok(out.write_all(toml::to_string(&public)?.as_bytes())?)
            }
            Verb::HashPassword => {
                let typed = io::stdin().lock().lines().next().transpose()?.unwrap_or_default();
                Ok(writeln!(out, "{}", password::hash(&typed)?)?)
            }
            Verb::CheckConfig { config } => check(&config, &mut out),
            Verb::Openapi => Ok(out.write_all(province::openapi().as_bytes())?),
            Verb::Completion { shell } => {
                clap_complete::generate(shell, &mut Self::command(), "province", &mut out);
                Ok(())
            }
        }
    }
}

fn check(path: &Path, out: &mut impl io::Write) -> Result<(), Box<dyn Error>> {
    let config = ProvinceConfig::read(path)?;
    keys::load(&config.keys)?;
    let catalogue = catalogue::read(&config.catalogue_dir)?;
    let (procedures, officers) = (catalogue.procedures.len(), config.officers.len());
    writeln!(out, "{}: {procedures} procedures, {officers} officers", path.display())?;
    Ok(())
}

fn serve(path: &Path, json: bool, filter: &str) -> Result<(), Box<dyn Error>> {
    let format = if json { journal::LogFormat::Json } else { journal::LogFormat::Text };
    journal::init(format, filter);
    let config = ProvinceConfig::read(path)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(config.listen).await?;
        // Port 0 is for tests: whoever started this reads where it listens.
        writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
        let mut terminate = signal(SignalKind::terminate())?;
        let shutdown = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        };
        Ok(province::serve(config, listener, Clock::system(), shutdown).await?)
    })
}
