//! The form of a commit's subject: `crate: what`, at most 72 characters, so that the history reads
//! as a list of changes by place. The judge is the hook that refuses such commits in the first place.

use std::{fs, io, path::Path, process::Command};

/// Landed before the hook stood; history is not rewritten.
const FORGIVEN: &[&str] = &["867102cc"];

/// What the hook says to a line `hash subject` of the history, if it refuses it.
pub fn finding(root: &Path, line: &str) -> io::Result<Option<String>> {
    let (hash, subject) = line.split_once(' ').ok_or(io::ErrorKind::InvalidData)?;
    if FORGIVEN.iter().any(|forgiven| hash.starts_with(forgiven)) {
        return Ok(None);
    }
    let message = tempfile::NamedTempFile::new()?;
    fs::write(message.path(), format!("{subject}\n\nBody.\n"))?;
    let judged =
        Command::new(root.join("scripts/hooks/commit-msg")).arg(message.path()).output()?;
    let said = String::from_utf8_lossy(&judged.stderr);
    Ok((!judged.status.success()).then(|| format!("{hash} `{subject}`: {}", said.trim())))
}

#[cfg(test)]
mod tests {
    use system_tests::tree::Tree;

    use super::*;

    fn judge(subject: &str) -> Option<String> {
        let tree = Tree::of_this_repository().unwrap();
        finding(tree.root(), &format!("0123abc {subject}")).unwrap()
    }

    #[test]
    fn good_subjects_pass() {
        let exact = format!("domain: {}", "ặ".repeat(64));
        for subject in [
            "printer-escpos: retry status after wake-up",
            "domain, ui: name the pages",
            "Revert \"house: try something\"",
            exact.as_str(),
        ] {
            assert_eq!(judge(subject), None);
        }
    }

    #[test]
    fn each_fault_is_found() {
        let long = format!("domain: {}", "ặ".repeat(65));
        for (subject, said) in [
            (long.as_str(), "73 characters"),
            ("fix stuff", "write `crate: what`"),
            ("Domain: add", "write `crate: what`"),
            ("domain,: add", "write `crate: what`"),
            (": add", "write `crate: what`"),
            ("domain: add.", "without a full stop"),
            ("domain:  add", "write `crate: what`"),
        ] {
            assert!(judge(subject).unwrap().contains(said), "{subject}");
        }
    }
}
