//! What can be set of a kiosk.

use std::{path::PathBuf, time::Duration};

use domain::{Bilingual, KioskId};
use serde::{Deserialize, Serialize};

use crate::{CodePort, PrinterPort};

/// All settings of a kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskSettings {
    /// Which kiosk.
    pub kiosk: Kiosk,
    /// The center.
    pub center: Center,
    /// The province.
    pub province: Province,
    /// Where things are kept.
    pub storage: Storage,
    /// The ticket printer.
    pub printer: Printer,
    /// What stands on tickets and slips.
    pub papers: Papers,
    /// The document scanner.
    pub scanner: Scanner,
    /// Code readers.
    pub codes: Codes,
    /// The card reader.
    pub card: Card,
    /// The signing token.
    pub token: Token,
    /// The screen.
    pub screen: Screen,
    /// Idle times.
    pub timing: Timing,
    /// The log.
    pub log: Log,
}

/// Which kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kiosk {
    /// Its name in the province.
    pub id: KioskId,
    /// The center's name, until the center tells it.
    pub center_name: Bilingual,
}

/// The center.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Center {
    /// Its address, with a slash at the end.
    pub url: String,
    /// A center's configuration: this kiosk then runs the center itself, as where a hall has
    /// one kiosk and no other machine.
    #[serde(default)]
    pub embedded: Option<PathBuf>,
}

/// The province.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Province {
    /// Its address, with a slash at the end.
    pub url: String,
    /// The key to which dossiers are sealed, `age1…`.
    pub sealing_key: String,
    /// Keys that sign receipts: the present one and those before it, base64.
    pub receipt_keys: Vec<String>,
}

/// Where things are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Outbox and copy of the catalogue; readable by the kiosk's user alone.
    pub folder: PathBuf,
}

/// The ticket printer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Printer {
    /// Where.
    pub port: PrinterPort,
    /// Which model.
    pub model: String,
    /// Which paper.
    pub paper: PaperSetting,
}

/// What stands on tickets and slips.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Papers {
    /// Whether a paper that was tried before says so.
    pub mark_reprints: bool,
}

/// Width of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum PaperSetting {
    /// 58 mm.
    #[serde(rename = "58mm")]
    Mm58,
    /// 80 mm.
    #[serde(rename = "80mm")]
    Mm80,
}

/// The document scanner.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scanner {
    /// SANE's name of it; empty for none.
    pub name: String,
    /// Where papers are laid.
    pub source: SourceSetting,
    /// Dots per inch; Decree 30/2020 asks for at least 200.
    pub dpi: u16,
    /// Colour or grey.
    pub color: ColorSetting,
}

/// Where papers are laid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceSetting {
    /// The feeder, one side.
    Feeder,
    /// The feeder, both sides; backs on which nothing stands are left out.
    FeederBothSides,
    /// The glass.
    Flatbed,
}

/// Colour or grey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColorSetting {
    /// Colour.
    Color,
    /// Grey.
    Grey,
}

/// Code readers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// Any number.
    pub readers: Vec<CodePort>,
}

/// The reader for chips of ID cards.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// A part of the reader's name as `kioskctl card list` shows it, `*` for any; empty for none.
    pub reader: String,
    /// Whether answers longer than 256 bytes are asked for.
    pub extended_length: ExtendedLength,
    /// Certificates of those who issue ID cards (CSCA), PEM or DER, files or folders.
    pub trust: Vec<PathBuf>,
    /// Profiles of e-cards that are taken, files or folders; `config/ecards/example.toml` says how.
    pub ecards: Vec<PathBuf>,
}

/// Whether answers longer than 256 bytes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExtendedLength {
    /// Where the reader says that it can.
    AsReaderSays,
    /// Although the reader does not say so.
    Always,
    /// Although the reader says so.
    Never,
}

/// The signing token. Certificates and lists are files, PEM or DER, or folders of such files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// PKCS#11 modules; none means that signing is not offered.
    pub modules: Vec<PathBuf>,
    /// Certificates of the roots that are trusted.
    pub roots: Vec<PathBuf>,
    /// Certificates between a citizen's and a root.
    pub chain: Vec<PathBuf>,
    /// Lists of revoked certificates.
    pub revoked: Vec<PathBuf>,
}

/// The screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Cover the whole screen.
    pub full_screen: bool,
    /// Let a mouse drag lists, for panels that only emulate a mouse.
    pub mouse_pan: bool,
}

/// Idle times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// Quiet seconds until the question.
    pub idle_warning_s: u16,
    /// Seconds from the question to the wipe.
    pub wipe_s: u16,
}

impl Timing {
    /// As the visit wants them; all other deadlines are the built-in ones.
    #[must_use]
    pub fn deadlines(self) -> domain::visit::Timing {
        domain::visit::Timing {
            idle_warning: Duration::from_secs(self.idle_warning_s.into()),
            wipe: Duration::from_secs(self.wipe_s.into()),
            ..domain::visit::Timing::default()
        }
    }
}

/// The log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Its form.
    pub format: LogForm,
    /// What is written, such as `info` or `info,app=debug`.
    pub filter: String,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogForm {
    /// For people.
    Text,
    /// For machines.
    Json,
}
