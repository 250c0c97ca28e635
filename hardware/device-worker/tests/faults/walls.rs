//! What each class of worker cannot do, tried from inside: the real program with its real
//! settings, and in it a spy (`tests/rig/worker_spy.c`) that does what a library of a maker could
//! do once it is taken over.

use std::{
    collections::BTreeMap,
    fs,
    net::{TcpListener, UdpSocket},
    os::unix::fs::FileTypeExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Serialize;
use serialport::{SerialPort as _, TTYPort};
use settings::{
    Card, CodePort, ExtendedLength, PaperSetting, Printer, PrinterPort, Token, UsbPick,
};
use worker::{Class, Gap};

use super::stage::{PROGRAM, launch, scanner_named};

/// Families, kinds and protocols of sockets, as numbers, with what they are.
const SOCKETS: [(&str, &str); 12] = [
    ("socket 1 1 0", "a file"),
    ("socket 16 3 15", "what is plugged in"),
    ("socket 2 1 0", "TCP"),
    ("socket 10 1 0", "TCP, IPv6"),
    ("socket 2 2 0", "UDP"),
    ("socket 10 2 0", "UDP, IPv6"),
    ("socket 2 2 1", "ICMP"),
    ("socket 2 3 255", "raw"),
    ("socket 2 1 262", "several ways of TCP at once"),
    ("socket 17 3 0", "frames of the wire"),
    ("socket 40 1 0", "from a machine in this one"),
    ("socket 31 3 1", "Bluetooth"),
];
/// The places in that table a class may have, beside none.
const LOCAL: &[&str] = &["a file"];
const LOCAL_AND_USB: &[&str] = &["a file", "what is plugged in"];
const USB: &[&str] = &["what is plugged in"];
const TCP: &[&str] = &["TCP", "TCP, IPv6"];
const INTERNET: &[&str] = &["a file", "what is plugged in", "TCP", "TCP, IPv6", "UDP", "UDP, IPv6"];

/// What a worker does not get, and where the spy lies.
struct Stage {
    folder: tempfile::TempDir,
    tcp: TcpListener,
    udp: UdpSocket,
    /// A serial line that is nobody's, and its far end.
    tty: (TTYPort, String),
}

/// A spy's report: what it tried, and what it was told.
struct Report {
    gaps: Vec<Gap>,
    tried: BTreeMap<String, String>,
}

impl Stage {
    fn new() -> Self {
        let (far, near) = TTYPort::pair().unwrap();
        let stage = Self {
            folder: tempfile::tempdir().unwrap(),
            tcp: TcpListener::bind("127.0.0.1:0").unwrap(),
            udp: UdpSocket::bind("127.0.0.1:0").unwrap(),
            tty: (far, near.name().unwrap()),
        };
        fs::write(stage.secret(), "a dossier").unwrap();
        stage.udp.set_nonblocking(true).unwrap();
        stage
    }

    fn secret(&self) -> PathBuf {
        self.folder.path().join("secret")
    }

    /// Tries `tries` in a worker with these settings; `kernel` takes something from the kernel.
    fn spy(
        &self,
        class: Class,
        settings: &impl Serialize,
        kernel: &[&str],
        tries: &[String],
    ) -> Report {
        let at = |name: &str| self.folder.path().join(name);
        let _earlier = fs::remove_file(at("results"));
        let word = |name: &str, text: &str| format!("-D{name}=\"{}\"", text.replace('\n', "\\n"));
        let path = |name: &str, path: &Path| word(name, path.to_str().unwrap());
        cc(Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .arg(at("spy.so"))
            .args(kernel)
            .args([path("RESULTS", &at("results")), word("TRIES", &tries.join("\n"))]));
        cc(Command::new("cc")
            .args(["-DLAUNCHER", "-o"])
            .arg(at("device-worker"))
            .args([path("SPY", &at("spy.so")), word("PROGRAM", PROGRAM)]));
        let (launch, _news) = launch(&at("device-worker"), class, settings);
        let gaps = worker::check(&launch).unwrap();
        let said = fs::read_to_string(at("results")).unwrap();
        let tried = said.lines().map(|line| line.split_once(" → ").unwrap());
        let tried = tried.map(|(what, told)| (what.to_owned(), told.to_owned())).collect();
        Report { gaps, tried }
    }

    /// Everything that no class but the one at `own` may do.
    fn tries(&self) -> Vec<String> {
        let (tcp, udp) =
            (self.tcp.local_addr().unwrap().port(), self.udp.local_addr().unwrap().port());
        let (secret, folder) = (self.secret(), self.folder.path());
        let mut tries = vec![
            format!("tcp {tcp}"),
            format!("udp {udp}"),
            "listen".to_owned(),
            "ring".to_owned(),
            "signal".to_owned(),
            format!("read {}", secret.display()),
            format!("write {}", secret.display()),
            format!("truncate {}", secret.display()),
            format!("make {}", folder.join("new").display()),
            format!("read {}", self.tty.1),
            format!("write {}", self.tty.1),
        ];
        tries.extend(devices(Path::new("/dev")).iter().map(|node| format!("read {node}")));
        tries
    }

    /// A worker with these settings can open `own` and the sockets of `allowed`, and nothing else.
    fn assert_shut(
        &self,
        class: Class,
        settings: &impl Serialize,
        own: &[String],
        allowed: &[&str],
    ) {
        let mut tries = self.tries();
        tries.push("abi".to_owned());
        tries.extend(own.iter().cloned());
        tries.extend(SOCKETS.map(|(socket, _)| socket.to_owned()));
        let Report { gaps, tried } = self.spy(class, settings, &[], &tries);
        // A machine whose kernel knows less tests what it knows, and that the rest is told.
        let abi: i32 = tried["abi"].parse().unwrap();
        let connects = allowed.contains(&"TCP");
        let wanted = [
            (abi < 1, Gap::Files, &["read", "write", "make"][..]),
            (abi < 4 && connects, Gap::Ports, &["tcp", "listen"]),
            (abi < 6, Gap::Signals, &["signal"]),
        ];
        let open: Vec<_> = wanted.iter().filter(|(open, ..)| *open).collect();
        assert_eq!(gaps, open.iter().map(|(_, gap, _)| *gap).collect::<Vec<_>>(), "{class}");
        let is_open = |what: &str| {
            let verb = what.split(' ').next().unwrap();
            verb == "abi" || open.iter().any(|(_, _, verbs)| verbs.contains(&verb))
        };
        for what in tries.iter().filter(|what| !is_open(what)) {
            let told = tried.get(what).unwrap_or_else(|| panic!("{class}: {what} was not tried"));
            let socket = SOCKETS.iter().find(|(socket, _)| socket == what);
            let may = own.contains(what) || socket.is_some_and(|it| allowed.contains(&it.1));
            if may {
                assert_eq!(told, "OK", "{class}: {what}");
            } else {
                let refused = ["EACCES", "EPERM"].contains(&told.as_str());
                assert!(refused, "{class} {socket:?}: {what} → {told}");
            }
        }
        let arrived = self.udp.recv(&mut [0; 8]).is_ok();
        assert_eq!(arrived, own.iter().any(|it| it.starts_with("udp")), "{class}: datagrams");
        assert_eq!(fs::read(self.secret()).unwrap(), b"a dossier");
    }
}

fn cc(compiler: &mut Command) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rig/worker_spy.c");
    assert!(compiler.arg(source).status().unwrap().success(), "{compiler:?}");
}

/// Every device of this machine, but for those that every worker may use, those that do something
/// when they are opened, and pseudo-terminals, which come and go.
fn devices(folder: &Path) -> Vec<String> {
    const FOR_ALL: [&str; 5] = ["null", "zero", "full", "random", "urandom"];
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && name != "pts" {
            found.extend(devices(&path));
        } else if (kind.is_char_device() || kind.is_block_device())
            && !FOR_ALL.contains(&name.as_str())
            && !name.contains("watchdog")
        {
            found.push(path.into_os_string().into_string().unwrap());
        }
    }
    found
}

fn printer(port: PrinterPort) -> Printer {
    Printer { port, model: "epson-tm-t20".to_owned(), paper: PaperSetting::Mm80 }
}

/// Fault: worker · the driver of a serial printer is taken over → it reaches its own line, no other device, no file, no machine
#[test]
fn a_printer_at_a_serial_line_reaches_that_line_alone() {
    let stage = Stage::new();
    let (_far, near) = TTYPort::pair().unwrap();
    let path = near.name().unwrap();
    let own = [format!("write {path}")];
    let port = PrinterPort::Serial { path, baud_bps: 115_200 };
    stage.assert_shut(Class::Printer, &printer(port), &own, &[]);
}

/// Fault: worker · the driver of a USB printer is taken over → no serial line, no camera, no file, no machine
#[test]
fn a_printer_at_the_usb_reaches_no_other_kind_of_device() {
    let stage = Stage::new();
    let port = PrinterPort::Usb { vendor: 0x04b8, product: 0x0e15, pick: UsbPick::First };
    stage.assert_shut(Class::Printer, &printer(port), &[], USB);
}

/// Fault: worker · the driver of a network printer is taken over → it reaches the printer's port by TCP, no other, and sends no datagram
#[test]
fn a_printer_in_the_network_reaches_its_own_port_alone() {
    let stage = Stage::new();
    let its = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = [format!("tcp {}", its.local_addr().unwrap().port())];
    let port = PrinterPort::Tcp(its.local_addr().unwrap().to_string());
    stage.assert_shut(Class::Printer, &printer(port), &own, TCP);
}

/// Fault: worker · the backend of a USB scanner is taken over → no device that is not at the USB, no file, no machine
#[test]
fn a_scanner_at_the_usb_has_no_network() {
    let stage = Stage::new();
    let settings = scanner_named("genesys:libusb:001:004");
    stage.assert_shut(Class::Scanner, &settings, &[], LOCAL_AND_USB);
}

/// Fault: worker · the backend of a network scanner is taken over → it has TCP and UDP, and no device and no file
#[test]
fn a_scanner_in_the_network_has_no_device() {
    let stage = Stage::new();
    let (tcp, udp) = (&stage.tcp, &stage.udp);
    let own = [
        format!("tcp {}", tcp.local_addr().unwrap().port()),
        format!("udp {}", udp.local_addr().unwrap().port()),
    ];
    let settings = scanner_named("escl:http://127.0.0.1:80");
    stage.assert_shut(Class::Scanner, &settings, &own, INTERNET);
}

/// Fault: worker · the driver of a gun, a camera or a wedge is taken over → it reaches its own device, no other, no file, and opens no socket at all
#[test]
fn a_code_reader_opens_no_socket_and_no_other_device() {
    let stage = Stage::new();
    let (_far, near) = TTYPort::pair().unwrap();
    let path = near.name().unwrap();
    let own = [format!("read {path}")];
    for port in [
        CodePort::Serial { path: path.clone(), baud_bps: 9600 },
        CodePort::Wedge(path.clone()),
        CodePort::Camera(path.clone()),
    ] {
        stage.assert_shut(Class::Code, &port, &own, &[]);
    }
    let picture = tempfile::tempdir().unwrap();
    let camera = picture.path().join("camera");
    fs::create_dir(&camera).unwrap();
    fs::write(camera.join("view.png"), "").unwrap();
    let own = [format!("read {}", camera.join("view.png").display())];
    stage.assert_shut(Class::Code, &CodePort::Image(camera.join("view.png")), &own, &[]);
    stage.assert_shut(Class::Code, &CodePort::Camera("Camera of nobody".to_owned()), &[], &[]);
}

/// Fault: worker · the driver of the card reader is taken over → it reaches the service of the card readers, no device, no file, no machine
#[test]
fn a_card_reader_speaks_to_its_service_alone() {
    let settings = Card {
        reader: "Virtual PCD".to_owned(),
        extended_length: ExtendedLength::AsReaderSays,
        trust: vec![],
        ecards: vec![],
    };
    Stage::new().assert_shut(Class::Card, &settings, &[], LOCAL);
}

/// Fault: worker · a module of a token is taken over → no device that is not at the USB, none of the kiosk's files, no machine
#[test]
fn a_token_has_no_network() {
    let settings = Token {
        modules: vec!["/usr/lib/softhsm/libsofthsm2.so".into()],
        roots: vec![],
        chain: vec![],
        revoked: vec![],
    };
    Stage::new().assert_shut(Class::Token, &settings, &[], LOCAL_AND_USB);
}

/// Fault: worker · the kernel is Debian 12's own, whose Landlock knows no ports → sockets are shut all the same, and what stays open is told
#[test]
fn a_kernel_that_knows_no_ports_shuts_sockets_all_the_same() {
    let stage = Stage::new();
    let serial =
        printer(PrinterPort::Serial { path: "/dev/ttyUSB-none".to_owned(), baud_bps: 9600 });
    let mut tries = stage.tries();
    tries.retain(|what| what != "signal");
    let Report { gaps, tried } = stage.spy(Class::Printer, &serial, &["-DABI=2"], &tries);
    assert_eq!(gaps, [Gap::Signals]);
    for what in tries {
        assert!(["EACCES", "EPERM"].contains(&tried[&what].as_str()), "{what} → {}", tried[&what]);
    }
    // One that needs a connection can have it anywhere: told, since nothing else can be done.
    let tcp = printer(PrinterPort::Tcp("127.0.0.1:9100".to_owned()));
    let anywhere = format!("tcp {}", stage.tcp.local_addr().unwrap().port());
    let report = stage.spy(Class::Printer, &tcp, &["-DABI=2"], std::slice::from_ref(&anywhere));
    assert_eq!(report.gaps, [Gap::Ports, Gap::Signals]);
    assert_eq!(report.tried[&anywhere], "OK");
}

/// Fault: worker · the kernel has no Landlock, or no filter of system calls → the device works, and each gap is told
#[test]
fn a_kernel_without_walls_is_told() {
    let stage = Stage::new();
    let serial =
        printer(PrinterPort::Serial { path: "/dev/ttyUSB-none".to_owned(), baud_bps: 9600 });
    for (kernel, told) in [
        (&["-DABI=0"][..], &[Gap::Files, Gap::Signals][..]),
        (&["-DABI=2", "-DNO_FILTER"], &[Gap::Network, Gap::Signals]),
        (&["-DABI=0", "-DNO_FILTER"], &[Gap::Files, Gap::Network, Gap::Signals]),
    ] {
        let secret = format!("read {}", stage.secret().display());
        let report = stage.spy(Class::Printer, &serial, kernel, std::slice::from_ref(&secret));
        assert_eq!(report.gaps, told, "{kernel:?}");
        assert_eq!(report.tried[&secret] == "OK", told.contains(&Gap::Files), "{kernel:?}");
    }
}
