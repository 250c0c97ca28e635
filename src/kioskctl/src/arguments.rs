//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// How a command ends, for scripts.
const STATUSES: &str = "\
Exit status:
  0    all is well
  1    a device, a file or the kiosk is not as it should be
  2    wrongly called
  3    the settings or the installation cannot be used, or name no such device
  130  stopped with Ctrl-C
  141  whoever read the output went away

Answers go to standard output. What went wrong goes to standard error: one
sentence, a code that the logs use too, and what to do.";

/// Each device of a kiosk by hand, and the morning readiness report.
///
/// A running kiosk holds its devices: stop it first, or what it holds is busy.
#[derive(Parser)]
#[command(name = "kioskctl", version, propagate_version = true, after_help = STATUSES)]
pub(crate) struct Arguments {
    /// The machine's settings; what they do not set is built in.
    #[arg(long, global = true, value_name = "FILE", default_value = "/etc/motcua/kiosk.toml")]
    pub(crate) config: PathBuf,
    /// Answer in JSON, one object a line.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check every device, the center, the province and the disk, and report.
    ///
    /// Ends with 1 when something is broken; what only wants looking at is no failure.
    #[command(after_help = STATUSES)]
    Doctor(Doctor),
    /// The ticket printer.
    #[command(subcommand)]
    Printer(Printer),
    /// The document scanner.
    #[command(subcommand)]
    Scanner(Scanner),
    /// Code readers: guns and cameras, and codes in pictures.
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
    /// Printers on USB and serial ports of this machine, as the settings name them.
    #[command(after_help = STATUSES)]
    List,
    /// How the printer is: paper, lid, knife. Ends with 1 when it cannot print.
    #[command(after_help = STATUSES)]
    Status,
    /// Print a slip with every kind of content, and wait until it is out.
    #[command(after_help = STATUSES)]
    Test {
        /// Record all that passes over the line as a tape, which a test can play.
        #[arg(long, value_name = "FILE")]
        record: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Scanner {
    /// Scanners that SANE finds; the network is searched too.
    #[command(after_help = STATUSES)]
    List,
    /// How the scanner is. Ends with 1 when it cannot be used now.
    #[command(after_help = STATUSES)]
    Status,
    /// Scan as a citizen would, and say what was found on the pages.
    #[command(after_help = STATUSES)]
    Test {
        /// Keep the pages as JPEG in this folder.
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Code {
    /// What may read codes on this machine, as the settings name it: cameras, serial ports, and
    /// guns that type.
    #[command(after_help = STATUSES)]
    List,
    /// Whether the readers of the settings are there. Ends with 1 when one is not.
    #[command(after_help = STATUSES)]
    Status,
    /// Print the codes in pictures, one payload a line.
    ///
    /// A picture without a code prints nothing and is no failure; one that cannot be read is, and
    /// the others are read all the same. Needs no settings.
    #[command(after_help = STATUSES)]
    Read {
        /// PNG, JPEG or PGM files.
        #[arg(value_name = "FILE", required_unless_present = "batch")]
        files: Vec<PathBuf>,
        /// A file with one path a line, or - for standard input. Answers one JSON object a line:
        /// {"file", "out": payloads, "us": microseconds of decoding}; a picture that cannot be
        /// read has "error" besides.
        #[arg(long, value_name = "LIST", conflicts_with = "files")]
        batch: Option<PathBuf>,
    },
    /// Hold a code to the readers of the settings, and see what it is.
    #[command(after_help = STATUSES)]
    Test {
        /// How long to wait, in seconds.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
        seconds: u64,
        /// Show what stands in the code; it may be personal.
        #[arg(long)]
        reveal: bool,
        /// Watch the first gun alone, and record all that passes over its line as a tape, which a
        /// test can play. Codes stand in it as they are: hold nobody's card to the gun.
        #[arg(long, value_name = "FILE")]
        record: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Card {
    /// Readers that the PC/SC service knows.
    #[command(after_help = STATUSES)]
    List,
    /// Whether reader and card are there. Ends with 1 when there is no reader.
    #[command(after_help = STATUSES)]
    Status,
    /// Read the chip of a card, and say what it proved; nothing of the citizen is shown.
    ///
    /// Ends with 1 when a check that must hold did not.
    #[command(after_help = STATUSES)]
    Test {
        /// The six digits that open the chip: the last of the personal number. Asked for, unseen,
        /// where not given.
        #[arg(long)]
        can: Option<String>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Token {
    /// PKCS#11 modules of the settings, and whether they can be used.
    #[command(after_help = STATUSES)]
    List,
    /// Whether a token is there, and how its PIN stands.
    #[command(after_help = STATUSES)]
    Status,
    /// Sign something with each key, and check the signature with the key of the certificate.
    ///
    /// Asks for the PIN, or takes it from standard input. Says whose certificate it is, by whom,
    /// and whether the kiosk would let it sign. Ends with 1 when a signature is wrong, or when no
    /// certificate may sign.
    #[command(after_help = STATUSES)]
    Test {
        /// Try the PIN although a wrong one would lock the token.
        #[arg(long)]
        last_try: bool,
    },
}
