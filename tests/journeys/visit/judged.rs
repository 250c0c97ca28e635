//! What a whole visit leaves, judged by programs that share no code with ours.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::{
    pictures::{self, measure},
    program::lab,
    tool,
};
use crate::journeys::stage;

/// Dots across the paper.
const PAPER_DOTS: u32 = 576;
/// Whether two pictures show the same.
const SAME: &str = "import sys; from PIL import Image, ImageChops
a, b = (Image.open(path).convert('1') for path in sys.argv[1:])
sys.exit(a.size != b.size or ImageChops.difference(a, b).getbbox() is not None)";

/// A visit that was played.
struct Visit {
    folder: tempfile::TempDir,
}

impl Visit {
    fn play() -> Self {
        let folder = tempfile::tempdir().unwrap();
        stage::make_token(folder.path());
        let visit = Self { folder };
        let pictures = visit.left("");
        let words = ["visit", "--pictures", pictures.to_str().unwrap()];
        let said = tool::succeed(&mut lab(visit.folder.path(), &words));
        for address in ["/console", "/board", "province  ", "bench panel  "] {
            assert!(said.contains(address), "{said}");
        }
        visit
    }

    fn data(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn left(&self, name: &str) -> PathBuf {
        self.data("pictures").join(name)
    }

    /// The documents of the dossier.
    fn documents(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.left("")).unwrap().map(|file| file.unwrap().path());
        let found: Vec<_> = files.filter(|it| it.extension().is_some_and(|e| e == "pdf")).collect();
        assert!(found.len() >= 2, "{found:?}");
        found
    }

    fn openssl(&self, words: &[&str]) -> String {
        tool::said(Command::new("openssl").args(words).current_dir(self.folder.path()))
    }
}

#[test]
fn strangers_agree_with_what_a_whole_visit_leaves() {
    let visit = Visit::play();
    pictures::judge(&visit.left(""), (1080, 1920));
    for document in visit.documents() {
        is_a_signed_pdf(&visit, &document);
    }
    only_the_province_opens_the_package(&visit);
    let submission = the_receipt_is_the_provinces(&visit);
    for (paper, code) in
        [("ticket", "E001"), ("ticket-late", "A001"), ("slip", &format!("MOTCUA1:S:{submission}:"))]
    {
        is_read_from_paper(&visit, paper, code);
    }
}

fn is_a_signed_pdf(visit: &Visit, document: &Path) {
    let checked = tool::succeed(Command::new("qpdf").arg("--check").arg(document));
    assert!(checked.contains("No syntax or stream encoding errors"), "{checked}");

    let authority = visit.data("token/ca.pem");
    let other = visit.data("other.pem");
    let made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Another -keyout other.key -out other.pem";
    visit.openssl(&made.split(' ').collect::<Vec<_>>());
    for (root, trusted) in [(&authority, true), (&other, false)] {
        let verdict = pdfsig(visit, root, document);
        assert!(verdict.contains("Signature Validation: Signature is Valid"), "{verdict}");
        assert!(verdict.contains("Total document signed"), "{verdict}");
        let believed = verdict.contains("Certificate Validation: Certificate is Trusted");
        assert_eq!(believed, trusted, "{verdict}");

        let script = stage::project().join("src/documents/tests/programs/validate_pades.py");
        let said = tool::succeed(Command::new(tool::python()).arg(script).arg(root).arg(document));
        let [line] = said.lines().collect::<Vec<_>>()[..] else { panic!("one signature: {said}") };
        let verdict: Value = serde_json::from_str(line).unwrap();
        assert_eq!(verdict["intact"], true, "{said}");
        assert_eq!(verdict["valid"], true, "{said}");
        assert_eq!(verdict["coverage"], "ENTIRE_FILE", "{said}");
        for believed in ["trusted", "bottom_line"] {
            assert_eq!(verdict[believed], trusted, "{said}");
        }
    }
}

/// What poppler says when `root` is the one authority it trusts.
fn pdfsig(visit: &Visit, root: &Path, document: &Path) -> String {
    let database = tempfile::tempdir_in(visit.folder.path()).unwrap();
    let place = format!("sql:{}", database.path().display());
    let certutil = |words: &[&str]| {
        tool::succeed(Command::new("certutil").args(["-d", &place]).args(words));
    };
    certutil(&["-N", "--empty-password"]);
    certutil(&["-A", "-n", "root", "-t", "CT,C,C", "-i", root.to_str().unwrap()]);
    tool::said(Command::new("pdfsig").args(["-nssdir", &place]).arg(document))
}

fn only_the_province_opens_the_package(visit: &Visit) {
    let opened = visit.data("opened");
    fs::create_dir(&opened).unwrap();
    let age = |key: &Path| {
        let mut age = Command::new("age");
        age.args(["--decrypt", "--identity"])
            .arg(key)
            .arg("--output")
            .arg(visit.data("package.tar"));
        tool::run(age.arg(visit.left("dossier.age")))
    };
    let other = visit.data("another.key");
    tool::succeed(Command::new("age-keygen").arg("--output").arg(&other));
    let refused = age(&other);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("no identity matched"), "{said}");

    let taken = age(&visit.data("province-keys/opening.key"));
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    let tar = visit.data("package.tar");
    tool::succeed(
        Command::new("tar").arg("--extract").arg("--file").arg(tar).arg("-C").arg(&opened),
    );
    for document in visit.documents() {
        let inside = opened.join(document.file_name().unwrap());
        assert_eq!(fs::read(&inside).unwrap(), fs::read(&document).unwrap(), "{inside:?}");
    }
}

/// The paper as an interpreter sees it that shares no code with ours, and what its code says.
fn is_read_from_paper(visit: &Visit, name: &str, says: &str) {
    let picture = visit.left(&format!("paper-{name}.png"));
    let (width, height) = measure(&fs::read(&picture).unwrap());
    assert!(width == PAPER_DOTS && height > PAPER_DOTS, "{name}: {width} × {height}");

    let script = stage::project().join("tests/rig/escpos_read.py");
    let bytes = visit.left(&format!("paper-{name}.escpos"));
    let prefix = visit.data(&format!("read-{name}"));
    let read = tool::succeed(Command::new(tool::python()).arg(script).arg(bytes).arg(&prefix));
    let report: Value = serde_json::from_str(&read).unwrap();
    assert_eq!(report["unknown"], "", "{name}");
    assert_eq!(report["tickets"].as_array().unwrap().len(), 1, "{name}: {read}");
    let seen = visit.data(&format!("read-{name}-1.png"));
    tool::succeed(Command::new(tool::python()).args(["-c", SAME]).arg(&picture).arg(&seen));

    let code = tool::succeed(Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&seen));
    assert!(code.contains(says), "{name}: {code}");
}

/// Returns which submission it is about.
fn the_receipt_is_the_provinces(visit: &Visit) -> String {
    let receipt: Value =
        serde_json::from_slice(&fs::read(visit.left("receipt.json")).unwrap()).unwrap();
    for part in ["payload", "signature"] {
        fs::write(visit.data("part.base64"), receipt[part].as_str().unwrap()).unwrap();
        visit.openssl(&["base64", "-d", "-A", "-in", "part.base64", "-out", part]);
    }
    visit.openssl(&["pkey", "-in", "province-keys/receipt.pem", "-pubout", "-out", "public.pem"]);
    let verify = || {
        let words =
            "pkeyutl -verify -rawin -in payload -sigfile signature -pubin -inkey public.pem";
        visit.openssl(&words.split(' ').collect::<Vec<_>>())
    };
    assert!(verify().contains("Signature Verified Successfully"), "{}", verify());

    let payload = fs::read(visit.data("payload")).unwrap();
    let said: Value = serde_json::from_slice(&payload).unwrap();
    let sum = tool::succeed(Command::new("sha256sum").arg(visit.left("dossier.age")));
    assert_eq!(said["package_sha256"].as_str(), sum.split(' ').next(), "{said}");

    let mut forged = payload;
    *forged.last_mut().unwrap() ^= 1;
    fs::write(visit.data("payload"), forged).unwrap();
    assert!(verify().contains("Verification Failure"), "{}", verify());
    said["submission"].as_str().unwrap().to_owned()
}
