//! The table of faults in `hardware/README.md`, made of the tests: a test of a fault says so in a
//! line of its documentation, `Fault: class · what happens → what is done about it`.

use system_tests::tree::Tree;

/// The page, and the marks its table stands between.
pub const PAGE: &str = "hardware/README.md";
const BEGIN: &str = "<!-- faults: generated -->\n";
const END: &str = "<!-- end of faults -->";

/// Classes of devices, in the order of the table, with their headings.
const CLASSES: &[(&str, &str)] = &[
    ("printer", "Thermal printer"),
    ("scanner", "Document scanner"),
    ("code", "Code reader"),
    ("card", "ID card and reader"),
    ("token", "Signing token"),
    ("worker", "Worker process"),
];

/// One fault and the test that has it happen.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    class: String,
    happens: String,
    done: String,
    test: String,
    path: String,
}

/// The faults one source tests, and what is wrong with its lines about them.
pub fn of(path: &str, text: &str) -> (Vec<Fault>, Vec<String>) {
    let (mut faults, mut wrong) = (vec![], vec![]);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for (at, line) in lines.iter().enumerate() {
        let Some(said) = line.strip_prefix("/// Fault: ") else { continue };
        let mut complain = |what: &str| wrong.push(format!("{path}:{}: {what}", at + 1));
        let Some((class, (happens, done))) = said
            .split_once(" · ")
            .and_then(|(class, rest)| Some((class, rest.split_once(" → ")?)))
            .filter(|(class, _)| CLASSES.iter().any(|(known, _)| known == class))
        else {
            complain("not `Fault: class · what happens → what is done`");
            continue;
        };
        match test_below(lines.iter().skip(at)) {
            Some(test) => faults.push(Fault {
                class: class.to_owned(),
                happens: happens.to_owned(),
                done: done.to_owned(),
                test: test.to_owned(),
                path: path.to_owned(),
            }),
            None => complain("a fault without a test below it"),
        }
    }
    (faults, wrong)
}

/// The name of the function below, if it is a test.
fn test_below<'a>(lines: impl Iterator<Item = &'a &'a str>) -> Option<&'a str> {
    let mut is_test = false;
    for line in lines {
        is_test |= line.starts_with("#[") && line.contains("test");
        // A journey is made by a macro, whose first word is the test's name.
        if let Some(journey) = line.strip_suffix(',').filter(|name| is_name(name)) {
            return Some(journey);
        }
        let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        if let Some(function) = function {
            return is_test.then(|| function.split('(').next().unwrap_or(function));
        }
        if !line.starts_with("///") && !line.starts_with("#[") && !line.ends_with(['(', ',', ']']) {
            return None;
        }
    }
    None
}

fn is_name(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// All faults of the repository in the order of the table, and what is wrong.
pub fn all(tree: &Tree) -> (Vec<Fault>, Vec<String>) {
    let (mut faults, mut wrong) = (vec![], vec![]);
    let sources = tree.files_ending(&[".rs"]).filter(|path| !path.starts_with("tests/docs"));
    for path in sources {
        let Ok(text) = tree.read(path) else { continue };
        let (of_one, wrong_in_one) = of(path, &text);
        faults.extend(of_one);
        wrong.extend(wrong_in_one);
    }
    (faults, wrong)
}

/// The table, class by class.
pub fn table(faults: &[Fault]) -> String {
    let mut page = String::new();
    for (class, heading) in CLASSES {
        let mut rows: Vec<&Fault> = faults.iter().filter(|fault| fault.class == *class).collect();
        if rows.is_empty() {
            continue;
        }
        rows.sort_by(|a, b| (&a.happens, &a.test).cmp(&(&b.happens, &b.test)));
        page += &format!("### {heading}\n| fault | what is done | test |\n|---|---|---|\n");
        for Fault { happens, done, test, path, .. } in rows {
            page += &format!("| {happens} | {done} | [{test}](../{path}) |\n");
        }
        page.push('\n');
    }
    page
}

/// The page with its table renewed, or `None` when its marks are gone.
pub fn renewed(page: &str, table: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_with_its_test_and_stands_in_the_table() {
        let text = "/// Fault: printer · paper out → held and told\n\
                    #[test]\nfn paper_out() {}\n\
                    /// Waits.\n/// Fault: card · mute → given up\n#[tokio::test]\nasync fn mute() {}\n";
        let (faults, wrong) = of("hardware/x.rs", text);
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(
            table(&faults),
            "### Thermal printer\n| fault | what is done | test |\n|---|---|---|\n\
             | paper out | held and told | [paper_out](../hardware/x.rs) |\n\n\
             ### ID card and reader\n| fault | what is done | test |\n|---|---|---|\n\
             | mute | given up | [mute](../hardware/x.rs) |\n\n"
        );
    }

    #[test]
    fn a_line_that_is_no_fault_of_a_test_is_refused() {
        for text in [
            "/// Fault: toaster · burns → fed\n#[test]\nfn a() {}",
            "/// Fault: printer, paper out\n#[test]\nfn a() {}",
            "/// Fault: printer · paper out → told\nfn a() {}",
            "/// Fault: printer · paper out → told\nlet a = 1;\n#[test]\nfn a() {}",
        ] {
            let (faults, wrong) = of("x.rs", text);
            assert!(faults.is_empty() && wrong.len() == 1, "{text}: {faults:?} {wrong:?}");
        }
    }

    #[test]
    fn only_what_stands_between_the_marks_is_renewed() {
        let page = format!("# A\n{BEGIN}old\n{END}\nend");
        assert_eq!(renewed(&page, "new\n").unwrap(), format!("# A\n{BEGIN}new\n{END}\nend"));
        assert_eq!(renewed("# A", "new"), None);
    }
}
