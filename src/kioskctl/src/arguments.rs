//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Each device of a kiosk by hand, and the morning readiness report.
#[derive(Parser)]
#[command(name = "kioskctl", version, propagate_version = true)]
pub(crate) struct Arguments {
    /// The machine's settings; what it does not set is built in.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Answer in JSON, one object a line.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check every device, the center, the province and the disk, and report.
    Doctor(Doctor),
    /// The ticket printer.
    #[command(subcommand)]
    Printer(Printer),
    /// The document scanner.
    #[command(subcommand)]
    Scanner(Scanner),
    /// Code readers: guns and cameras.
    #[command(subcommand)]
    Code(Code),
    /// The ID-card reader.
    #[command(subcommand)]
    Card(Card),
    /// Signing tokens.
    #[command(subcommand)]
    Token(Token),
    /// Print a completion script for a shell.
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Where the report goes besides the terminal.
#[derive(Args)]
pub(crate) struct Doctor {
    /// Also write it as PDF/A.
    #[arg(long, value_name = "FILE")]
    pub(crate) pdf: Option<PathBuf>,
    /// Also print it on the ticket printer.
    #[arg(long)]
    pub(crate) print: bool,
}

#[derive(Subcommand)]
pub(crate) enum Printer {
    /// Printers on USB and serial ports of this machine.
    List,
    /// How the printer is: paper, lid, knife.
    Status,
    /// Print a slip with every kind of content, and wait until it is out.
    Test,
}

#[derive(Subcommand)]
pub(crate) enum Scanner {
    /// Scanners that SANE finds; the network is searched too.
    List,
    /// How the scanner is.
    Status,
    /// Scan as a citizen would, and say what was found on the pages.
    Test {
        /// Keep the pages as JPEG in this folder.
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Code {
    /// Serial ports that may hold a gun; readers in the settings.
    List,
    /// Whether the readers of the settings answer.
    Status,
    /// Print the codes in pictures, one payload a line.
    Read {
        /// PNG, JPEG or PGM files.
        files: Vec<PathBuf>,
        /// A file with one path a line; answers one JSON object a line.
        #[arg(long, value_name = "LIST", conflicts_with = "files")]
        batch: Option<PathBuf>,
    },
    /// Hold a code to the readers of the settings, and see what it is.
    Test {
        /// How long to wait, in seconds.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
        seconds: u64,
        /// Show what stands in the codes; it may be personal.
        #[arg(long)]
        reveal: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum Card {
    /// Readers that the PC/SC service knows.
    List,
    /// Whether reader and card are there.
    Status,
    /// Read the chip of a card, and say what it proved; no names are shown.
    Test {
        /// The six digits that open the chip: the last of the personal number.
        #[arg(long)]
        can: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Token {
    /// PKCS#11 modules of the settings, and whether they can be used.
    List,
    /// Whether a token is there, and how its PIN stands.
    Status,
    /// Sign something with each key, asking for the PIN, and check the signature.
    Test,
}
