//! What is installed beside the programs: units and device rules, judged by the programs that
//! will read them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a unit that cannot be judged has failed, and says where"
)]

use std::{fs, path::Path, process::Command};

fn config(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a program says, and whether it was content.
fn judged(program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// The unit with programs that every machine has, in a folder of its own.
fn runnable(unit: &str) -> (tempfile::TempDir, String) {
    let lines = config(&format!("systemd/{unit}"));
    let lines = lines.lines().map(|line| match line.split_once('=') {
        Some((key, _)) if key.starts_with("ExecStart") => format!("{key}=/bin/true"),
        _ => line.to_owned(),
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(unit);
    fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn systemd_understands_every_line_of_the_unit() {
    let (_folder, unit) = runnable("kiosk.service");
    let (content, said) = judged("systemd-analyze", &["verify", "--man=no", &unit]);
    assert!(content && said.is_empty(), "{said}");
    // It also says so when a line means nothing to it.
    let text = fs::read_to_string(&unit).unwrap();
    fs::write(&unit, text.replace("ProtectHome=yes", "ProtectHome=perhaps")).unwrap();
    let (_, said) = judged("systemd-analyze", &["verify", "--man=no", &unit]);
    assert!(said.contains("perhaps"), "{said}");
}

#[test]
fn the_unit_leaves_little_open() {
    let (_folder, unit) = runnable("kiosk.service");
    let arguments = ["security", "--offline=true", "--no-pager", "--threshold=20", &unit];
    let (content, said) = judged("systemd-analyze", &arguments);
    assert!(content, "{said}");
}

/// What a rule of udev may match and set, as far as ours do.
const MATCHES: &[&str] = &["ACTION", "SUBSYSTEM", "KERNEL", "ENV"];
const SETS: &[&str] = &["GROUP", "MODE", "ENV", "ATTR", "GOTO", "LABEL"];

/// What is wrong with one line of rules.
fn complaints(line: &str) -> Vec<String> {
    let mut wrong = vec![];
    let mut sets = 0;
    for part in line.split("\", ").map(|part| part.trim_end_matches('"')) {
        let Some((left, value)) = part.split_once('"') else {
            wrong.push(format!("{part}: no value in quotes"));
            continue;
        };
        let (key, known) = match left.strip_suffix("==").or(left.strip_suffix("!=")) {
            Some(key) => (key, MATCHES),
            None => (left.trim_end_matches('='), SETS),
        };
        sets += usize::from(!left.ends_with("==") && !left.ends_with("!="));
        let name = key.split('{').next().unwrap_or_default();
        let whole = key.contains('{') == key.ends_with('}');
        if !known.contains(&name) || !whole || value.is_empty() || !left.ends_with('=') {
            wrong.push(format!("{part}: not understood"));
        }
    }
    if sets == 0 {
        wrong.push(format!("{line}: sets nothing"));
    }
    wrong
}

#[test]
fn udev_understands_every_rule() {
    let rules = config("udev/60-motcua.rules");
    let lines = rules.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let wrong: Vec<String> = lines.clone().flat_map(complaints).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for bad in ["SUBSYSTEM=\"usb\", GROUP=\"lp\"", "KERNEL==\"x\"", "GRUOP=\"lp\"", "MODE=0660"] {
        assert!(!complaints(bad).is_empty(), "{bad}");
    }
    // From version 254 on udev judges its rules itself; Debian 12 has 252.
    let (_, version) = judged("udevadm", &["--version"]);
    if version.trim().parse::<u32>().is_ok_and(|version| version >= 254) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/udev");
        let (content, said) = judged("udevadm", &["verify", path.to_str().unwrap()]);
        assert!(content, "{said}");
    }
}

#[test]
fn the_unit_lets_in_the_groups_to_which_the_rules_give_devices() {
    let (rules, unit) = (config("udev/60-motcua.rules"), config("systemd/kiosk.service"));
    let groups = unit.lines().find_map(|line| line.strip_prefix("SupplementaryGroups="));
    let groups: Vec<&str> = groups.unwrap().split(' ').collect();
    let given = rules.split("GROUP=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for group in given {
        assert!(groups.contains(&group), "{group}");
    }
}
