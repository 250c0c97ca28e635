//! Code readers, and codes in pictures that other programs have made.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use simulator::{CameraSim, GunSim};

use crate::stage::{Bench, Running, python, succeed};

const CARD: &str =
    "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử, Hoàn Kiếm, Hà Nội|20052021";
const TOLD: &str = "hold a code to the reader";

/// Draws `text` as a code with segno and keeps it in every form with Pillow.
const DRAW: &str = r#"
import io, sys
import numpy as np
import segno
from PIL import Image

text = sys.argv[1]
png = io.BytesIO()
segno.make_qr(text, error="m").save(png, scale=5, border=4, kind="png")
picture = Image.open(png).convert("L")
for name in ("code.png", "code.jpg", "code.pgm"):
    picture.save(name)
grey = np.asarray(picture)
height, width = grey.shape
head = f"P5\n# by hand\n{width} {height} # size\n"
with open("deep.pgm", "wb") as file:
    file.write((head + "65535\n").encode() + (grey.astype(">u2") * 257).tobytes())
with open("plain.pgm", "w") as file:
    file.write(head.replace("P5", "P2") + "15\n")
    file.writelines(" ".join(str(v // 17) for v in row) + "\n" for row in grey)
Image.new("L", (80, 60), 200).save("nothing.png")
"#;

fn drawn(text: &str) -> Bench {
    let bench = Bench::new("[broken");
    let mut draw = Command::new(python());
    succeed(draw.current_dir(bench.path("")).args(["-c", DRAW, text]));
    bench
}

#[test]
fn pictures_of_every_form_give_their_payload() {
    let bench = drawn(CARD);
    for file in ["code.png", "code.jpg", "code.pgm", "deep.pgm", "plain.pgm"] {
        let said = bench.run(&format!("code read {file}")).ended(0);
        assert_eq!((said.out.as_str(), said.err.as_str()), (&*format!("{CARD}\n"), ""), "{file}");
    }
    assert_eq!(bench.run("code read nothing.png").ended(0).out, "");
    let both = bench.run("code read code.png nothing.png plain.pgm").ended(0);
    assert_eq!(both.out, format!("{CARD}\n{CARD}\n"));
    let json = bench.run("--json code read code.png").ended(0).out;
    assert!(json.starts_with(&format!(r#"{{"file":"code.png","out":["{CARD}"],"us":"#)), "{json}");
}

#[test]
fn a_picture_that_cannot_be_read_is_said_and_the_others_are_read() {
    let bench = drawn("A105");
    let whole = fs::read(bench.path("plain.pgm")).unwrap();
    fs::write(bench.path("cut.pgm"), &whole[..whole.len() / 2]).unwrap();
    fs::write(bench.path("text.png"), "no picture").unwrap();
    let said = bench.run("code read cut.pgm code.png missing.png");
    assert_eq!(said.out, "A105\n");
    let said = said.failed(1, "cut.pgm is no picture that can be read", "SET-005");
    assert!(said.err.contains("could not read missing.png: No such file"), "{}", said.err);
    bench.run("code read .").failed(1, "could not read .", "SET-004");

    let list = "code.png\ntext.png\n\nmissing.png\ncut.pgm\nplain.pgm\nnothing.png\n";
    fs::write(bench.path("list"), list).unwrap();
    let by_file = bench.run("code read --batch list").ended(0);
    let by_input = bench.run_given("code read --batch -", list).ended(0);
    for said in [by_file, by_input] {
        let lines: Vec<&str> = said.out.lines().collect();
        assert_eq!((lines.len(), said.err.as_str()), (6, ""), "{said:?}");
        for (line, begin, end) in [
            (0, r#"{"file":"code.png","out":["A105"],"us":"#, "}"),
            (1, r#"{"file":"text.png","out":[],"us":0,"error":"text.png is no picture"#, r#""}"#),
            (
                2,
                r#"{"file":"missing.png","out":[],"us":0,"error":"could not read missing.png: No"#,
                r#""}"#,
            ),
            (3, r#"{"file":"cut.pgm","out":[],"us":0,"error":"cut.pgm is no picture"#, r#""}"#),
            (4, r#"{"file":"plain.pgm","out":["A105"],"us":"#, "}"),
            (5, r#"{"file":"nothing.png","out":[],"us":"#, "}"),
        ] {
            assert!(lines[line].starts_with(begin), "{}", lines[line]);
            assert!(lines[line].ends_with(end), "{}", lines[line]);
        }
    }
    bench.run("code read --batch nowhere").failed(1, "could not read nowhere", "SET-004");
}

#[test]
fn a_gun_and_a_camera_are_asked_and_tell_what_they_see() {
    let folder = tempfile::tempdir().unwrap();
    let gun = GunSim::start(&folder.path().join("gun")).unwrap();
    let camera = CameraSim::start(&folder.path().join("camera")).unwrap();
    let serial = format!("serial:{}@9600", gun.path().display());
    let image = format!("image:{}", camera.frame().display());
    let bench = Bench::new(&format!("[codes]\nreaders = [\"{serial}\", \"{image}\"]\n"));
    let said = bench.run("code status").ended(0);
    assert_eq!(said.out.lines().count(), 2, "{}", said.out);

    let pictures = drawn(CARD);
    camera.hold(&fs::read(pictures.path("code.png")).unwrap()).unwrap();
    let said = bench.run("code test --seconds 20").ended(0);
    assert!(said.out.contains(&format!("{image}: ID card, {} bytes", CARD.len())), "{said:?}");
    assert!(!said.out.contains("Văn An") && said.err.contains(TOLD), "{said:?}");
    let said = bench.run("--json code test --seconds 20 --reveal").ended(0);
    assert!(said.out.contains(CARD) && said.err.is_empty(), "{said:?}");

    camera.remove().unwrap();
    let mut command = bench.command("code test --seconds 20 --reveal");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let waiting = command.spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    gun.present(b"A105");
    let output = waiting.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, format!("{serial}: unknown, 4 bytes: A105\n"));

    let nothing = bench.run("code test --seconds 1");
    nothing.failed(1, "no code was seen within 1 s", "COD-004");
}

#[test]
fn a_reader_that_is_not_there_leaves_it_to_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let gun = GunSim::start(&folder.path().join("gun")).unwrap();
    let serial = format!("serial:{}@9600", gun.path().display());
    let missing = "serial:/nowhere/gun@9600";
    let bench = Bench::new(&format!("[codes]\nreaders = [\"{missing}\", \"{serial}\"]\n"));
    let said = bench.run("code status").says(&format!("{serial}: it is there"));
    said.failed(1, "could not find every code reader of the settings: ", "COD-001");
    let nothing = bench.run("code test --seconds 2");
    assert!(nothing.err.contains("could not wait for a code: "), "{nothing:?}");
    assert!(nothing.err.contains("no code was seen within 2 s [COD-004]"), "{nothing:?}");
    drop(gun);
    bench.run("code test --seconds 20").failed(1, "could not wait for a code: ", "COD-001");
}

#[test]
fn a_gun_is_recorded_as_a_tape_and_a_camera_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let gun = GunSim::start(&folder.path().join("gun")).unwrap();
    let serial = format!("serial:{}@9600", gun.path().display());
    let bench = Bench::new(&format!("[codes]\nreaders = [\"image:/no/see.png\", \"{serial}\"]\n"));
    let mut command = bench.command("code test --seconds 20 --record gun.jsonl");
    let waiting = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    gun.present(b"A105");
    assert!(waiting.wait_with_output().unwrap().status.success());
    let tape = fs::read_to_string(bench.path("gun.jsonl")).unwrap();
    assert!(tape.lines().next().unwrap().contains(r#""story":"kioskctl code test""#), "{tape}");
    // The code and its end, in hexadecimal digits.
    assert!(tape.contains(r#""what":"in","hex":"413130350d""#), "{tape}");

    let camera = Bench::new("[codes]\nreaders = [\"image:/no/see.png\"]\n");
    let said = camera.run("code test --record camera.jsonl");
    said.failed(1, "the settings name no gun to be recorded", "SET-002");
}

#[test]
fn ctrl_c_ends_the_waiting_for_a_code() {
    let folder = tempfile::tempdir().unwrap();
    let camera = CameraSim::start(&folder.path().join("camera")).unwrap();
    let image = format!("image:{}", camera.frame().display());
    let bench = Bench::new(&format!("[codes]\nreaders = [\"{image}\"]\n"));
    let mut command = bench.command("code test --seconds 60");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Running(command.spawn().unwrap());
    std::thread::sleep(Duration::from_millis(1500));
    kill_process(Pid::from_child(&child.0), Signal::INT).unwrap();
    assert_eq!(child.0.wait().unwrap().code(), Some(130));
}
