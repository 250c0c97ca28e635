//! The morning readiness report: in a terminal, for programs, on paper and as PDF.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    time::{Duration, Instant},
};

use simulator::{GunSim, PrinterFault, PrinterSetup, PrinterSim, ScannerSim, write_sane_config};

use crate::stage::{Bench, project, python, succeed};

/// Answers whatever is asked of it with success.
fn server() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let _asked = stream.read(&mut [0; 4096]);
            let _told = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        }
    });
    format!("http://127.0.0.1:{port}/")
}

struct Hall {
    printer: PrinterSim,
    _scanner: ScannerSim,
    _gun: GunSim,
    bench: Bench,
}

/// A kiosk with printer, scanner and gun, and everything else it needs.
fn hall() -> Hall {
    let printer = PrinterSim::start(&PrinterSetup::default()).unwrap();
    let scanner = ScannerSim::start().unwrap();
    let (url, bench) = (server(), Bench::new(""));
    let gun = GunSim::start(&bench.path("gun")).unwrap();
    let settings = format!(
        "[kiosk]\nid = \"HN-01\"\n[province]\nsealing_key = \"none\"\nurl = \"{url}\"\n\
         [center]\nurl = \"{url}\"\n[storage]\nfolder = \".\"\n\
         [printer]\nport = \"tcp:{}\"\n[scanner]\nname = \"airscan:e0:Simulated\"\n\
         [codes]\nreaders = [\"serial:{}@9600\"]\n",
        printer.address(),
        gun.path().display()
    );
    fs::write(bench.path("kiosk.toml"), settings).unwrap();
    let config = bench.path("sane");
    write_sane_config(&config, &scanner.url()).unwrap();
    let bench = bench.with("SANE_CONFIG_DIR", config);
    Hall { printer, _scanner: scanner, _gun: gun, bench }
}

#[test]
fn a_kiosk_that_is_ready_is_told_in_every_form() {
    let Hall { printer, bench, .. } = &hall();
    let said = bench.run("doctor --pdf report.pdf --print").ended(0);
    for words in [
        "HN-01  ",
        "  ok  printer   the printer is ready [PRT-006]\n",
        "  ok  scanner   it answers; ",
        "  ok  codes     the code reader is ready [COD-002]\n",
        "  --  card      none is set up\n",
        "  ok  drivers   each reaches its own device alone\n",
        "  ok  center    it answers (200 OK)\n",
        "  ok  outbox    nothing was handed in here yet\n",
        "\nREADY\n",
        "printed; ",
    ] {
        assert!(said.out.contains(words), "{words} in {}", said.out);
    }
    let json = bench.run("--json doctor").ended(0).out;
    assert!(json.starts_with("{\"kiosk\":\"HN-01\",\"at\":\"") && json.lines().count() == 1);
    assert!(json.contains(r#"{"part":"printer","state":"ready","#), "{json}");

    // The PDF, to programs that are not ours.
    let report = bench.path("report.pdf");
    succeed(Command::new("qpdf").arg("--check").arg(&report));
    let info = succeed(Command::new("pdfinfo").arg(&report));
    assert!(info.contains("Title:           Readiness of HN-01"), "{info}");
    assert!(info.contains("Pages:           1\n"), "{info}");

    // The paper, to another reader of ESC/POS.
    fs::write(bench.path("slip.bin"), printer.received()).unwrap();
    let mut reader = Command::new(python());
    reader
        .current_dir(bench.path(""))
        .arg(project().canonicalize().unwrap().join("tests/rig/escpos_read.py"));
    let read = succeed(reader.args(["slip.bin", "slip"]));
    assert!(read.contains(r#""unknown": """#), "{read}");
    assert_eq!(printer.tickets().len(), 1);
}

#[test]
fn what_is_broken_is_told_first_to_last_and_fails() {
    let Hall { printer, bench, .. } = &hall();
    printer.set_fault(Some(PrinterFault::PaperOut));
    let said = bench.run("doctor").ended(1);
    assert!(
        said.out.contains(" BAD  printer   the printer has no paper [PRT-001]\n"),
        "{}",
        said.out
    );
    assert!(said.out.contains("                → put in a new roll\n"), "{}", said.out);
    assert!(said.out.ends_with("NOT READY\n"), "{}", said.out);
    assert_eq!(said.err, "kioskctl: the kiosk is not ready; look at the printer first\n");

    printer.set_fault(Some(PrinterFault::PaperLow));
    let low = bench.run("doctor").ended(0).says("READY, WITH SOMETHING TO LOOK AT\n");
    assert!(low.out.contains("   !  printer   the paper is near its end [PRT-002]"), "{}", low.out);
    bench.run("doctor --pdf nowhere/report.pdf").failed(1, "could not write nowhere/", "SET-004");
}

#[test]
fn a_kiosk_of_which_nothing_works_is_told_part_by_part() {
    let bench = Bench::new(
        "[center]\nurl = \"http://127.0.0.1:1/\"\n[storage]\nfolder = \"nowhere\"\n\
         [printer]\nport = \"tcp:127.0.0.1:1\"\nmodel = \"no-such\"\n\
         [scanner]\nname = \"no-such:0\"\n\
         [codes]\nreaders = [\"serial:/nowhere/gun@9600\", \"image:/nowhere/to/see.png\"]\n\
         [card]\nreader = \"*\"\n[token]\nmodules = [\"/nowhere.so\"]\n",
    );
    fs::create_dir(bench.path("sane")).unwrap();
    fs::write(bench.path("sane/dll.conf"), "").unwrap();
    let sane = bench.path("sane");
    let bench = bench.with("SANE_CONFIG_DIR", sane);
    let begin = Instant::now();
    let said = bench.run("doctor").ended(1);
    assert!(begin.elapsed() < Duration::from_secs(40));
    for (part, code) in [
        ("printer", "WRK-003"),
        ("scanner", "SCN-001"),
        ("codes", "COD-001"),
        ("card", "CRD-001"),
        ("token", "TOK-005"),
        ("center", "CEN-001"),
        ("province", "PRV-001"),
        ("disk", "KSK-007"),
    ] {
        let mut lines = said.out.lines();
        let row = lines.find(|line| line.get(6..).is_some_and(|line| line.starts_with(part)));
        let row = row.unwrap_or_else(|| panic!("{part} in {}", said.out));
        assert!(row.ends_with(&format!("[{code}]")), "{row}");
        assert!(lines.next().unwrap().trim_start().starts_with("→ "), "{part} has no remedy");
    }
    assert!(said.out.contains("cannot be reached (Connection refused"), "{}", said.out);
    let json = bench.run("--json doctor").ended(1);
    assert!(json.out.contains(r#""code":"WRK-003","remedy":"mend the setting"#), "{}", json.out);
    assert!(json.err.starts_with(r#"{"error":"the kiosk is not ready"#), "{}", json.err);

    for columns in [40, 80] {
        let narrow = bench.in_terminal(columns, "doctor").ended(1).out;
        let too_wide = |line: &&str| line.trim_end().chars().count() > usize::from(columns);
        // What has no space in it cannot be broken.
        let wide: Vec<&str> =
            narrow.lines().filter(too_wide).filter(|line| line.trim().contains(' ')).collect();
        assert!(wide.is_empty(), "{columns}: {wide:?}");
    }
}
