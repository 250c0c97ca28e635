//! Chains, roots and revocation, with authorities that openssl plays.

use std::path::Path;
use std::process::Command;

use documents::trust::{Distrust, Revocation, TrustError, TrustStore, Trusted};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::pki::now;
use crate::tool;

/// Authorities and certificates in one folder: NAME.key, NAME.pem, NAME.der.
struct Folder(TempDir);

const EC: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
const AUTHORITY: &str =
    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
const SIGNER: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n\
     extendedKeyUsage=clientAuth,emailProtection\n";

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        std::fs::write(folder.path().join("authority.ext"), AUTHORITY).unwrap();
        std::fs::write(folder.path().join("signer.ext"), SIGNER).unwrap();
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn openssl(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        tool::succeed(command.current_dir(self.path()).args(arguments.split_whitespace()));
    }

    fn der(&self, name: &str) -> Vec<u8> {
        self.openssl(&format!("x509 -in {name}.pem -outform DER -out {name}.der"));
        std::fs::read(self.path().join(format!("{name}.der"))).unwrap()
    }

    /// An authority that answers for itself.
    fn root(&self, name: &str, called: &str) -> Vec<u8> {
        self.openssl(&format!(
            "req -x509 {EC} -nodes -days 9 -subj /CN={called} -keyout {name}.key -out {name}.pem \
             -addext keyUsage=critical,keyCertSign,cRLSign"
        ));
        self.der(name)
    }

    /// A certificate by `issuer`; `kind` is `authority` or `signer`.
    fn issue(&self, issuer: &str, name: &str, kind: &str, days: u32) -> Vec<u8> {
        self.openssl(&format!(
            "req -new {EC} -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr"
        ));
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial \
             -days {days} -extfile {kind}.ext -out {name}.pem"
        ));
        self.der(name)
    }

    /// The list of `issuer` for one day, naming the certificates `revoked`.
    fn list(&self, issuer: &str, revoked: &[&str]) -> Vec<u8> {
        let mut index = String::new();
        for name in revoked {
            let mut command = Command::new("openssl");
            command.current_dir(self.path()).args(["x509", "-noout", "-serial", "-in"]);
            let said = tool::succeed(command.arg(format!("{name}.pem")));
            let serial = said.trim().trim_start_matches("serial=");
            index += &format!("R\t301231235959Z\t251231235959Z\t{serial}\tunknown\t/CN={name}\n");
        }
        std::fs::write(self.path().join("index"), index).unwrap();
        std::fs::write(self.path().join("number"), "01\n").unwrap();
        let settings = "[ca]\ndefault_ca=it\n[it]\ndatabase=index\ncrlnumber=number\n\
             default_md=sha256\n";
        std::fs::write(self.path().join("ca.cnf"), settings).unwrap();
        self.openssl(&format!(
            "ca -config ca.cnf -gencrl -crldays 1 -keyfile {issuer}.key -cert {issuer}.pem \
             -out list.pem"
        ));
        self.openssl("crl -in list.pem -outform DER -out list.der");
        std::fs::read(self.path().join("list.der")).unwrap()
    }
}

fn store(roots: &[&Vec<u8>], below: &[&Vec<u8>], lists: &[&Vec<u8>]) -> TrustStore {
    let owned = |all: &[&Vec<u8>]| all.iter().map(|it| (*it).clone()).collect::<Vec<_>>();
    TrustStore::new(&owned(roots), owned(below), &owned(lists)).unwrap()
}

fn in_days(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

/// What comes out but for the chain.
fn revocation(judged: Result<Trusted, Distrust>) -> Result<Revocation, Distrust> {
    judged.map(|trusted| trusted.revocation)
}

#[test]
fn a_chain_leads_over_what_came_with_the_certificate_or_lies_in_the_store() {
    let folder = Folder::new();
    let root = folder.root("root", "Root");
    let middle = folder.issue("root", "middle", "authority", 9);
    let signer = folder.issue("middle", "signer", "signer", 9);
    let found = Ok(Trusted { chain: vec![middle.clone()], revocation: Revocation::Unknown });
    let bare = store(&[&root], &[], &[]);
    assert_eq!(bare.judge(&signer, &[], now()), Err(Distrust::Untrusted));
    assert_eq!(bare.judge(&signer, std::slice::from_ref(&middle), now()), found);
    assert_eq!(store(&[&root], &[&middle], &[]).judge(&signer, &[], now()), found);

    let direct = folder.issue("root", "direct", "signer", 9);
    let none_between = Ok(Trusted { chain: vec![], revocation: Revocation::Unknown });
    assert_eq!(bare.judge(&direct, &[middle], now()), none_between);
}

/// Fault: token · its certificate leads to no configured root → nothing is signed, the citizen is told
#[test]
fn nothing_but_a_configured_root_makes_a_certificate_trusted() {
    let folder = Folder::new();
    let root = folder.root("root", "Root");
    let stranger = folder.root("stranger", "Stranger");
    let theirs = folder.issue("stranger", "theirs", "signer", 9);
    let beside = [stranger.clone()];
    assert_eq!(store(&[], &[], &[]).judge(&theirs, &beside, now()), Err(Distrust::Untrusted));
    assert_eq!(store(&[&root], &[], &[]).judge(&theirs, &beside, now()), Err(Distrust::Untrusted));
    assert!(store(&[&stranger], &[], &[]).judge(&theirs, &[], now()).is_ok());
    // A signer is no authority, whoever certified it.
    let signer = folder.issue("root", "signer", "signer", 9);
    let forged = folder.issue("signer", "forged", "signer", 9);
    let trusting = store(&[&root], &[], &[]);
    assert_eq!(trusting.judge(&forged, &[signer], now()), Err(Distrust::Untrusted));
}

/// Fault: token · its issuer only bears the name of a trusted authority → nothing is signed
#[test]
fn an_authority_is_known_by_its_key_and_not_by_its_name() {
    let folder = Folder::new();
    let real = folder.root("real", "National-Root");
    let impostor = folder.root("impostor", "National-Root");
    let forged = folder.issue("impostor", "forged", "signer", 9);
    let genuine = folder.issue("real", "genuine", "signer", 9);
    let trusting = store(&[&real], &[], &[]);
    assert_eq!(
        trusting.judge(&forged, std::slice::from_ref(&impostor), now()),
        Err(Distrust::Untrusted)
    );
    assert!(trusting.judge(&genuine, std::slice::from_ref(&impostor), now()).is_ok());
    // With both known, each certificate finds the one whose key signed it.
    for roots in [[&real, &impostor], [&impostor, &real]] {
        assert!(store(&roots, &[], &[]).judge(&genuine, &[], now()).is_ok());
        assert!(store(&roots, &[], &[]).judge(&forged, &[], now()).is_ok());
    }
    // The impostor's list says nothing about the other's certificates.
    let false_list = folder.list("impostor", &["genuine"]);
    let judged = store(&[&real], &[], &[&false_list]).judge(&genuine, &[], now());
    assert_eq!(revocation(judged), Ok(Revocation::Unknown));
}

/// Fault: token · its certificate, or that of its issuer, has expired → nothing is signed, the citizen is told
#[test]
fn certificates_have_their_time() {
    let folder = Folder::new();
    let root = folder.root("root", "Root");
    let middle = folder.issue("root", "middle", "authority", 3);
    let long = folder.issue("middle", "long", "signer", 9);
    let short = folder.issue("middle", "short", "signer", 1);
    let trusting = store(&[&root], &[&middle], &[]);
    for (certificate, days, expected) in [
        (&short, 0, Ok(Revocation::Unknown)),
        (&short, 2, Err(Distrust::Expired)),
        (&short, -1, Err(Distrust::NotYetValid)),
        (&long, 2, Ok(Revocation::Unknown)),
        (&long, 4, Err(Distrust::Expired)),
    ] {
        let judged = trusting.judge(certificate, &[], in_days(days));
        assert_eq!(revocation(judged), expected, "in {days} days");
    }
}

/// Fault: token · its certificate, or that of its issuer, was revoked → nothing is signed, the citizen is told
#[test]
fn a_revoked_certificate_is_refused_and_silence_is_no_clearance() {
    let folder = Folder::new();
    let root = folder.root("root", "Root");
    let middle = folder.issue("root", "middle", "authority", 9);
    let signer = folder.issue("middle", "signer", "signer", 9);
    let root_clears = folder.list("root", &[]);
    let root_revokes = folder.list("root", &["middle"]);
    let middle_clears = folder.list("middle", &[]);
    let middle_revokes = folder.list("middle", &["signer"]);
    for (lists, days, expected) in [
        (&[&root_clears, &middle_clears][..], 0, Ok(Revocation::NotRevoked)),
        (&[&middle_clears], 0, Ok(Revocation::Unknown)),
        (&[&root_clears], 0, Ok(Revocation::Unknown)),
        (&[], 0, Ok(Revocation::Unknown)),
        (&[&root_clears, &middle_clears], 2, Ok(Revocation::Unknown)),
        (&[&middle_revokes], 0, Err(Distrust::Revoked)),
        (&[&middle_clears, &middle_revokes], 0, Err(Distrust::Revoked)),
        (&[&middle_revokes], 2, Err(Distrust::Revoked)),
        (&[&root_revokes, &middle_clears], 0, Err(Distrust::Revoked)),
    ] {
        let judged = store(&[&root], &[&middle], lists).judge(&signer, &[], in_days(days));
        assert_eq!(revocation(judged), expected, "{} lists in {days} days", lists.len());
    }
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    let folder = Folder::new();
    let root = folder.root("root", "Root");
    let bad = || vec![b"no certificate".to_vec()];
    assert_eq!(TrustStore::new(&bad(), vec![], &[]).unwrap_err(), TrustError::BadRoot);
    assert_eq!(TrustStore::new(&[], vec![], &bad()).unwrap_err(), TrustError::BadList);
    let signer = folder.issue("root", "signer", "signer", 9);
    let trusting = TrustStore::new(&[root], bad(), &[]).unwrap();
    assert_eq!(trusting.judge(b"no certificate", &[], now()), Err(Distrust::Unreadable));
    assert!(trusting.judge(&signer, &bad(), now()).is_ok(), "junk beside it harms nobody");
}
