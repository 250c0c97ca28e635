//! Tapes recorded from tapes: what is played, and what is noticed.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::*;
use crate::{Connect, Port, PortError};

const HEAD: &str = r#"{"device":"TM-X","firmware":"1.0","date":"2027-01-05","story":"asks"}"#;
const STEPS: &str = r#"{"ms":0,"what":"opened"}
{"ms":0,"what":"out","hex":"100401"}
{"ms":3,"what":"in","hex":"16"}
{"ms":5,"what":"class","hex":"18"}
"#;

fn tape(steps: &str) -> Replay {
    let (head, steps) = read_tape(&format!("{HEAD}\n{steps}")).unwrap();
    Replay::new(&head, steps)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(20)
}

fn ask(port: &mut dyn Port, how: &[u8]) -> Result<u8, PortError> {
    let mut answer = [0];
    port.write_all(how, soon())?;
    port.read(&mut answer, soon())?;
    Ok(answer[0])
}

fn session(device: &dyn Connect, how: &[u8]) -> Result<u8, PortError> {
    let mut port = device.connect(soon())?;
    let answer = ask(port.as_mut(), how)?;
    assert!(port.class_status().is_some_and(|status| status.selected && !status.error));
    Ok(answer)
}

#[test]
fn a_tape_answers_as_the_device_did() {
    let replay = tape(STEPS);
    assert_eq!(session(&replay, &[0x10, 0x04, 0x01]), Ok(0x16));
    assert_eq!(replay.finish(), Ok(()));
    assert!(matches!(replay.connect(soon()).err(), Some(PortError::Deviated { .. })));
}

#[test]
fn a_driver_that_does_something_else_is_caught() {
    for (steps, how, said) in [
        (STEPS, &[0x10, 0x04, 0x02][..], "step 2: the tape has 100401, the driver did 100402"),
        (STEPS, &[0x10, 0x04], "step 2: the tape has 01, the driver did a wait for bytes"),
        ("", &[0x10], "step 1: the tape has its end, the driver did a line opened"),
        (
            "{\"ms\":0,\"what\":\"opened\"}\n{\"ms\":0,\"what\":\"in\",\"hex\":\"16\"}",
            &[0x10],
            "step 2: the tape has the answer 16, the driver did 10",
        ),
    ] {
        let replay = tape(steps);
        let error = session(&replay, how).unwrap_err();
        assert_eq!(error.to_string(), format!("TM-X, {said}"));
        assert_eq!(replay.finish(), Err(error), "the driver may have swallowed it");
    }
}

#[test]
fn an_answer_that_nobody_waited_for_is_missed_at_the_end() {
    let replay = tape(STEPS);
    replay.connect(soon()).unwrap().write_all(&[0x10, 0x04, 0x01], soon()).unwrap();
    let missed = replay.finish().unwrap_err().to_string();
    assert_eq!(missed, "TM-X, step 3: the tape has the answer 16, the driver did nothing more");
}

#[test]
fn lost_lines_and_waits_are_played_too() {
    let replay = tape(
        r#"{"ms":0,"what":"gone"}
{"ms":1,"what":"opened"}
{"ms":1,"what":"silent"}
{"ms":9,"what":"out","hex":"aa"}
{"ms":9,"what":"stalled"}
{"ms":9,"what":"out","hex":"bb"}
{"ms":9,"what":"gone"}
"#,
    );
    assert!(matches!(replay.connect(soon()).err(), Some(PortError::Gone { .. })));
    let mut port = replay.connect(soon()).unwrap();
    let until = soon();
    let silent = port.read(&mut [0], until).unwrap_err();
    assert!(matches!(silent, PortError::TimedOut { sent: 0, .. }) && Instant::now() >= until);
    let until = soon();
    let stalled = port.write_all(&[0xAA, 0xBB], until).unwrap_err();
    assert!(matches!(stalled, PortError::TimedOut { sent: 1, .. }) && Instant::now() >= until);
    port.write_all(&[0xBB], soon()).unwrap();
    assert!(matches!(port.read(&mut [0], soon()), Err(PortError::Gone { .. })));
    assert_eq!(replay.finish(), Ok(()));
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_was_recorded_replays() {
    let steps = format!(
        "{STEPS}{}",
        r#"{"ms":0,"what":"silent"}
{"ms":0,"what":"out","hex":"aa"}
{"ms":0,"what":"stalled"}
{"ms":0,"what":"halted"}
{"ms":0,"what":"gone"}
{"ms":0,"what":"busy"}
"#
    );
    let (head, _) = read_tape(HEAD).unwrap();
    let copy = Shared::default();
    let recording = Recording::new(Box::new(tape(&steps)), copy.clone(), &head);
    let mut port = recording.connect(soon()).unwrap();
    assert_eq!(ask(port.as_mut(), &[0x10, 0x04, 0x01]), Ok(0x16));
    port.class_status();
    assert!(port.read(&mut [0], soon()).is_err());
    assert!(port.write_all(&[0xAA, 0xBB], soon()).is_err());
    assert!(port.write_all(&[0xBB], soon()).is_err());
    assert!(port.read(&mut [0], soon()).is_err());
    assert!(recording.connect(soon()).is_err());
    let text = String::from_utf8(copy.0.lock().unwrap().clone()).unwrap();
    let (again, mut played) = read_tape(&text).unwrap();
    assert_eq!(again, head);
    played.iter_mut().for_each(|step| step.ms = 0);
    let (_, mut original) = read_tape(&format!("{HEAD}\n{steps}")).unwrap();
    original.iter_mut().for_each(|step| step.ms = 0);
    assert_eq!(played, original);
}

#[test]
fn a_text_that_is_no_tape_names_the_line() {
    assert!(matches!(read_tape(""), Err(TapeError::Empty)));
    let broken = format!("{HEAD}\n{STEPS}{{\"ms\":1}}\n");
    assert!(matches!(read_tape(&broken), Err(TapeError::Line { line: 6, .. })));
}
