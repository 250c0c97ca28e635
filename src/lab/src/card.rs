//! A card reader whose card is a program. The service and its reader are the real ones; the chip
//! is that of `tests/rig`, and the hand that lays it down and takes it away is here.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{LabError, leash};

/// Where the virtual reader waits for its card unless told otherwise.
const USUAL_PORT: u16 = 35_963;
/// How long the service may take to listen.
const SERVICE: Duration = Duration::from_secs(10);
/// How often it is looked for meanwhile.
const LOOK: Duration = Duration::from_millis(20);
/// The name of the virtual reader, as the kiosk's settings have it.
pub(crate) const READER: &str = "Virtual PCD";
/// First byte of a message that sets the chip's fault.
const SET_FAULT: u8 = 0xFF;
/// What runs in a namespace of mounts: a service whose socket lies in the folder `$1`.
const ALONE: &str = r#"
set -e
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount --bind "$1" /run/pcscd
exec pcscd --foreground --config "$2"
"#;

/// Of what a hall's card reader is made.
#[derive(Debug, Clone)]
pub struct CardSetup {
    /// The Python with the pinned packages.
    pub python: PathBuf,
    /// The chip: `tests/rig/id_card.py`.
    pub chip: PathBuf,
    /// What the chip is to be like, in the chip's own words.
    pub options: Vec<String>,
    /// Profiles of e-cards that are taken.
    pub ecards: Vec<PathBuf>,
    /// The folder in which a service of the hall's own is to listen; none when one runs already.
    pub service: Option<PathBuf>,
}

/// The place on which cards are laid. All clones are the same place.
#[derive(Debug, Clone)]
pub struct CardField(Arc<Mutex<Field>>);

#[derive(Debug)]
struct Field {
    program: Child,
    /// The reader's service, where the hall has its own, and the folder in which it listens.
    service: Option<(Child, PathBuf)>,
    chip: u16,
    reader: u16,
    lying: Option<Lying>,
}

/// A card that lies there: the line between reader and chip.
#[derive(Debug)]
struct Lying {
    lines: [TcpStream; 2],
    /// Until one of them goes.
    whole: Arc<AtomicBool>,
}

impl CardField {
    /// Starts the chip, and the service where the hall is to have its own. `authority` is where
    /// the certificate is written that the kiosk is to trust.
    pub(crate) fn prepare(setup: &CardSetup, authority: &Path) -> Result<Self, LabError> {
        let (reader, service) = match &setup.service {
            None => (USUAL_PORT, None),
            Some(folder) => {
                let port = free_port().map_err(LabError::io("a loopback port"))?;
                let program = service(folder, port).map_err(LabError::io("pcscd"))?;
                (port, Some((program, folder.clone())))
            }
        };
        let what = setup.chip.display().to_string();
        let (program, chip) = chip(setup, authority).map_err(LabError::io(what))?;
        let field = Field { program, service, chip, reader, lying: None };
        Ok(Self(Arc::new(Mutex::new(field))))
    }

    fn field(&self) -> std::sync::MutexGuard<'_, Field> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lays the card on the reader; `fault` is what will happen to it, in the chip's words, or
    /// nothing.
    ///
    /// # Errors
    /// When reader or chip are gone.
    pub fn lay(&self, fault: &str) -> io::Result<()> {
        self.pull();
        let mut field = self.field();
        let connect = |port| {
            let line = TcpStream::connect(("127.0.0.1", port))?;
            line.set_nodelay(true)?;
            io::Result::Ok(line)
        };
        let mut chip = connect(field.chip)?;
        let message = [&[SET_FAULT], fault.as_bytes()].concat();
        let length = u16::try_from(message.len()).map_err(io::Error::other)?;
        if !fault.is_empty() {
            chip.write_all(&[&length.to_be_bytes(), message.as_slice()].concat())?;
        }
        let reader = connect(field.reader)?;
        let whole = Arc::new(AtomicBool::new(true));
        for (mut from, mut to) in
            [(chip.try_clone()?, reader.try_clone()?), (reader.try_clone()?, chip.try_clone()?)]
        {
            let whole = Arc::clone(&whole);
            thread::Builder::new().name("card on the reader".to_owned()).spawn(move || {
                // However one side goes, the other goes with it.
                let _gone = io::copy(&mut from, &mut to);
                whole.store(false, Ordering::SeqCst);
                let _too = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
            })?;
        }
        field.lying = Some(Lying { lines: [chip, reader], whole });
        Ok(())
    }

    /// Takes the card away, if it lies there.
    pub fn pull(&self) {
        if let Some(lying) = self.field().lying.take() {
            for line in lying.lines {
                let _gone = line.shutdown(Shutdown::Both);
            }
        }
    }

    /// Pulls the plug of the reader. The virtual reader is part of its service, so both go.
    ///
    /// # Errors
    /// When the service is none of the hall's.
    pub fn unplug(&self) -> io::Result<()> {
        self.pull();
        let mut field = self.field();
        let Some((program, _)) = &mut field.service else { return Err(not_ours()) };
        program.kill()?;
        program.wait().map(|_| ())
    }

    /// Plugs the reader in again, without a card.
    ///
    /// # Errors
    /// When the service is none of the hall's, or does not start.
    pub fn plug_in(&self) -> io::Result<()> {
        if self.is_plugged_in() {
            return Ok(());
        }
        let mut field = self.field();
        let port = field.reader;
        let Some((program, folder)) = &mut field.service else { return Err(not_ours()) };
        *program = service(folder, port)?;
        Ok(())
    }

    /// Whether the reader is plugged in.
    #[must_use]
    pub fn is_plugged_in(&self) -> bool {
        match &mut self.field().service {
            Some((program, _)) => matches!(program.try_wait(), Ok(None)),
            None => true,
        }
    }

    /// Whether a card lies there.
    #[must_use]
    pub fn is_lying(&self) -> bool {
        let field = self.field();
        field.lying.as_ref().is_some_and(|lying| lying.whole.load(Ordering::SeqCst))
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        let service = self.service.as_mut().map(|(program, _)| program);
        for program in [&mut self.program].into_iter().chain(service) {
            let _ended = (program.kill(), program.wait());
        }
    }
}

fn not_ours() -> io::Error {
    io::Error::other("the reader's service is none of the hall's")
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A service of our own: pcscd knows one place for its socket, so that place is another folder
/// for it. Clients look into the folder when `PCSCLITE_CSOCK_NAME` says so.
fn service(folder: &Path, port: u16) -> io::Result<Child> {
    let readers = folder.join("readers");
    std::fs::create_dir_all(&readers)?;
    let reader = format!(
        "FRIENDLYNAME \"{READER}\"\nDEVICENAME /dev/null:0x{port:X}\n\
         LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x{port:X}\n"
    );
    std::fs::write(readers.join("vpcd"), reader)?;
    let socket = folder.join("pcscd.comm");
    // What one that was killed left behind.
    for left in [&socket, &folder.join("pcscd.pid")] {
        if left.exists() {
            std::fs::remove_file(left)?;
        }
    }
    let mut program = leash::command("unshare")
        .args(["--map-root-user", "--mount"])
        .args(["sh", "-c", ALONE, "pcscd"])
        .args([folder, &readers])
        .stdout(Stdio::null())
        .spawn()?;
    let begin = std::time::Instant::now();
    while !socket.exists() {
        if program.try_wait()?.is_some() || begin.elapsed() > SERVICE {
            return Err(io::Error::other("the service of the card reader does not start"));
        }
        thread::sleep(LOOK);
    }
    Ok(program)
}

/// The chip, and the port on which it can be laid on readers.
fn chip(setup: &CardSetup, authority: &Path) -> io::Result<(Child, u16)> {
    let mut program = leash::command(&setup.python)
        .arg(&setup.chip)
        .args(["--listen", "0", "--authority"])
        .arg(authority)
        .args(&setup.options)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    if let Some(output) = program.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    let port = line.strip_prefix("listening ").and_then(|port| port.trim().parse().ok());
    Ok((program, port.ok_or_else(|| io::Error::other("the chip does not start"))?))
}
