//! A certificate authority and signers for one test, made by openssl.

use std::path::{Path, PathBuf};
use std::process::Command;

use documents::pades::{SignerCertificate, prepare};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::tool;

/// A key with its certificate.
pub struct Signer {
    pub certificate: SignerCertificate,
    key: PathBuf,
    /// Which openssl is to use.
    digest: &'static str,
}

/// The authority's folder, removed with it.
pub struct Authority(TempDir);

impl Authority {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        openssl(
            folder.path(),
            &format!(
                "req -x509 -newkey {EC} -nodes -days 2 -subj /CN=Test-root -keyout ca.key -out ca.pem -addext keyUsage=critical,keyCertSign,cRLSign"
            ),
        );
        Self(folder)
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn rsa(&self) -> Signer {
        self.signer("rsa", "rsa:2048")
    }

    pub fn p256(&self) -> Signer {
        self.signer("p256", EC)
    }

    pub fn p384(&self) -> Signer {
        let mut signer = self.signer("p384", "ec -pkeyopt ec_paramgen_curve:P-384");
        signer.digest = "-sha384";
        signer
    }

    /// A certificate for documents, with a new key.
    pub fn signer(&self, name: &str, key: &str) -> Signer {
        let certificate = self.issue(name, key);
        let root = self.der("ca");
        Signer {
            certificate: SignerCertificate::new(&certificate, &[root]).unwrap(),
            key: self.folder().join(format!("{name}.key")),
            digest: "-sha256",
        }
    }

    /// Issues and returns a certificate, DER.
    pub fn issue(&self, name: &str, key: &str) -> Vec<u8> {
        let folder = self.folder();
        std::fs::write(
            folder.join("document.ext"),
            "keyUsage=critical,digitalSignature,nonRepudiation\nbasicConstraints=CA:FALSE\n",
        )
        .unwrap();
        openssl(
            folder,
            &format!(
                "req -new -newkey {key} -nodes -subj /CN=Signer-{name} -keyout {name}.key -out {name}.csr"
            ),
        );
        openssl(
            folder,
            &format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -extfile document.ext -out {name}.pem"
            ),
        );
        self.der(name)
    }

    /// A certificate that was issued, DER.
    pub fn der(&self, name: &str) -> Vec<u8> {
        openssl(self.folder(), &format!("x509 -in {name}.pem -outform DER -out {name}.der"));
        std::fs::read(self.folder().join(format!("{name}.der"))).unwrap()
    }
}

impl Signer {
    /// Both steps, the key being used by openssl.
    pub fn sign(&self, pdf: &[u8]) -> Vec<u8> {
        let prepared = prepare(pdf, &self.certificate, now()).unwrap();
        let signature = self.signature(prepared.to_be_signed());
        prepared.finish(&signature).unwrap()
    }

    pub fn signature(&self, message: &[u8]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let (message_path, out) = (folder.path().join("m"), folder.path().join("s"));
        std::fs::write(&message_path, message).unwrap();
        tool::succeed(
            Command::new("openssl")
                .args(["dgst", self.digest, "-sign"])
                .arg(&self.key)
                .arg("-out")
                .arg(&out)
                .arg(&message_path),
        );
        std::fs::read(out).unwrap()
    }
}

#[expect(clippy::disallowed_methods, reason = "openssl makes certificates valid from now on")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

const EC: &str = "ec -pkeyopt ec_paramgen_curve:P-256";

fn openssl(folder: &Path, arguments: &str) {
    tool::succeed(Command::new("openssl").current_dir(folder).args(arguments.split(' ')));
}
