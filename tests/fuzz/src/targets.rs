//! Which parsers there are. What needs more than one piece of input cuts the bytes up.

mod cards;
mod codes;
mod devices;
mod dossiers;

use crate::Target;

/// All of them.
pub const TARGETS: &[Target] = &[
    // What a citizen holds before a reader.
    Target { name: "code-payload", feed: codes::payload },
    Target { name: "code-line", feed: codes::line },
    Target { name: "code-picture", feed: codes::picture },
    Target { name: "code-file", feed: codes::file },
    Target { name: "camera-frame", feed: codes::frame },
    // What a chip sends.
    Target { name: "mrz", feed: cards::mrz },
    Target { name: "card-files", feed: cards::files },
    Target { name: "security-object", feed: cards::security_object },
    Target { name: "security-infos", feed: cards::security_infos },
    Target { name: "chip-dialogue", feed: cards::dialogue },
    Target { name: "objects", feed: dossiers::objects },
    Target { name: "e-card", feed: dossiers::e_card },
    // What is handed in, and what answers it.
    Target { name: "package", feed: dossiers::package },
    Target { name: "manifest", feed: dossiers::manifest },
    Target { name: "receipt", feed: dossiers::receipt },
    Target { name: "upload-headers", feed: dossiers::upload_headers },
    Target { name: "certificate", feed: dossiers::certificate },
    Target { name: "pdf", feed: dossiers::pdf },
    Target { name: "page", feed: dossiers::page },
    // What an operator writes.
    Target { name: "settings", feed: dossiers::settings },
    // What devices and their processes say.
    Target { name: "printer-status", feed: printer_escpos::fuzzing::answers },
    Target { name: "scanner-options", feed: devices::scanner_options },
    Target { name: "escl-settings", feed: devices::escl_settings },
    Target { name: "worker-frame", feed: devices::worker_frame },
    Target { name: "tape", feed: devices::tape },
];

/// Bytes taken from the front, piece by piece; nothing comes when they are used up.
struct Pieces<'a>(&'a [u8]);

impl<'a> Pieces<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn word(&mut self) -> Option<i32> {
        let (four, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i32::from_le_bytes(*four))
    }

    /// A piece whose first two bytes tell its length; the last one may be shorter.
    fn piece(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(u16::from_le_bytes([self.byte()?, self.byte()?]));
        let (piece, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        Some(piece)
    }
}
