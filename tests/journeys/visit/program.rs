//! The lab's program as `scripts/run` starts it, in a session of its own.

use std::{
    fs,
    path::Path,
    process::{Command, ExitStatus},
};

use crate::journeys::stage;

/// The program with what it reads from its environment, which keeps everything in `folder`.
pub fn lab(folder: &Path, words: &[&str]) -> Command {
    // `setsid` leads a new session and becomes the program: its number is the session's.
    let mut command = Command::new("setsid");
    command
        .arg(stage::built("lab"))
        .args(words)
        .arg("--data")
        .arg(folder)
        .arg("--config")
        .arg(stage::project().join("config"))
        .env("SOFTHSM2_CONF", folder.join("token/softhsm2.conf"))
        .env("SANE_CONFIG_DIR", folder.join("sane"))
        .env("PCSCLITE_CSOCK_NAME", folder.join("pcscd/pcscd.comm"));
    command
}

/// The code that a shell tells of a program that has ended.
pub fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap())
}

/// Every living process of a session, or that names `folder`: its number and its words.
pub fn processes(session: u32, folder: &Path) -> Vec<(u32, String)> {
    let folder = folder.display().to_string();
    let all = fs::read_dir("/proc").unwrap().flatten();
    let numbers = all.filter_map(|it| it.file_name().to_str().and_then(|it| it.parse().ok()));
    let mut found = vec![];
    for number in numbers {
        // One that ends while it is looked at is gone.
        let read = |file: &str| fs::read(format!("/proc/{number}/{file}")).unwrap_or_default();
        let words = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
        let stat = String::from_utf8_lossy(&read("stat")).into_owned();
        // After the name in parentheses: state, parent, group, session.
        let Some((_, facts)) = stat.rsplit_once(") ") else { continue };
        let facts: Vec<&str> = facts.split(' ').collect();
        let ours = facts[3] == session.to_string() || words.contains(&folder);
        if ours && facts[0] != "Z" {
            found.push((number, words));
        }
    }
    found
}
