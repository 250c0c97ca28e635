//! The real worker with somebody at its pipe who is not the kiosk.

use std::{
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    time::Instant,
};

use worker::{
    frame::{HEADER_BYTES, Header, Kind},
    host::GARBAGE,
};

use super::stage::{LONG, PROGRAM};

/// How the worker ends when `bytes` stand on its input, and what it had said.
fn told(bytes: &[u8]) -> (Option<i32>, Vec<u8>) {
    let mut worker = Command::new(PROGRAM)
        .args(["printer", "512"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = worker.stdin.take().unwrap();
    // It may be gone before all is written.
    let _gone = stdin.write_all(bytes);
    drop(stdin);
    let mut said = Vec::new();
    worker.stdout.take().unwrap().read_to_end(&mut said).unwrap();
    let begin = Instant::now();
    loop {
        if let Some(status) = worker.try_wait().unwrap() {
            return (status.code(), said);
        }
        assert!(begin.elapsed() < LONG, "it did not end");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Fault: worker · the kiosk sends garbage, half a frame, a frame too long, one of another version → it ends, quietly when the pipe just closed
#[test]
fn a_worker_ends_when_nobody_speaks_in_frames_with_it() {
    let header = |kind, length: u32| Header { kind, call: 0, length }.bytes();
    let mut old = header(Kind::Open, 0);
    old[2] = 99;
    let mut long = header(Kind::Open, 0);
    long[8..].copy_from_slice(&u32::MAX.to_le_bytes());
    for (bytes, code) in [
        (&b""[..], 0),
        (b"mw\x02", 0),
        (&header(Kind::Open, 10)[..HEADER_BYTES], 0),
        (b"GET / HTTP/1.1\r\n\r\n", GARBAGE),
        (&old, GARBAGE),
        (&long, GARBAGE),
        (&header(Kind::Ping, 0), GARBAGE),
        // Settings that are none.
        (&[&header(Kind::Open, 3)[..], &[0xff; 3]].concat(), GARBAGE),
    ] {
        let (ended, said) = told(bytes);
        assert_eq!(ended, Some(code), "{bytes:x?}");
        let hello = header(Kind::Hello, 7);
        assert_eq!(said, [&hello[..], b"printer"].concat(), "it says hello and no more");
    }
}
