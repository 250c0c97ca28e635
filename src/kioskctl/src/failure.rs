//! Why a command did not do what was asked: one sentence, a code of the event table, what to do
//! about it, and an exit status.

use std::{error::Error, io, path::PathBuf};

use hardware_api::{DeviceError, PinState, SignError};
use journal::Event;
use serde::Serialize;
use settings::SettingsError;

/// The device or file is not as it should be.
const NOT_WELL: u8 = 1;
/// The settings or the installation must be mended first.
const NOT_SET_UP: u8 = 3;
/// As shells say it of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;
/// As shells say it of a program whose reader went away.
const UNREAD: u8 = 141;

/// A class of devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Printer,
    Scanner,
    Codes,
    Card,
    Token,
}

/// Stopped a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("could not use the settings in {}", file.display())]
    Settings {
        file: PathBuf,
        #[source]
        source: SettingsFault,
    },
    #[error(transparent)]
    Devices(#[from] kiosk::OpenError),
    #[error(transparent)]
    Worker(#[from] kiosk::WorkerError),
    #[error("the settings name no {}", .0.name())]
    NotSetUp(Part),
    #[error("could not {tried}")]
    Device { part: Part, tried: &'static str, source: DeviceError },
    #[error("could not sign with the token")]
    Sign(#[source] SignError),
    #[error("could not {tried} {}", path.display())]
    File { tried: &'static str, path: PathBuf, source: io::Error },
    #[error("{} is no picture that can be read", .0.display())]
    NotAPicture(PathBuf),
    #[error("could not ask at the terminal")]
    Terminal(#[source] io::Error),
    #[error("could not write the answer")]
    Output(#[source] io::Error),
    #[error("could not encode a page")]
    Page(#[from] documents::page::PageError),
    #[error("could not make the PDF")]
    Pdf(#[from] documents::pdf::PdfError),
    #[error("stopped")]
    Interrupted,
    /// The doctor's report says more.
    #[error("the kiosk is not ready; look at the {0} first")]
    NotReady(&'static str),
    /// The command worked, and what it looked at does not.
    #[error("{what}")]
    Unfit { what: String, event: Event },
}

/// What the reader of settings says, without saying twice that it was about settings.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct SettingsFault(Box<dyn Error + Send + Sync>);

/// A failure as programs read it.
#[derive(Serialize)]
pub(crate) struct Told {
    pub(crate) error: String,
    pub(crate) code: Option<&'static str>,
    pub(crate) remedy: Option<&'static str>,
}

impl Part {
    /// What people call one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Printer => "printer",
            Self::Scanner => "scanner",
            Self::Codes => "code reader",
            Self::Card => "card reader",
            Self::Token => "module of signing tokens",
        }
    }

    /// The row of the event table for an error of such a device.
    pub(crate) fn event(self, error: &DeviceError) -> Event {
        match (error, self) {
            (DeviceError::Busy { .. }, Self::Printer) => Event::PrinterBusy,
            (DeviceError::Busy { .. }, Self::Scanner) => Event::ScannerBusy,
            (DeviceError::Busy { .. }, Self::Codes) => Event::CodeReaderBusy,
            (DeviceError::Busy { .. }, Self::Card) => Event::CardReaderBusy,
            (DeviceError::Refused { .. }, Self::Scanner) => Event::ScannerRefused,
            (DeviceError::Refused { .. }, _) => Event::WorkerRefused,
            (_, Self::Token) => Event::TokenFailed,
            (DeviceError::Nonsense { .. }, _) => Event::DeviceNonsense,
            (_, Self::Printer) => Event::PrinterGone,
            (_, Self::Scanner) => Event::ScannerGone,
            (_, Self::Codes) => Event::CodeReaderGone,
            (_, Self::Card) => Event::CardReaderGone,
        }
    }

    /// Wraps an error of such a device by what was `tried` on it.
    pub(crate) fn could_not(self, tried: &'static str) -> impl FnOnce(DeviceError) -> Failure {
        move |source| {
            if source == DeviceError::Cancelled {
                return Failure::Interrupted;
            }
            Failure::Device { part: self, tried, source }
        }
    }
}

impl Failure {
    /// The settings in that file are of no use.
    pub(crate) fn settings(file: PathBuf, error: kiosk::StartError) -> Self {
        let source: Box<dyn Error + Send + Sync> = if let kiosk::StartError::Settings(error) = error
        {
            // Which file is said already.
            if let SettingsError::Read { source, .. } = error {
                source.into()
            } else {
                error.into()
            }
        } else {
            error.into()
        };
        let source = SettingsFault(source);
        Self::Settings { file, source }
    }

    /// What was looked at does not work.
    pub(crate) fn unfit(event: Event, what: impl Into<String>) -> Self {
        Self::Unfit { what: what.into(), event }
    }

    /// One sentence: what was tried on what, and why that did not work.
    pub(crate) fn sentence(&self) -> String {
        let mut sentence = in_one_line(&self.to_string());
        let mut cause = self.source();
        while let Some(error) = cause {
            sentence.push_str(": ");
            sentence.push_str(&in_one_line(&error.to_string()));
            cause = error.source();
        }
        if let Self::Sign(SignError::WrongPin(state)) = self {
            sentence.push_str(match state {
                PinState::Fresh | PinState::CountLow => "",
                PinState::FinalTry => "; one try is left",
                PinState::Locked => "; it is locked now",
            });
        }
        sentence
    }

    /// The row of the event table; of what is nobody's fault there is none.
    pub(crate) fn event(&self) -> Option<Event> {
        Some(match self {
            Self::Settings { .. } | Self::Devices(_) => Event::SettingsUnusable,
            Self::Worker(kiosk::WorkerError::Program(_)) => Event::ProgramMissing,
            Self::Worker(_) => Event::WorkerRefused,
            Self::NotSetUp(_) => Event::NotSetUp,
            Self::Device { part, source, .. } => part.event(source),
            Self::Sign(error) => of_signing(error),
            Self::File { .. } => Event::FileUnusable,
            Self::NotAPicture(_) => Event::NotAPicture,
            Self::Unfit { event, .. } => *event,
            Self::Terminal(_)
            | Self::Output(_)
            | Self::Page(_)
            | Self::Pdf(_)
            | Self::NotReady(_)
            | Self::Interrupted => return None,
        })
    }

    /// For programs, and for whoever writes it down.
    pub(crate) fn told(&self) -> Told {
        let event = self.event();
        Told {
            error: self.sentence(),
            code: event.map(Event::code),
            remedy: event.map(Event::remedy),
        }
    }

    /// Whether there is nobody left to tell.
    pub(crate) fn is_unread(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The exit status, as the help lists them.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Settings { .. } | Self::Devices(_) | Self::Worker(_) | Self::NotSetUp(_) => {
                NOT_SET_UP
            }
            Self::Interrupted => INTERRUPTED,
            Self::Output(_) if self.is_unread() => UNREAD,
            Self::Device { .. }
            | Self::Sign(_)
            | Self::File { .. }
            | Self::NotAPicture(_)
            | Self::Terminal(_)
            | Self::Output(_)
            | Self::Page(_)
            | Self::Pdf(_)
            | Self::NotReady(_)
            | Self::Unfit { .. } => NOT_WELL,
        }
    }
}

fn of_signing(error: &SignError) -> Event {
    match error {
        SignError::WrongPin(PinState::Locked) | SignError::Locked => Event::TokenLocked,
        SignError::WrongPin(_) => Event::TokenPinRefused,
        SignError::LastTry => Event::TokenLastTry,
        SignError::Left => Event::TokenLeft,
        SignError::Device(_) | _ => Event::TokenFailed,
    }
}

/// Parsers of settings explain themselves in several lines, with the line of the file in between:
/// what is left is where and why.
fn in_one_line(text: &str) -> String {
    let is_quoted = |line: &str| {
        line.trim_start()
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start()
            .starts_with('|')
    };
    let lines = text.lines().filter(|line| !is_quoted(line)).map(str::trim);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parsers_lines_become_one() {
        let said = "TOML parse error at line 12, column 5\n   |\n12 | prot = 1\n   | ^^^^\n\
                    unknown field `prot`\n";
        assert_eq!(
            in_one_line(said),
            "TOML parse error at line 12, column 5, unknown field `prot`"
        );
        assert_eq!(in_one_line("plain"), "plain");
    }

    #[test]
    fn every_error_of_a_device_has_a_row_that_fits() {
        let device = || "it".to_owned();
        let gone = DeviceError::Gone { device: device() };
        let busy = DeviceError::Busy { device: device() };
        let refused = DeviceError::Refused { device: device(), why: device() };
        let nonsense = DeviceError::Nonsense { device: device(), got: device() };
        for (part, codes) in [
            (Part::Printer, ["PRT-005", "PRT-009", "WRK-003", "WRK-004"]),
            (Part::Scanner, ["SCN-001", "SCN-007", "SCN-008", "WRK-004"]),
            (Part::Codes, ["COD-001", "COD-003", "WRK-003", "WRK-004"]),
            (Part::Card, ["CRD-001", "CRD-005", "WRK-003", "WRK-004"]),
            (Part::Token, ["TOK-001", "TOK-001", "WRK-003", "TOK-001"]),
        ] {
            let events = [&gone, &busy, &refused, &nonsense].map(|error| part.event(error).code());
            assert_eq!(events, codes, "{part:?}");
        }
    }
}
