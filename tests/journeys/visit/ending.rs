//! Whatever ends the lab, at whatever moment, no process of it is left.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

use super::program::{code, lab, processes};
use crate::journeys::stage::{self, eventually};

/// Whom a signal reaches: Ctrl-C the whole group of the terminal, `kill` the lab alone.
#[derive(Debug, Clone, Copy)]
enum To {
    Group,
    Lab,
}

/// When it comes.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// The first program that the lab needs has just been started.
    Opening,
    /// The citizen is at the screen.
    Playing,
}

fn check(words: &[&str], cases: &[(&str, i32, To)], moment: Moment) {
    for (signal, number, to) in cases {
        let case = format!("SIG{signal} to {to:?} while {moment:?}");
        let folder = tempfile::tempdir().unwrap();
        stage::make_token(folder.path());
        let pictures = folder.path().join("pictures");
        let words: Vec<_> =
            words.iter().map(|it| it.replace("PICTURES", pictures.to_str().unwrap())).collect();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let mut command = lab(folder.path(), &words);
        let mut lab = command.stdout(Stdio::null()).spawn().unwrap();
        let session = lab.id();
        wait(&mut lab, folder.path(), moment, &case);
        send(signal, session, *to);
        // The code of a good order: one that hangs is killed.
        let status = lab.wait().unwrap();
        assert_eq!(code(status), 128 + number, "{case}");
        let left = || processes(session, folder.path());
        eventually(&format!("nothing is left after {case}: {:?}", left()), || left().is_empty());
    }
}

fn wait(lab: &mut Child, folder: &Path, moment: Moment, case: &str) {
    let session = lab.id();
    eventually(&format!("the moment for {case}"), || {
        assert!(lab.try_wait().unwrap().is_none(), "{case}: it ended by itself");
        match moment {
            Moment::Opening => processes(session, folder).iter().any(|(pid, _)| *pid != session),
            Moment::Playing => folder.join("pictures/01-out-of-service.en.png").exists(),
        }
    });
    if matches!(moment, Moment::Playing) {
        let words: Vec<_> = processes(session, folder).into_iter().map(|it| it.1).collect();
        for program in ["pcscd", "id_card.py", "device-worker"] {
            assert!(words.iter().any(|it| it.contains(program)), "{program} runs: {words:?}");
        }
    }
}

fn send(signal: &str, session: u32, to: To) {
    let whom = match to {
        To::Group => format!("-{session}"),
        To::Lab => session.to_string(),
    };
    let kill = format!("kill -s {signal} -- {whom}");
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

const VISIT: &[&str] = &["visit", "--pictures", "PICTURES"];

#[test]
fn a_signal_while_the_visit_is_played_leaves_no_process() {
    let cases =
        [("INT", 2, To::Group), ("TERM", 15, To::Lab), ("HUP", 1, To::Group), ("KILL", 9, To::Lab)];
    check(VISIT, &cases, Moment::Playing);
}

#[test]
fn a_signal_while_the_hall_opens_leaves_no_process() {
    let cases =
        [("INT", 2, To::Lab), ("TERM", 15, To::Group), ("HUP", 1, To::Lab), ("KILL", 9, To::Lab)];
    check(VISIT, &cases, Moment::Opening);
}

#[test]
fn a_hall_that_is_served_ends_with_a_signal() {
    let cases = [("INT", 2, To::Group), ("TERM", 15, To::Lab)];
    check(&["serve", "--port", "0"], &cases, Moment::Opening);
}
