//! The chip in software, and the link to it.

use std::{
    cell::Cell,
    io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use domain::PersonalNumber;
use identity::chip::{
    self, Access, ApduLink, Can, ChipError, ChipReading, Continue, LinkError, MrzKey, Progress,
    Request, TrustStore, Want,
};
use jiff::{Timestamp, civil::Date};
use tempfile::TempDir;

/// A card lying ready; each link to it is one laying on.
pub struct Emulator {
    process: Child,
    port: u16,
    folder: TempDir,
}

/// A card on the reader.
pub struct Card {
    line: TcpStream,
    /// What was sent to it, as instruction bytes.
    pub sent: Vec<u8>,
    /// The longest response that the reader carries.
    pub max_response: usize,
    /// Told before each command.
    pub percents: Vec<u8>,
}

impl Emulator {
    /// A card of An's with those options.
    pub fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(python())
            .arg(rig("id_card.py"))
            .args(["--listen", "0", "--authority"])
            .arg(folder.path().join("authority.pem"))
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.strip_prefix("listening ").expect("the card starts").trim();
        Self { port: port.parse().unwrap(), process, folder }
    }

    /// Lays the card on a reader that carries extended lengths.
    pub fn card(&self) -> Card {
        let line = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        line.set_nodelay(true).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Card { line, sent: vec![], max_response: 65_538, percents: vec![] }
    }

    /// Lays the card on with a fault: `drop@3`.
    pub fn card_with(&self, fault: &str) -> Card {
        let mut card = self.card();
        card.send(&[&[0xFF], fault.as_bytes()].concat());
        card
    }

    /// Lays the card on a reader that carries short lengths only.
    pub fn card_on_a_small_reader(&self) -> Card {
        Card { max_response: 258, ..self.card() }
    }

    /// Where it listens.
    pub fn port(&self) -> String {
        self.port.to_string()
    }

    /// The issuer of this card, as an operator would have it.
    pub fn trust(&self) -> TrustStore {
        let mut trust = TrustStore::default();
        trust.add(&self.authority()).unwrap();
        trust
    }

    /// The issuer's certificate.
    pub fn authority(&self) -> Vec<u8> {
        std::fs::read(self.authority_file()).unwrap()
    }

    /// Where that certificate lies.
    pub fn authority_file(&self) -> String {
        self.folder.path().join("authority.pem").to_str().unwrap().to_owned()
    }
}

impl Card {
    /// Answers that take longer mean that the card is silent.
    pub fn patience(&self, limit: Duration) {
        self.line.set_read_timeout(Some(limit)).unwrap();
    }

    /// Reads the card with the trust of a shop: everything of it, nobody trusted.
    pub fn read(&mut self, access: Access) -> Result<ChipReading, ChipError> {
        self.read_for(access, everything(), &TrustStore::default())
    }

    pub fn read_for(
        &mut self,
        access: Access,
        want: Want,
        trust: &TrustStore,
    ) -> Result<ChipReading, ChipError> {
        let percents = Cell::new(vec![]);
        let request = Request { access, want, trust, at: now() };
        let read = chip::read(self, &request, &random(), &mut |Progress { percent, .. }| {
            let mut all = percents.take();
            all.push(percent);
            percents.set(all);
            Continue::Yes
        });
        self.percents = percents.take();
        read
    }

    fn send(&mut self, message: &[u8]) {
        let length = u16::try_from(message.len()).unwrap().to_be_bytes();
        self.line.write_all(&[&length[..], message].concat()).unwrap();
    }

    fn receive(&mut self) -> std::io::Result<Vec<u8>> {
        let mut length = [0; 2];
        self.line.read_exact(&mut length)?;
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        self.line.read_exact(&mut message)?;
        Ok(message)
    }
}

impl ApduLink for Card {
    fn max_response(&self) -> usize {
        self.max_response
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        self.sent.push(command[1]);
        let length = u16::try_from(command.len()).unwrap().to_be_bytes();
        let sent = self.line.write_all(&[&length[..], command].concat());
        sent.and_then(|()| self.receive()).map_err(|error| {
            let is_late = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
            if is_late { LinkError::Silent } else { LinkError::CardLeft }
        })
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The access number of An's card.
pub fn can() -> Access {
    Access::Can(Can::of(&number()).unwrap())
}

/// The lines of An's card.
pub fn lines() -> Access {
    let (birth, expiry) = (Date::constant(1999, 1, 15), Date::constant(2039, 1, 15));
    Access::Mrz(MrzKey::of_card(&number(), birth, expiry))
}

pub fn number() -> PersonalNumber {
    PersonalNumber::parse("001099000001").unwrap()
}

pub fn everything() -> Want {
    Want {
        face: chip::Face::Read,
        beliefs: chip::Beliefs::Drop,
        genuineness: chip::Genuineness::Twice,
    }
}

/// A moment within the validity of the test certificates.
pub fn now() -> Timestamp {
    "2026-11-22T08:00:00+07:00".parse().unwrap()
}

/// Numbers that look random and are the same each time (splitmix64).
pub fn random() -> impl Fn(&mut [u8]) {
    let state = Cell::new(2_026_u64);
    move |bytes: &mut [u8]| {
        for byte in bytes {
            state.set(state.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
            let mixed = (state.get() ^ state.get() >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = mixed.to_be_bytes()[0];
        }
    }
}

/// A program of the rig.
pub fn rig(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rig").join(name)
}

/// The Python with the pinned packages.
pub fn python() -> PathBuf {
    let installed = PathBuf::from("/opt/motcua-venv/bin/python");
    match std::env::var_os("MOTCUA_PYTHON") {
        Some(python) => python.into(),
        None if installed.exists() => installed,
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python"),
    }
}
