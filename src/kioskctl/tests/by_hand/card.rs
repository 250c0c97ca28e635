//! The ID-card reader: the real PC/SC service, its virtual reader, and the chip in software.

use crate::stage::{Bench, Said, project, python};

/// Namespaces with a service of their own, and the chip laid on the reader when `$OPTIONS` are set.
const STAGE: &str = r#"
exec unshare --map-root-user --mount --net --pid --fork --kill-child timeout 100 bash -c '
set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
pcscd --foreground >/dev/null 2>&1 &
service=$!
until [ -S /run/pcscd/pcscd.comm ]; do sleep 0.05; done
lay() {
    $CHIP --vpcd 127.0.0.1:35963 "$@" >/dev/null 2>&1 &
    until $KIOSKCTL card status | grep -q "a card is there"; do sleep 0.1; done
}
set +e
'"$1"
"#;

fn reader(settings: &str) -> Bench {
    Bench::new(&format!("[card]\nreader = \"virtual\"\n{settings}"))
}

/// Runs a script beside the service; `lay` in it lays a card down.
fn at_reader(bench: &Bench, script: &str) -> Said {
    let chip =
        format!("{} {}", python().display(), project().join("tests/rig/id_card.py").display());
    let quoted = script.replace('\'', r#"'"'"'"#);
    let stage = STAGE.replace(r#"'"$1""#, &format!("{quoted}'"));
    let mut shell = bench.shell(&stage);
    let output = shell.env("CHIP", chip).output().unwrap();
    Said::from(output)
}

#[test]
fn a_chip_is_read_and_what_it_proved_is_said() {
    let bench = reader("trust = [\"authority.pem\"]\n");
    std::fs::write(bench.path("authority.pem"), "").unwrap();
    let said = at_reader(
        &bench,
        "sed -i /trust/d kiosk.toml; $KIOSKCTL card list; lay --authority authority.pem;
         echo 'trust = [\"authority.pem\"]' >>kiosk.toml;
         $KIOSKCTL card test --can 000001; echo status $?;
         echo 000001 | $KIOSKCTL --json card test; echo status $?",
    );
    let said = said.ended(0);
    for words in [
        "Virtual PCD 00 00\n",
        "data unchanged: proven\nsignature: proven\nissuer: proven\nchip authentication: proven\n",
        "opened with PACE; ",
        "status 0\n{\"check\":\"data unchanged\",\"finding\":\"proven\"}\n",
    ] {
        assert!(said.out.contains(words), "{words} in {said:?}");
    }
    assert!(said.out.ends_with("status 0\n"), "{said:?}");
    for personal in ["AN", "An", "001099000001"] {
        assert!(!said.out.contains(personal), "{personal} was shown");
    }
}

#[test]
fn a_card_that_proves_nothing_fails_the_test() {
    let bench = reader("");
    let altered = "lay --tamper dg13; $KIOSKCTL card test --can 000001";
    let said =
        at_reader(&bench, altered).says("data unchanged: FAILED: Dg13 is not what was signed");
    said.failed(1, "failed a check that must hold: data unchanged", "CRD-003");
    let copied = at_reader(&bench, "lay --copied; $KIOSKCTL card test --can 000001");
    copied.failed(1, "the chip failed a check that must hold: chip authentication", "CRD-003");
    // Nobody was set up whom to trust: that is said, and no fault of the card.
    let unknown = at_reader(&bench, "lay; $KIOSKCTL card test --can 000001").ended(0);
    unknown.says("issuer: FAILED: the issuer is not in the trust store");
}

#[test]
fn what_is_wrong_at_the_reader_is_said_with_its_remedy() {
    let bench = reader("");
    let test = "$KIOSKCTL card test --can 000001";
    for (script, words, code) in [
        (test.to_owned(), "no card lies on the reader", "CRD-008"),
        ("lay; $KIOSKCTL card test --can 000002".into(), "the chip refused the key", "CRD-006"),
        ("lay; $KIOSKCTL card test --can 12".into(), "an access number has six digits", "CRD-006"),
        ("lay; $KIOSKCTL card test </dev/null".into(), "six digits", "CRD-006"),
        (format!("lay --fault drop@12; {test}"), "the card left the reader", "CRD-004"),
        (format!("lay --fault short@12; {test}"), "its protocol does not allow", "WRK-004"),
        (format!("lay; kill -9 $service; {test}"), "the PC/SC service is not there", "CRD-001"),
        ("kill -9 $service; $KIOSKCTL card status".into(), "service is not there", "CRD-001"),
        ("kill -9 $service; $KIOSKCTL card list".into(), "ask the PC/SC service", "CRD-001"),
    ] {
        at_reader(&bench, &script).failed(1, words, code);
    }
    let other = Bench::new("[card]\nreader = \"another make\"\n");
    at_reader(&other, "$KIOSKCTL card status").failed(
        1,
        "no reader that the settings mean",
        "CRD-001",
    );
    at_reader(&bench, "$KIOSKCTL card status").ended(0).says("the reader is there, and no card");
}
