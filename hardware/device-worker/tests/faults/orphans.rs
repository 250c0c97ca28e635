//! A kiosk that dies takes its workers along, however it dies and whatever state they are in.

use std::{
    env,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use hardware_api::Printer as _;
use rustix::process::{Pid, Signal};

use super::stage::{STATUS, Stage, is_alive, pid, signal, the_worker, wait_until};

/// Set in the child that plays the kiosk.
const KIOSK: &str = "MOTCUA_ORPHANS_KIOSK";

/// Plays the kiosk in the child: has a worker, says which, and waits to be killed.
fn play_kiosk() -> bool {
    if env::var_os(KIOSK).is_none() {
        return false;
    }
    let mut stage = Stage::new();
    stage.proxy.status(STATUS).unwrap();
    eprintln!("worker {}", the_worker().as_raw_nonzero());
    loop {
        std::thread::park();
    }
}

fn kiosk(test: &str) -> (Child, Pid) {
    let mut kiosk = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(KIOSK, "1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(kiosk.stderr.take().unwrap()).lines();
    let mut named =
        lines.map_while(Result::ok).filter_map(|line| pid(line.strip_prefix("worker ")?));
    let worker = named.next().expect("the kiosk has a worker");
    (kiosk, worker)
}

/// Fault: worker · the kiosk is killed (SIGKILL) → the worker is gone
#[test]
fn a_killed_kiosk_leaves_no_worker() {
    if play_kiosk() {
        return;
    }
    let (mut kiosk, worker) = kiosk("faults::orphans::a_killed_kiosk_leaves_no_worker");
    assert!(is_alive(worker));
    kiosk.kill().unwrap();
    kiosk.wait().unwrap();
    wait_until("the worker's end", || !is_alive(worker));
}

/// Fault: worker · stopped (SIGSTOP) while the kiosk is killed → gone all the same
#[test]
fn a_killed_kiosk_leaves_no_stopped_worker() {
    if play_kiosk() {
        return;
    }
    let (mut kiosk, worker) = kiosk("faults::orphans::a_killed_kiosk_leaves_no_stopped_worker");
    signal(worker, Signal::STOP);
    kiosk.kill().unwrap();
    kiosk.wait().unwrap();
    wait_until("the worker's end", || !is_alive(worker));
}
