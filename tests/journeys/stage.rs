//! The stage of a journey: a process of its own, with a hall in a folder of its own.
//!
//! libsane and PKCS#11 modules read their configuration from the environment when they start,
//! and the environment of a running process cannot be changed safely. So each journey runs in a
//! child of the test that is given the right environment.

pub mod reader;

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::Arc,
    time::Duration,
};

use app::{Pace, outbox::Witness};
use domain::{
    screen::{Availability, IdentifyState, Page, ScannerState},
    touch::Touch,
};
use lab::{CardSetup, Hall, HallSetup, Player, Ports, Size, TokenSetup};

/// Set in the child: where its hall keeps everything.
const STAGE: &str = "MOTCUA_STAGE";

/// Left in the folder by a journey that was played to its end.
const PLAYED: &str = "played";

/// The code on a made-up citizen's card.
pub const CARD: &str =
    "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử, Hoàn Kiếm, Hà Nội|20052021";
/// What of the citizen must never stand in a log.
const PERSONAL: [&str; 5] = ["Văn An", "001099000001", "012345678", "Phố Thử", "0900000001"];
/// The procedure that wants papers and no signature.
pub const PROCEDURE: &str = "1.004873";

/// Declares a journey: its name and what happens in the hall.
#[macro_export]
macro_rules! journey {
    ($(#[$doc:meta])* $name:ident, $stage:expr, $play:expr) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            let path = concat!(module_path!(), "::", stringify!($name));
            let _said = $crate::journeys::stage::on($stage, path, $play);
        }
    };
}

/// What stands on the stage.
#[derive(Debug, Clone, Copy)]
pub enum Stage {
    /// Devices, center and province.
    Plain,
    /// And a signing token.
    WithToken,
    /// And a signing token, reached and trusted as made up in its folder.
    WithTokenAs(fn(&Path) -> TokenSetup),
    /// And a card reader of its own, empty at first, with OpenSC to reach signing cards.
    WithReader,
    /// And a card reader of its own, with an ID card made with these options to lay on it.
    WithCard(&'static [&'static str]),
    /// And such a reader, where e-cards of the sample profile are taken too.
    WithECards,
    /// And all of it, with a card reader that can be unplugged, a token that takes its time, and a
    /// kiosk that misses idle devices soon.
    Everything,
}

impl Stage {
    fn has_token(self) -> bool {
        match self {
            Self::WithToken | Self::WithTokenAs(_) | Self::WithReader | Self::Everything => true,
            Self::Plain | Self::WithCard(_) | Self::WithECards => false,
        }
    }

    /// In the child: how the kiosk reaches tokens.
    fn token(self, folder: &Path) -> Option<TokenSetup> {
        let software = TokenSetup::software(&folder.join("token"));
        match self {
            Self::Plain | Self::WithToken | Self::WithCard(_) | Self::WithECards => software,
            Self::WithTokenAs(made) => Some(made(&folder.join("token"))),
            Self::Everything => Some(super::token::around(&folder.join("token"), "SLOW")),
            Self::WithReader => {
                software.map(|it| TokenSetup { modules: vec![reader::OPENSC.into()], ..it })
            }
        }
    }
}

impl Stage {
    /// In the child: of what the reader for ID cards is made.
    fn card(self, folder: &Path) -> Option<CardSetup> {
        let (options, service) = match self {
            Self::WithCard(options) => (options, None),
            Self::WithECards => (&[][..], None),
            Self::Everything => (&[][..], Some(folder.join("pcscd"))),
            Self::Plain | Self::WithToken | Self::WithTokenAs(_) | Self::WithReader => return None,
        };
        Some(CardSetup {
            python: reader::python(),
            chip: project().join("tests/rig/id_card.py"),
            options: options.iter().map(|&option| option.to_owned()).collect(),
            ecards: if matches!(self, Self::WithECards) {
                vec![project().join("config/ecards/example.toml")]
            } else {
                vec![]
            },
            service,
        })
    }

    /// In the child: how soon the kiosk misses what is idle.
    fn pace(self) -> Pace {
        if !matches!(self, Self::Everything) {
            return Pace::default();
        }
        let ms = Duration::from_millis;
        Pace {
            scanner: ms(300),
            lost: ms(100),
            center: ms(200),
            province: ms(300),
            province_silent: ms(200),
            healthy: Duration::ZERO,
        }
    }
}

pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs a journey in a child process; in the child, plays it. The parent is given what the child
/// said.
pub fn on(stage: Stage, path: &str, play: impl FnOnce(&Hall, &mut Player)) -> Option<String> {
    if let Some(folder) = env::var_os(STAGE) {
        journal::init(journal::LogFormat::Text, "trace");
        let folder = Path::new(&folder);
        let (token, card) = (stage.token(folder), stage.card(folder));
        let hall = open_hall_with(folder, token, card, stage.pace(), Arc::new(|_| {}));
        let mut player = Player::start(&hall, Size::PORTRAIT).unwrap();
        play(&hall, &mut player);
        std::fs::write(folder.join(PLAYED), "").unwrap();
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    if stage.has_token() {
        make_token(folder.path());
    }
    let alone = match stage {
        Stage::WithReader | Stage::WithCard(_) | Stage::WithECards => reader::alone(),
        Stage::Plain | Stage::WithToken | Stage::WithTokenAs(_) | Stage::Everything => vec![],
    };
    let socket = folder.path().join("pcscd/pcscd.comm");
    let socket = socket.to_str().unwrap();
    // The reader's library looks where its service listens only when it starts.
    let own = [("PCSCLITE_CSOCK_NAME", socket)];
    let extra = if matches!(stage, Stage::Everything) { &own[..] } else { &[] };
    let (status, said) = child_in(&alone, folder.path(), path, extra);
    assert!(status.success(), "the journey failed: see above");
    // A name that matches no test would succeed as well.
    assert!(folder.path().join(PLAYED).exists(), "{path} was not played");
    assert!(said.contains("KSK-001"), "the kiosk kept no log");
    for personal in PERSONAL {
        assert!(!said.contains(personal), "{personal} was logged");
    }
    Some(said)
}

/// Starts this test again as a child with the stage's environment. What it said, all log levels
/// of our own crates included, is printed and returned.
pub fn child(folder: &Path, path: &str, extra: &[(&str, &str)]) -> (ExitStatus, String) {
    child_in(&[], folder, path, extra)
}

/// The same behind the command `around`, which runs what stands after it.
fn child_in(
    around: &[&str],
    folder: &Path,
    path: &str,
    extra: &[(&str, &str)],
) -> (ExitStatus, String) {
    let (_crate_name, test) = path.split_once("::").unwrap();
    let test_program = env::current_exe().unwrap();
    let mut words = around.iter().map(OsStr::new).chain([test_program.as_os_str()]);
    let output = Command::new(words.next().unwrap())
        .args(words)
        .args([test, "--exact", "--nocapture"])
        .env(STAGE, folder)
        .env("SANE_CONFIG_DIR", folder.join("sane"))
        .env("SOFTHSM2_CONF", folder.join("token/softhsm2.conf"))
        .envs(extra.iter().copied())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    println!("{said}");
    (output.status, said)
}

/// In the child: the stage's folder.
pub fn folder() -> Option<PathBuf> {
    env::var_os(STAGE).map(Into::into)
}

pub fn make_token(folder: &Path) {
    let script = project().join("hardware/signing-token/tests/make-token.sh");
    let made = Command::new(script).arg(folder.join("token")).status().unwrap();
    assert!(made.success());
}

/// A program as it was built last: `cargo build -p lab -p device-worker`, or all of it.
pub fn built(program: &str) -> PathBuf {
    let built = env::var_os("MOTCUA_BIN_DIR").map(PathBuf::from).unwrap_or_else(|| {
        // This test lies in `deps/`, beside the programs.
        let test = env::current_exe().unwrap();
        test.ancestors().nth(2).unwrap().to_owned()
    });
    let program = built.join(program);
    assert!(program.is_file(), "{} is not built", program.display());
    program
}

pub fn open_hall(folder: &Path, witness: Witness) -> Hall {
    let token = TokenSetup::software(&folder.join("token"));
    open_hall_with(folder, token, None, Pace::default(), witness)
}

fn open_hall_with(
    folder: &Path,
    token: Option<TokenSetup>,
    card: Option<CardSetup>,
    pace: Pace,
    witness: Witness,
) -> Hall {
    Hall::open(HallSetup {
        data: folder.to_owned(),
        ports: Ports::default(),
        config: project().join("config"),
        worker: built("device-worker"),
        token,
        card,
        pace,
        witness,
    })
    .unwrap()
}

/// What every journey does at some point.
pub trait Steps {
    /// All devices found, center and province reached, catalogue loaded.
    fn arrive(&mut self);
    /// From the start page to a known person.
    fn identify(&mut self, hall: &Hall, procedure: &str);
    /// Answers what the card could not, section by section, to the papers.
    fn fill_form(&mut self);
    /// Scans two sides for every paper, and goes on.
    fn scan_papers(&mut self, hall: &Hall);
    /// From the start page to the summary.
    fn to_summary(&mut self, hall: &Hall);
}

impl Steps for Player {
    fn arrive(&mut self) {
        self.wait_for_page("all services", |page| {
            matches!(page, Page::Welcome(welcome) if welcome.tickets == Availability::Ready
                && welcome.dossiers == Availability::Ready
                && welcome.look_up == Availability::Ready)
        })
        .unwrap();
    }

    fn identify(&mut self, hall: &Hall, procedure: &str) {
        self.touch(Touch::FindProcedure);
        self.touch(Touch::Procedure(procedure.into()));
        self.touch(Touch::Apply);
        hall.simulator.gun.present(CARD.as_bytes());
        self.wait_for_page(
            "a known person",
            |page| matches!(page, Page::Identify(i) if matches!(i.state, IdentifyState::Known(_))),
        )
        .unwrap();
        self.touch(Touch::Next);
    }

    fn fill_form(&mut self) {
        let mut sections = 0;
        while let Page::Form(form) = self.screen().page.clone() {
            assert!(form.section.at > sections, "an answer was refused: {form:?}");
            sections = form.section.at;
            for question in form.questions.iter().filter(|q| q.value.is_empty() && !q.optional) {
                let text = lab::sample_answer(&question.kind, &question.id);
                self.touch(Touch::Answer { question: question.id.clone(), text });
            }
            self.touch(Touch::Next);
        }
    }

    fn scan_papers(&mut self, hall: &Hall) {
        while let Page::Scan(scan) = self.screen().page.clone() {
            let open = scan.papers.iter().position(|p| p.pages.is_empty() && !p.skipped);
            let Some(at) = open else { break };
            self.touch(Touch::FocusPaper(at));
            hall.simulator.scanner.load_forms(2);
            self.touch(Touch::Scan);
            self.wait_for_page("two pages", |page| {
                matches!(page, Page::Scan(scan) if scan.scanner == ScannerState::Idle
                    && scan.papers.get(at).is_some_and(|paper| paper.pages.len() == 2))
            })
            .unwrap();
        }
        self.touch(Touch::Next);
    }

    fn to_summary(&mut self, hall: &Hall) {
        self.identify(hall, PROCEDURE);
        self.fill_form();
        self.scan_papers(hall);
        assert!(matches!(self.screen().page, Page::Summary(_)), "{:?}", self.screen().page);
    }
}

/// Waits for something outside the screen.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("never happened: {what}");
}
