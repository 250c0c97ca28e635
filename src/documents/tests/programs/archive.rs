//! Is what we write PDF/A, and does it show what was scanned?

use std::path::Path;
use std::process::Command;

use crate::{sample, tool};

/// Apache PDFBox preflight knows PDF/A-1b only. What we write lies inside both 1b and 2b, so the
/// part number is the one thing it may object to.
pub fn preflight(pdf: &Path) -> String {
    let jars = [
        "preflight",
        "pdfbox2",
        "fontbox2",
        "xmpbox",
        "commons-logging",
        "commons-io",
        "bcprov",
        "bcpkix",
        "javax.activation",
        "jaxb-api",
    ];
    let path = jars.map(|jar| format!("/usr/share/java/{jar}.jar")).join(":");
    tool::said(
        Command::new("java")
            .args(["-Xmx256m", "-XX:+UseSerialGC", "-cp", &path])
            .arg("org.apache.pdfbox.preflight.Validator_A1b")
            .arg(pdf),
    )
}

/// The same file declaring itself PDF/A-1b: the packet is not compressed, so one byte changes.
pub fn as_part_1(pdf: &[u8]) -> Vec<u8> {
    replaced(pdf, "<pdfaid:part>2<", "<pdfaid:part>1<")
}

/// Replaces text by text of the same length, exactly once.
fn replaced(pdf: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> =
        (0..pdf.len() - from.len()).filter(|&i| pdf[i..].starts_with(from.as_bytes())).collect();
    let [at] = places[..] else { panic!("{from} stands {} times", places.len()) };
    let mut changed = pdf.to_vec();
    changed[at..at + to.len()].copy_from_slice(to.as_bytes());
    changed
}

#[test]
fn preflight_finds_the_file_valid_and_sabotaged_files_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.pdf");
    let good = as_part_1(&sample::document());
    std::fs::write(&path, &good).unwrap();
    let verdict = preflight(&path);
    assert!(verdict.contains("is a valid PDF/A-1b file"), "{verdict}");

    for (what, from, to) in [
        ("no output intent", "/OutputIntents", "/OutputInTents"),
        ("no metadata in the catalog", "/Metadata ", "/MetaData "),
        ("a broken colour profile", "mntrRGB XYZ ", "mntrXYZ RGB "),
        ("titles that differ", "Hường</rdf:li>", "Hượng</rdf:li>"),
    ] {
        std::fs::write(&path, replaced(&good, from, to)).unwrap();
        let verdict = preflight(&path);
        assert!(verdict.contains("is not a valid PDF/A-1b"), "{what}: {verdict}");
    }
}

#[test]
fn the_file_as_written_differs_from_1b_in_its_part_number_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.pdf");
    std::fs::write(&path, sample::document()).unwrap();
    let verdict = preflight(&path);
    let errors: Vec<&str> =
        verdict.lines().filter(|line| line.starts_with(char::is_numeric)).collect();
    assert!(matches!(errors[..], [only] if only.starts_with("7.11.2")), "{verdict}");
}

#[test]
fn qpdf_and_poppler_agree_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.pdf");
    std::fs::write(&path, sample::document()).unwrap();
    let checked = tool::succeed(Command::new("qpdf").arg("--check").arg(&path));
    assert!(checked.contains("No syntax or stream encoding errors"), "{checked}");

    let info = tool::succeed(Command::new("pdfinfo").args(["-isodates", "-l", "2"]).arg(&path));
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name));
        line.unwrap_or_else(|| panic!("no {name} in {info}")).split_once(':').unwrap().1.trim()
    };
    assert_eq!(field("Title"), sample::TITLE);
    assert_eq!(field("CreationDate"), "2026-11-21T21:05:09+07");
    assert_eq!(field("Pages"), "2");
    // 827 and 1169 pixels at 100 dpi; 1165 and 1654 at 200 dpi.
    assert_eq!(field("Page    1 size"), "595.44 x 841.68 pts (A4)");
    assert_eq!(field("Page    2 size"), "419.4 x 595.44 pts");
    let metadata = tool::succeed(Command::new("pdfinfo").arg("-meta").arg(&path));
    assert!(metadata.contains("2026-11-21T21:05:09+07:00"), "{metadata}");
}

#[test]
fn the_scan_is_shown_upright_and_comes_out_as_it_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.pdf");
    std::fs::write(&path, sample::document()).unwrap();

    let shown =
        tool::run(Command::new("pdftoppm").args(["-r", "20", "-f", "1", "-l", "1"]).arg(&path))
            .stdout;
    // "P6\n165 234\n255\n" then three bytes a pixel.
    let header = shown.split(|&b| b == b'\n').take(3).map(<[u8]>::len).sum::<usize>() + 3;
    let size = String::from_utf8_lossy(&shown[3..header]).into_owned();
    let mut numbers = size.split_whitespace().map(|n| n.parse::<usize>().unwrap());
    let (width, height) = (numbers.next().unwrap(), numbers.next().unwrap());
    let at = |x: usize, y: usize| {
        let start = header + (y * width + x) * 3;
        shown[start..start + 3].to_vec()
    };
    for (x, y, expected) in [
        (width / 4, height / 4, [220, 30, 30]),
        (width * 3 / 4, height / 4, [30, 200, 30]),
        (width / 4, height * 3 / 4, [30, 30, 220]),
        (width * 3 / 4, height * 3 / 4, [250, 250, 250]),
    ] {
        let seen = at(x, y);
        assert!(seen.iter().zip(expected).all(|(a, b)| a.abs_diff(b) < 8), "{x},{y}: {seen:?}");
    }

    tool::succeed(Command::new("pdfimages").arg("-j").arg(&path).arg(folder.path().join("image")));
    assert_eq!(std::fs::read(folder.path().join("image-000.jpg")).unwrap(), sample::color_page());
}
