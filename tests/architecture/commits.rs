//! The form of a commit's subject: `crate: what`, at most 72 characters, so that the history reads
//! as a list of changes by place.

const MOST_CHARACTERS: usize = 72;

/// What is wrong with a subject, if anything.
pub fn finding(subject: &str) -> Option<String> {
    let fault = |what: &str| Some(format!("`{subject}`: {what}"));
    if subject.starts_with("Revert \"") {
        return None;
    }
    if subject.chars().count() > MOST_CHARACTERS {
        return fault("longer than 72 characters");
    }
    let Some((place, what)) = subject.split_once(": ") else {
        return fault("is not `crate: what`");
    };
    let named = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if !place.split(", ").all(named) {
        return fault("does not begin with the crate or folder it is about");
    }
    if what.trim() != what
        || !what.starts_with(|c: char| c.is_alphanumeric())
        || what.ends_with('.')
    {
        return fault("what was done stands after the colon, without a full stop");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_subjects_pass() {
        for subject in [
            "printer-escpos: retry status after wake-up",
            "domain, ui: name the pages",
            "Revert \"house: try something\"",
        ] {
            assert_eq!(finding(subject), None);
        }
    }

    #[test]
    fn each_fault_is_found() {
        let long = format!("domain: {}", "ă".repeat(65));
        for (subject, said) in [
            (long.as_str(), "72"),
            ("fix stuff", "crate: what"),
            ("Domain: add", "begin with"),
            ("domain,: add", "begin with"),
            (": add", "begin with"),
            ("domain: add.", "full stop"),
            ("domain:  add", "full stop"),
        ] {
            assert!(finding(subject).unwrap().contains(said), "{subject}");
        }
    }
}
