//! What every source file keeps to: its size, its head, its name, and words that may not stand.

use crate::lexer::{self, Parts, is_word};

/// A longer file is two files.
const MOST_LINES: usize = 500;
/// Nine files of ten are at most this long: the tail is where beauty is lost.
const MOST_LINES_OF_NINE_IN_TEN: usize = 300;
/// Tables, long by their nature and counted apart.
const TABLES: &[&str] = &[];
/// Drawers into which anything is thrown.
const DRAWERS: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];

/// Everything there is to say about one Rust or Slint file.
pub fn findings(path: &str, text: &str) -> Vec<String> {
    let parts = lexer::split(text);
    [
        length(path, text),
        head(path, text),
        name(path),
        crate_wide_exception(path, &parts),
        unfinished_code(&parts),
        bare_ignore(&parts),
        left_over_name(&parts),
        own_colour(path, &parts),
        note_to_self(&parts.comments),
    ]
    .into_iter()
    .flatten()
    .map(|finding| format!("{path}: {finding}"))
    .collect()
}

/// How long the longest of the shorter nine tenths is, if that is too long.
pub fn tail(lengths: impl IntoIterator<Item = usize>) -> Option<String> {
    let mut lengths: Vec<usize> = lengths.into_iter().collect();
    lengths.sort_unstable();
    let ninth = *lengths.get((lengths.len() * 9).div_ceil(10).checked_sub(1)?)?;
    (ninth > MOST_LINES_OF_NINE_IN_TEN).then(|| {
        format!(
            "one file in ten has {ninth} lines or more; {MOST_LINES_OF_NINE_IN_TEN} is the most"
        )
    })
}

/// A comment that puts work off must name the issue that carries it.
pub fn note_to_self(comments: &str) -> Option<String> {
    let numbered = |after: &str| {
        let issue = after.trim_start_matches(['(', ' ', ':']).strip_prefix('#');
        issue.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
    };
    ["TODO", "FIXME"]
        .into_iter()
        .find(|mark| !after_each(comments, mark).all(numbered))
        .map(|mark| format!("{mark} names no issue (write {mark} #12)"))
}

fn length(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > MOST_LINES && !TABLES.contains(&path))
        .then(|| format!("{lines} lines; {MOST_LINES} is the most: split it by noun"))
}

/// Slint files may import before they speak.
fn head(path: &str, text: &str) -> Option<String> {
    let (mark, first) = if path.ends_with(".slint") {
        let code = |line: &&str| !line.is_empty() && !line.starts_with("import ");
        ("// ", text.lines().find(code).unwrap_or_default())
    } else {
        ("//! ", text)
    };
    (!first.starts_with(mark)).then(|| format!("does not begin with `{mark}` and what it is for"))
}

fn name(path: &str) -> Option<String> {
    if path.ends_with("/mod.rs") {
        return Some("modules are name.rs beside name/, not mod.rs".to_owned());
    }
    let drawer = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    let drawer = drawer.into_iter().find(|part| DRAWERS.contains(part))?;
    Some(format!("`{drawer}` says nothing: name what it holds"))
}

fn crate_wide_exception(path: &str, parts: &Parts) -> Option<String> {
    let of_crate = ["lib.rs", "main.rs", "build.rs"].iter().any(|root| path.ends_with(root));
    if path.ends_with("/generated.rs") {
        return None; // a tool's output keeps to the tool's rules, behind its own module
    }
    if parts.code.contains("#![allow") || (of_crate && parts.code.contains("#![expect")) {
        return Some("an exception stands on the item it is for, as #[expect]".to_owned());
    }
    None
}

fn unfinished_code(parts: &Parts) -> Option<String> {
    ["todo!", "unimplemented!"]
        .into_iter()
        .find(|word| after_each(&parts.code, word).next().is_some())
        .map(|word| format!("{word} is not finished"))
}

fn bare_ignore(parts: &Parts) -> Option<String> {
    parts.code.contains("#[ignore").then(|| "a test that is not run is no test".to_owned())
}

fn left_over_name(parts: &Parts) -> Option<String> {
    parts
        .code
        .split(|c| !is_word(c))
        .find(|word| {
            ["legacy", "Legacy", "LEGACY", "deprecated_"].iter().any(|mark| word.contains(mark))
                || word.ends_with("_old")
        })
        .map(|word| format!("`{word}`: what is replaced is deleted"))
}

/// One place decides how it looks; `#` begins nothing but a colour in Slint.
fn own_colour(path: &str, parts: &Parts) -> Option<String> {
    let bound = path.ends_with(".slint") && !path.ends_with("/theme.slint");
    (bound && parts.code.contains('#')).then(|| "a colour outside theme.slint".to_owned())
}

/// The text after each `word` that is not a part of a longer one.
pub fn after_each<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let (before, after) = (text.get(..at)?, text.get(at + word.len()..)?);
        let runs_on = word.ends_with(is_word) && after.starts_with(is_word);
        (!before.ends_with(is_word) && !runs_on).then_some(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_file_is_left_in_peace() {
        let text = "//! What it is for.\n\n/// Older than a todo.\n#[expect(clippy::x, reason = \"y\")]\n\
                    fn threshold() -> &'static str { \"legacy TODO todo!()\" } // TODO #7: tune\n";
        assert_eq!(findings("src/app/src/outbox.rs", text), Vec::<String>::new());
        let generated =
            "//! By slint.\n#![allow(clippy::restriction, reason = \"written by slint-build\")]";
        assert_eq!(findings("ui/src/generated.rs", generated), Vec::<String>::new());
        assert_eq!(
            findings("ui/welcome.slint", "import { A } from \"a.slint\";\n\n// The start.\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn each_fault_is_found() {
        let long = format!("//! Long.\n{}", "fn f() {}\n".repeat(MOST_LINES));
        for (path, text, said) in [
            ("a.rs", long.as_str(), "501 lines"),
            ("a.rs", "fn a() {}", "does not begin with `//! `"),
            ("a.slint", "component A {}", "does not begin with `// `"),
            ("src/app/src/outbox/mod.rs", "//! A.", "not mod.rs"),
            ("src/utils.rs", "//! A.", "`utils` says nothing"),
            ("src/common/a.rs", "//! A.", "`common` says nothing"),
            ("a.rs", "//! A.\n#![allow(dead_code)]", "stands on the item"),
            ("src/lib.rs", "//! A.\n#![expect(dead_code, reason = \"\")]", "stands on the item"),
            ("a.rs", "//! A.\nfn a() { todo!() }", "todo! is not finished"),
            ("a.rs", "//! A.\nfn a() { unimplemented!() }", "unimplemented! is not finished"),
            ("a.rs", "//! A.\n#[ignore = \"slow\"]", "no test"),
            ("a.rs", "//! A.\nmod legacy_queue;", "`legacy_queue`"),
            ("a.rs", "//! A.\nfn read_old() {}", "`read_old`"),
            ("a.rs", "//! A.\nstruct DeprecatedLegacy;", "`DeprecatedLegacy`"),
            ("a.rs", "//! A.\n// TODO: later", "TODO names no issue"),
            ("ui/a.slint", "// A.\nexport component A { background: #fff; }", "a colour outside"),
            ("a.slint", "// A.\n/* FIXME(me) */", "FIXME names no issue"),
        ] {
            let found = findings(path, text);
            assert!(found.len() == 1 && found[0].contains(said), "{path} {said}: {found:?}");
        }
    }

    #[test]
    fn nine_files_of_ten_are_short() {
        let lengths =
            |long: usize| std::iter::repeat_n(400, long).chain(std::iter::repeat_n(10, 10 - long));
        assert_eq!(tail(lengths(1)), None);
        assert!(tail(lengths(2)).unwrap().contains("400 lines"));
        assert_eq!(tail([]), None);
    }
}
