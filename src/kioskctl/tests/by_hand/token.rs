//! Signing tokens: SoftHSM2 with keys of every kind, and modules that misbehave before it.

use std::{fs, path::Path, process::Command};

use crate::stage::{Bench, project, succeed};

const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "123456\n";

/// A token with keys of RSA and P-256, and who certified them.
fn token(settings: &str) -> Bench {
    let bench = Bench::new("");
    let folder = bench.path("");
    let script = project().join("hardware/signing-token/tests/make-token.sh");
    succeed(Command::new(script).arg(&folder));
    set(&bench, SOFTHSM.as_ref(), settings);
    let configuration = bench.path("softhsm2.conf");
    bench.with("SOFTHSM2_CONF", configuration)
}

fn set(bench: &Bench, module: &Path, settings: &str) {
    let file = bench.path("kiosk.toml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.split("[token]").next().unwrap();
    let token = format!("[token]\nmodules = [\"{}\"]\n{settings}", module.display());
    fs::write(file, format!("{text}{token}")).unwrap();
}

/// A module of `tests/rig/pkcs11_modules` before SoftHSM2.
fn around(bench: &Bench, fault: &str) {
    let made = bench.path("around.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O0", "-w", "-o"]).arg(&made);
    compiler.args([format!("-D{fault}"), format!("-DMODULE=\"{SOFTHSM}\"")]);
    succeed(compiler.arg(project().join("tests/rig/pkcs11_modules/around.c")));
    set(bench, &made, "roots = [\"ca.pem\"]\n");
}

fn openssl(bench: &Bench, arguments: &str) {
    let mut openssl = Command::new("openssl");
    succeed(openssl.current_dir(bench.path("")).args(arguments.split_whitespace()));
}

fn pkcs11_tool(bench: &Bench, arguments: &[&str]) {
    let mut tool = Command::new("pkcs11-tool");
    tool.current_dir(bench.path("")).env("SOFTHSM2_CONF", bench.path("softhsm2.conf"));
    tool.args(["--module", SOFTHSM, "--token-label", "motcua-lab", "--login", "--pin", "123456"]);
    succeed(tool.args(arguments));
}

/// Puts a key made by openssl onto the token, certified for `name`.
fn import(bench: &Bench, id: &str, name: &str, kind: &str) {
    openssl(bench, &format!("genpkey {kind} -out key.pem"));
    let mut import = Command::new("softhsm2-util");
    import.current_dir(bench.path("")).env("SOFTHSM2_CONF", bench.path("softhsm2.conf"));
    import.args("--import key.pem --token motcua-lab --pin 123456 --label it --id".split(' '));
    succeed(import.arg(id));
    openssl(bench, "pkey -in key.pem -pubout -out q.pem");
    certify(bench, name, "it.der");
    pkcs11_tool(
        bench,
        &["--write-object", "it.der", "--type", "cert", "--id", id, "--label", name],
    );
}

/// Certifies the key in `q.pem`.
fn certify(bench: &Bench, name: &str, file: &str) {
    openssl(
        bench,
        &format!(
            "x509 -new -force_pubkey q.pem -CA ca.pem -CAkey ca.key -days 9 -extfile signer.ext \
             -outform DER -out {file} -subj /CN={name}"
        ),
    );
}

#[test]
fn every_kind_of_key_signs_and_its_signature_is_verified_without_the_token() {
    let bench = token("roots = [\"ca.pem\"]\n");
    bench.run("token list").ended(0).says("libsofthsm2.so: can be used");
    bench.run("token status").ended(0).says("a token is there\n");
    import(&bench, "03", "Three", "-algorithm RSA -pkeyopt rsa_keygen_bits:3072");
    import(&bench, "04", "Four", "-algorithm RSA -pkeyopt rsa_keygen_bits:4096");
    import(&bench, "05", "Five", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384");
    let said = bench.run_given("token test", PIN).ended(0);
    for words in [
        "Nguyễn Thị Hường\n  certificate by motcua, valid until ",
        "for declarations of will\n  chain: Nguyễn Thị Hường ← CN=CA thử nghiệm motcua,O=motcua,C=VN\n",
        "the chain ends in a configured root: it may sign; whether it was revoked is not known",
        "signed with RSA-2048 and SHA-256, 256 bytes\n",
        "Trần Văn Bình\n",
        "signed with ECDSA on P-256 and SHA-256, ",
        "signed with RSA-3072 and SHA-256, 384 bytes\n",
        "signed with RSA-4096 and SHA-256, 512 bytes\n",
        "signed with ECDSA on P-384 and SHA-384, ",
    ] {
        assert!(said.out.contains(words), "{words} in {}", said.out);
    }
    let verified = "signature verified with the key of the certificate, without the token";
    assert_eq!(said.out.matches(verified).count(), 5, "{}", said.out);
    let json = bench.run_given("--json token test", PIN).ended(0).out;
    assert_eq!(json.matches(r#""verified":true"#).count(), 5, "{json}");
    assert!(!said.err.contains("123456") && !said.out.contains("123456"), "the PIN was shown");
}

#[test]
fn a_wrong_signature_fails_the_test() {
    let bench = token("");
    around(&bench, "SIGNS_WRONG");
    let said = bench.run_given("token test", PIN);
    let wrong = "signature WRONG: the key of the certificate did not make it";
    assert_eq!(said.out.matches(wrong).count(), 2, "{said:?}");
    let words = "2 of the token's signatures are not those of its certificates";
    said.failed(1, words, "TOK-009");

    // A token that cannot hash is given digests, and what it makes of them is right.
    around(&bench, "CANNOT_HASH");
    bench.run_given("token test", PIN).ended(0);
    around(&bench, "CRASHES");
    bench.run_given("token test", PIN).failed(1, "could not sign with the token", "TOK-001");
}

/// A certificate whose key is another one than that on the token.
#[test]
fn a_certificate_that_belongs_to_another_key_fails_the_test() {
    let bench = token("roots = [\"ca.pem\"]\n");
    for id in ["01", "02"] {
        pkcs11_tool(&bench, &["--delete-object", "--type", "cert", "--id", id]);
    }
    openssl(&bench, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other.pem");
    openssl(&bench, "pkey -in other.pem -pubout -out q.pem");
    certify(&bench, "Other", "other.der");
    let certificate = ["--write-object", "other.der", "--type", "cert", "--id", "01"];
    pkcs11_tool(&bench, &certificate);
    let words = "1 of the token's signatures are not those of its certificates";
    bench.run_given("token test", PIN).failed(1, words, "TOK-009");
}

#[test]
fn what_the_kiosk_would_think_of_a_certificate_is_said() {
    let bench = token("");
    let said = bench.run_given("token test", PIN).says("token.roots names nobody to trust");
    said.failed(1, "the kiosk would let no certificate of this token sign", "TOK-004");

    openssl(&bench, "req -x509 -newkey rsa:2048 -nodes -keyout o.key -out o.pem -subj /CN=Other");
    set(&bench, SOFTHSM.as_ref(), "roots = [\"o.pem\"]\n");
    let stranger = bench.run_given("token test", PIN);
    let stranger = stranger.says("it may not sign: no configured root stands behind");
    stranger.failed(1, "the kiosk would let no certificate", "TOK-004");

    fs::write(bench.path("index"), "").unwrap();
    fs::write(bench.path("number"), "01\n").unwrap();
    let ca = "[ca]\ndefault_ca=it\n[it]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\n";
    fs::write(bench.path("ca.cnf"), ca).unwrap();
    let list = "ca -config ca.cnf -gencrl -crldays 1 -keyfile ca.key -cert ca.pem -out list.pem";
    openssl(&bench, list);
    set(&bench, SOFTHSM.as_ref(), "roots = [\"ca.pem\"]\nrevoked = [\"list.pem\"]\n");
    bench.run_given("token test", PIN).ended(0).says("do not name it as revoked");

    let mut revoked = String::new();
    for id in ["01", "02"] {
        let read = ["--read-object", "--type", "cert", "--id", id, "--output-file", "c.der"];
        pkcs11_tool(&bench, &read);
        let mut serial = Command::new("openssl");
        serial.current_dir(bench.path("")).args(["x509", "-inform", "DER", "-noout", "-serial"]);
        let serial = succeed(serial.args(["-in", "c.der"]));
        let serial = serial.trim().trim_start_matches("serial=");
        revoked += &format!("R\t401231235959Z\t251231235959Z\t{serial}\tunknown\t/CN=any\n");
    }
    fs::write(bench.path("index"), revoked).unwrap();
    openssl(&bench, list);
    let said =
        bench.run_given("token test", PIN).says("it may not sign: the certificate was revoked");
    said.failed(1, "the kiosk would let no certificate", "TOK-004");
}

#[test]
fn a_wrong_pin_or_none_is_said_and_costs_one_try_at_most() {
    let bench = token("roots = [\"ca.pem\"]\n");
    bench.run("token test").failed(1, "no PIN was given", "TOK-007");
    let wrong = bench.run_given("token test", "000000\n");
    wrong.failed(1, "could not sign with the token: the token refused the PIN", "TOK-007");
    fs::remove_dir_all(bench.path("tokens")).unwrap();
    fs::create_dir(bench.path("tokens")).unwrap();
    bench.run("token status").ended(0).says("there is no token");
    bench.run_given("token test", PIN).failed(1, "there is no token", "TOK-010");
    set(&bench, "/nowhere/module.so".as_ref(), "");
    let said = bench.run("token list").says("/nowhere/module.so: left out: it cannot be loaded");
    said.failed(1, "no module can be used", "TOK-005");
    bench.run("token status").failed(1, "could not ask for signing tokens", "TOK-001");
}

/// At a terminal the PIN is asked for and not shown, and Ctrl-C leaves the terminal as it was.
#[test]
fn the_pin_is_typed_unseen() {
    let bench = token("roots = [\"ca.pem\"]\n");
    let drive = r#"
import os, pty, sys, termios
keys, command = sys.argv[1].encode(), sys.argv[2:]
child, line = pty.fork()
if child == 0:
    os.execvp(command[0], command)
seen = b""
while b"PIN: " not in seen:
    seen += os.read(line, 1000)
for key in keys:
    os.write(line, bytes([key]))
local = None
while True:
    try:
        piece = os.read(line, 1000)
    except OSError:
        break
    if not piece:
        break
    local = termios.tcgetattr(line)[3]
    seen += piece
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(seen.decode().replace("\r", ""), end="")
print("status", status, "echo", bool(local & termios.ECHO))
"#;
    fs::write(bench.path("drive.py"), drive).unwrap();
    let type_pin = |keys: &str| {
        bench.script(&format!("python3 drive.py $'{keys}' $KIOSKCTL token test")).ended(0)
    };
    let said = type_pin(r"12345\x7f56\n");
    assert!(said.out.contains("signature verified") && said.out.ends_with("status 0 echo True\n"));
    assert!(!said.out.contains("12345"), "{}", said.out);
    let stopped = type_pin(r"12\x03");
    assert!(stopped.out.contains("kioskctl: stopped\n"), "{}", stopped.out);
    assert!(stopped.out.ends_with("status 130 echo True\n"), "{}", stopped.out);
}
