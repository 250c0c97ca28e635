//! What every program owes whoever types its name: help, version, completion, and a clear word when
//! something is wrong.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a program that cannot be started has failed, and says how"
)]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

/// The programs and the words their help must name.
const PROGRAMS: [(&str, &[&str]); 5] = [
    ("kiosk", &["check-config", "explain-config", "completion"]),
    ("kioskctl", &["doctor", "printer", "scanner", "code", "card", "token", "completion"]),
    ("center", &["completion"]),
    ("province", &["completion"]),
    ("lab", &["run", "visit", "completion"]),
];

fn program(name: &str) -> Command {
    let built = std::env::var_os("MOTCUA_BIN_DIR").map(PathBuf::from).unwrap_or_else(|| {
        let own = std::env::current_exe().unwrap();
        own.ancestors().nth(2).unwrap().to_owned()
    });
    Command::new(built.join(name))
}

fn said(name: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program(name).args(arguments).output();
    let Output { status, stdout, stderr } =
        output.unwrap_or_else(|error| panic!("{name} is not built: {error}"));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (status.code(), text(&stdout), text(&stderr))
}

#[test]
fn every_program_has_help_and_version() {
    for (name, words) in PROGRAMS {
        let (code, help, complaint) = said(name, &["--help"]);
        assert_eq!((code, complaint.as_str()), (Some(0), ""), "{name} --help");
        for word in words {
            let mut lines = help.lines().map(str::trim_start);
            let line = lines.find(|line| line.split(' ').next() == Some(word));
            let explained = line.is_some_and(|line| line.len() > word.len() + 10);
            assert!(explained, "{name} --help does not explain {word}:\n{help}");
        }
        let (code, version, _) = said(name, &["--version"]);
        assert_eq!((code, version.trim()), (Some(0), format!("{name} 0.1.0").as_str()));
    }
}

#[test]
fn every_script_tells_what_it_is_for_before_it_does_anything() {
    let project = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in ["bench", "check", "fuzz", "rig", "run", "setup", "test"] {
        let script = project.join("scripts").join(name);
        let said = Command::new(&script).arg("--help").output().unwrap();
        let (help, complaint) = (String::from_utf8(said.stdout).unwrap(), said.stderr);
        let head = fs::read_to_string(&script).unwrap();
        let first = head.lines().nth(1).unwrap().trim_start_matches("# ");
        assert_eq!((said.status.code(), complaint.len()), (Some(0), 0), "{name} --help");
        assert!(help.starts_with(first) && help.ends_with(".\n"), "{name}: {help}");
    }
}

#[test]
fn every_program_completes_its_words_in_each_shell() {
    for (name, words) in PROGRAMS {
        for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
            let (code, script, _) = said(name, &["completion", shell]);
            assert_eq!(code, Some(0), "{name} completion {shell}");
            let missing: Vec<_> = words.iter().filter(|word| !script.contains(**word)).collect();
            assert!(missing.is_empty(), "{name}, {shell}: nothing completes {missing:?}");
        }
    }
}

#[test]
fn every_program_refuses_what_it_does_not_know() {
    for (name, _) in PROGRAMS {
        let (code, out, complaint) = said(name, &["--no-such-option"]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{name}");
        assert!(complaint.contains("--no-such-option"), "{name}: {complaint}");
    }
}

#[test]
fn a_kiosk_says_which_setting_is_wrong_and_in_which_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kiosk.toml");
    let path = file.to_str().unwrap();
    for (text, words) in [
        ("kiosk.id = \"hk-01\"\nkiosk.colour = \"red\"\n", ["colour", path]),
        ("kiosk.id = \n", ["line 1", path]),
        ("kiosk.id = \"hk-01\"\n", ["sealing_key", path]),
        (
            "province.sealing_key = \"age1x\"\nprovince.url = \"no address\"\n",
            ["province.url", "no address"],
        ),
    ] {
        fs::write(&file, text).unwrap();
        let (code, out, complaint) = said("kiosk", &["check-config", "--config", path]);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{text}: {complaint}");
        assert!(complaint.starts_with("kiosk: "), "{complaint}");
        assert!(words.iter().all(|word| complaint.contains(word)), "{words:?}: {complaint}");
    }
    let gone = folder.path().join("none.toml");
    let (code, _, complaint) = said("kiosk", &["check-config", "--config", gone.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("none.toml"), "{complaint}");
}

#[test]
fn a_kiosk_tells_which_layer_set_each_value() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kiosk.toml");
    fs::write(&file, "kiosk.id = \"hk-01\"\n").unwrap();
    let path = file.to_str().unwrap();
    let (code, out, complaint) = said("kiosk", &["explain-config", "--config", path]);
    let line_of = |key: &str| out.lines().find(|line| line.contains(key)).unwrap_or_default();
    assert!(line_of("kiosk.id").contains(path), "{out}");
    assert!(line_of("timing.").contains("built in"), "{out}");
    // They cannot be used as they are, which is said beside it.
    assert_eq!(code, Some(1));
    assert!(complaint.contains("sealing_key"), "{complaint}");
}
