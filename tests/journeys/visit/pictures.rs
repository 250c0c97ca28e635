//! The pictures that the visit leaves: every promised screen, in both languages, of the right size.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Every screen of a visit, in the order of the story.
const SCREENS: &[&str] = &[
    "out-of-service",
    "welcome",
    "choose-field",
    "ticket-printing",
    "ticket-printed",
    "goodbye",
    "welcome-without-paper",
    "ticket-not-printed",
    "ticket-no-number",
    "welcome-without-center",
    "help",
    "officer-called",
    "identify-typing",
    "identify-typing-wrong",
    "identified-by-typing",
    "idle-warning",
    "wiped",
    "find-procedure",
    "find-procedure-typed",
    "procedure-info",
    "identify",
    "identify-other-code",
    "identified",
    "chip-lay-card",
    "chip-reading",
    "chip-read",
    "form-begun",
    "form-answer-missing",
    "form-1",
    "form-2",
    "form-3",
    "form-4",
    "scan",
    "scan-papers-missing",
    "scan-jammed",
    "scanning",
    "scanned",
    "sign-insert",
    "sign-pin",
    "signing",
    "signed",
    "summary",
    "submitting",
    "submitting-sending",
    "kept-here",
    "received",
    "rate",
    "look-up",
    "look-up-wants-digits",
    "look-up-asking",
    "look-up-not-found",
    "look-up-no-province",
    "dossier-status",
];

/// Looks at all pictures of screens in `folder`, which are of this size.
pub fn judge(folder: &Path, size: (u32, u32)) {
    let promised: BTreeSet<String> = SCREENS
        .iter()
        .enumerate()
        .flat_map(|(at, name)| {
            ["vi", "en"].map(|language| format!("{:02}-{name}.{language}.png", at + 1))
        })
        .collect();
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let names = files.map(|name| name.into_string().unwrap());
    let left: BTreeSet<String> =
        names.filter(|name| name.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert_eq!(left, promised);
    let mut same: BTreeMap<Vec<u8>, Vec<&str>> = BTreeMap::new();
    for name in &left {
        let bytes = fs::read(folder.join(name)).unwrap();
        assert_eq!(measure(&bytes), size, "{name}");
        same.entry(bytes).or_default().push(name);
    }
    let twice: Vec<_> = same.into_values().filter(|names| names.len() > 1).collect();
    // Whoever comes after a citizen who walked away sees what stood there before.
    let wiped =
        [["02-welcome.en.png", "17-wiped.en.png"], ["02-welcome.vi.png", "17-wiped.vi.png"]];
    assert_eq!(twice.into_iter().collect::<BTreeSet<_>>(), wiped.map(Vec::from).into());
}

/// Width and height of a PNG.
pub fn measure(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}
