//! A token of its own for each test.
//!
//! SoftHSM2 finds its tokens through an environment variable, and a module has one state per
//! process. So a test first makes a token and then runs itself again in a process that has the
//! variable.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hardware_api::{SignAlgorithm, SigningIdentity};

/// Set in the second process: the token's folder.
const FOLDER: &str = "MOTCUA_TEST_TOKEN";

/// Runs `body` in a process with a fresh token; `name` is the test's own path.
pub fn with_token(name: &str, prepare: impl FnOnce(&Path), body: impl FnOnce(&Path)) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return body(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/make-token.sh");
    succeed(Command::new(script).arg(folder.path()));
    prepare(folder.path());
    let again = succeed(
        Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture"])
            .env("SOFTHSM2_CONF", folder.path().join("softhsm2.conf"))
            .env(FOLDER, folder.path()),
    );
    assert!(again.contains("1 passed"), "{name} is not the name of the test: {again}");
}

pub fn module() -> PathBuf {
    PathBuf::from("/usr/lib/softhsm/libsofthsm2.so")
}

/// Runs to the end; a program that is not installed fails the test.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} could not be run: {error}"))
}

/// Must succeed.
pub fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}{errors}");
    text
}

/// `pkcs11-tool` on the token, logged in.
pub fn pkcs11_tool(folder: &Path, arguments: &[&str]) {
    succeed(
        Command::new("pkcs11-tool")
            .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
            .current_dir(folder)
            .arg("--module")
            .arg(module())
            .args(["--token-label", "motcua-lab", "--login", "--pin", "123456"])
            .args(arguments),
    );
}

/// Makes a key on the token with a certificate of the test's authority.
pub fn add_key(folder: &Path, id: &str, kind: &str, options: &[&str]) {
    let key = ["--keypairgen", "--key-type", kind, "--id", id, "--label", kind];
    pkcs11_tool(folder, &[&key[..], options].concat());
    let public = ["--read-object", "--type", "pubkey", "--id", id, "--output-file", "q.der"];
    pkcs11_tool(folder, &public);
    add_certificate(folder, id, "-force_pubkey q.der -keyform DER");
}

/// Puts a P-384 key onto the token: `pkcs11-tool` of OpenSC 0.23 cannot read back the public half
/// of one that was born there.
pub fn import_p384(folder: &Path, id: &str) {
    openssl(folder, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem");
    succeed(
        Command::new("softhsm2-util")
            .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
            .current_dir(folder)
            .args("--import p384.pem --token motcua-lab --label p384 --pin 123456 --id".split(' '))
            .arg(id),
    );
    openssl(folder, "pkey -in p384.pem -pubout -out q.pem");
    add_certificate(folder, id, "-force_pubkey q.pem");
}

fn add_certificate(folder: &Path, id: &str, key: &str) {
    openssl(
        folder,
        &format!(
            "x509 -new {key} -CA ca.pem -CAkey ca.key -days 9 -extfile signer.ext -outform DER \
             -out qc.der -subj /CN=Holder-of-{id}"
        ),
    );
    let certificate = ["--write-object", "qc.der", "--type", "cert", "--id", id, "--label", id];
    pkcs11_tool(folder, &certificate);
}

fn openssl(folder: &Path, arguments: &str) {
    let mut openssl = Command::new("openssl");
    succeed(openssl.current_dir(folder).args(arguments.split_whitespace()));
}

/// Asks openssl whether the certificate's key made the signature.
pub fn verifies(
    folder: &Path,
    identity: &SigningIdentity,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let path = |name: &str| folder.join(name);
    std::fs::write(path("c.der"), &identity.certificate).unwrap();
    std::fs::write(path("message"), message).unwrap();
    std::fs::write(path("signature"), signature).unwrap();
    openssl(folder, "x509 -inform DER -in c.der -noout -pubkey -out c.pub");
    let digest = match identity.algorithm {
        SignAlgorithm::RsaPkcs1Sha256 | SignAlgorithm::EcdsaP256Sha256 => "-sha256",
        SignAlgorithm::EcdsaP384Sha384 => "-sha384",
    };
    let mut verify = Command::new("openssl");
    verify.current_dir(folder).args(["dgst", digest, "-verify", "c.pub", "-signature"]);
    run(verify.args(["signature", "message"])).status.success()
}
