//! Modules that misbehave, beside one that works.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use hardware_api::{
    DeviceError, ModuleFault, ModuleState, PinState, SignError, SigningToken, TokenStatus,
};
use signing_token::Pkcs11Token;

use crate::stage::{import_p384, module, succeed, verifies, with_token};
use crate::token::{open, prober, sign};

const PIN: &str = "123456";
const FRESH: Result<TokenStatus, DeviceError> = Ok(TokenStatus::Present(PinState::Fresh));

/// Compiles one of `tests/rig/pkcs11_modules` with a way to misbehave.
fn compiled(folder: &Path, source: &str, fault: &str) -> PathBuf {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rig/pkcs11_modules");
    let made = folder.join(format!("{source}-{fault}.so"));
    let inner = format!("-DMODULE=\"{}\"", module().display());
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O0", "-w", "-o"]).arg(&made);
    compiler.args([format!("-D{fault}"), inner]).arg(sources.join(format!("{source}.c")));
    succeed(&mut compiler);
    made
}

/// What became of the first of the modules, the second being SoftHSM, which must work.
fn beside_a_good_one(bad: PathBuf) -> ModuleState {
    let mut token = open(&[bad, module()]);
    let states: Vec<_> = token.modules().unwrap().into_iter().map(|it| it.state).collect();
    assert_eq!(states[1], ModuleState::Usable);
    assert_eq!(token.status(), FRESH);
    let identities = token.identities().unwrap();
    assert_eq!(identities.len(), 2);
    assert!(sign(&mut token, &identities[0], PIN, &[b"m"]).is_ok());
    states[0]
}

/// Fault: token · a vendor's module crashes → only its trial dies; left out and reported, other tokens go on
#[test]
fn a_module_that_crashes_is_left_out() {
    with_token(
        "modules::a_module_that_crashes_is_left_out",
        |_| {},
        |folder| {
            for fault in ["CRASHES", "EXITS", "NO_LIST"] {
                let state = beside_a_good_one(compiled(folder, "bad", fault));
                assert_eq!(state, ModuleState::LeftOut(ModuleFault::Crashed), "{fault}");
            }
        },
    );
}

/// Fault: token · a vendor's module returns garbage (2^63 slots, values of 2^63 bytes, no functions) → left out and reported, other tokens go on
#[test]
fn a_module_that_answers_nonsense_is_left_out() {
    with_token(
        "modules::a_module_that_answers_nonsense_is_left_out",
        |_| {},
        |folder| {
            for fault in ["HUGE_COUNT", "HUGE_VALUE", "NO_FUNCTIONS", "REFUSES"] {
                let state = beside_a_good_one(compiled(folder, "bad", fault));
                assert_eq!(state, ModuleState::LeftOut(ModuleFault::Nonsense), "{fault}");
            }
            let no_library = folder.join("text.so");
            std::fs::write(&no_library, "no library").unwrap();
            for path in [no_library, folder.join("missing.so")] {
                let state = beside_a_good_one(path);
                assert_eq!(state, ModuleState::LeftOut(ModuleFault::NotLoaded));
            }
        },
    );
}

/// Fault: token · a vendor's module calls itself by bytes that are no text → shown with marks for them, its empty token hides no other
#[test]
fn a_module_with_bad_text_harms_nobody() {
    with_token(
        "modules::a_module_with_bad_text_harms_nobody",
        |_| {},
        |folder| {
            let bad = compiled(folder, "bad", "BAD_TEXT");
            let mut token = open(&[module(), bad.clone()]);
            let identities = token.identities().unwrap();
            assert_eq!(identities.len(), 2);
            assert!(sign(&mut token, &identities[1], PIN, &[b"m"]).is_ok());
            let found = signing_token::list(&[bad, module()], prober());
            let labels: Vec<_> = found.iter().map(|it| it.label.clone()).collect();
            assert_eq!(labels, ["\u{FFFD}".repeat(32), "motcua-lab".into()]);
        },
    );
}

/// Whether a process of the machine has `path` among its arguments.
fn is_running_with(path: &Path) -> bool {
    let path = path.display().to_string();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let mut arguments = processes.filter_map(|it| std::fs::read(it.path().join("cmdline")).ok());
    arguments.any(|all| all.split(|byte| *byte == 0).any(|one| one == path.as_bytes()))
}

/// Fault: token · a vendor's module sleeps for ever → killed after its deadline and left out; meanwhile other tokens are served
#[test]
fn a_module_that_sleeps_for_ever_holds_nobody_up() {
    with_token(
        "modules::a_module_that_sleeps_for_ever_holds_nobody_up",
        |_| {},
        |folder| {
            let asleep = compiled(folder, "bad", "SLEEPS");
            let deadline = Duration::from_secs(8);
            let prober = prober().patient(deadline, Duration::from_secs(600));
            let begin = Instant::now();
            let mut token = Pkcs11Token::open(&[asleep.clone(), module()], prober);
            while token.status() != FRESH {
                assert!(begin.elapsed() < deadline, "the good module had to wait");
                std::thread::sleep(Duration::from_millis(20));
            }
            let state = |token: &mut Pkcs11Token| token.modules().unwrap()[0].state;
            assert_eq!(state(&mut token), ModuleState::Trying);
            assert!(is_running_with(&asleep));
            let identity = token.identities().unwrap().remove(0);
            assert!(sign(&mut token, &identity, PIN, &[b"m"]).is_ok());
            token.settle();
            assert_eq!(state(&mut token), ModuleState::LeftOut(ModuleFault::Silent));
            assert!(!is_running_with(&asleep), "the sleeper was not ended");
        },
    );
}

#[test]
fn a_module_that_was_mended_is_used_after_its_pause() {
    with_token(
        "modules::a_module_that_was_mended_is_used_after_its_pause",
        |_| {},
        |folder| {
            let path = folder.join("late.so");
            let prober = prober().patient(Duration::from_secs(20), Duration::from_millis(300));
            let mut token = Pkcs11Token::open(std::slice::from_ref(&path), prober);
            token.settle();
            let left_out = ModuleState::LeftOut(ModuleFault::NotLoaded);
            assert_eq!(token.modules().unwrap()[0].state, left_out);
            std::fs::copy(module(), &path).unwrap();
            let begin = Instant::now();
            while token.status() != FRESH {
                assert!(begin.elapsed() < Duration::from_secs(30), "it was not tried again");
                std::thread::sleep(Duration::from_millis(50));
            }
        },
    );
}

#[test]
fn a_token_that_cannot_hash_is_given_digests() {
    with_token(
        "modules::a_token_that_cannot_hash_is_given_digests",
        |folder| import_p384(folder, "04"),
        |folder| {
            let mut token = open(&[compiled(folder, "around", "CANNOT_HASH")]);
            let identities = token.identities().unwrap();
            assert_eq!(identities.len(), 3);
            for identity in identities {
                let signature = sign(&mut token, &identity, PIN, &[b"message"]).unwrap().remove(0);
                assert!(verifies(folder, &identity, b"message", &signature));
            }
        },
    );
}

/// Fault: token · taken out while it signs, which its module calls a general error → told as gone, nothing counts as signed
#[test]
fn whatever_the_module_calls_it_a_pulled_token_is_gone() {
    with_token(
        "modules::whatever_the_module_calls_it_a_pulled_token_is_gone",
        |_| {},
        |folder| {
            let mut token = open(&[compiled(folder, "around", "PULLED")]);
            let identity = token.identities().unwrap().remove(0);
            let gone = sign(&mut token, &identity, PIN, &[b"one", b"two", b"three"]);
            assert_eq!(gone, Err(SignError::Left));
        },
    );
}
