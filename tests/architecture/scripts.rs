//! What every script keeps to: short, strict, executable, and saying what it is for.

const MOST_LINES: usize = 60;
const HEAD: &str = "#!/usr/bin/env bash";

/// Where files without an ending are scripts.
const FOLDERS: &[&str] = &["scripts", "scripts/hooks", ".ci"];

/// Whether a file is one that is started by its name.
pub fn is_script(path: &str) -> bool {
    path.rsplit_once('/')
        .is_some_and(|(folder, name)| FOLDERS.contains(&folder) && !name.contains('.'))
}

/// Everything there is to say about one script.
pub fn findings(path: &str, text: &str, executable: bool) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    if lines.len() > MOST_LINES {
        found.push(format!("{path}: {} lines; {MOST_LINES} is the most", lines.len()));
    }
    if !executable {
        found.push(format!("{path}: is not executable"));
    }
    if lines.first() != Some(&HEAD) {
        found.push(format!("{path}: does not begin with {HEAD}"));
    }
    if !lines.get(1).is_some_and(|line| line.starts_with("# ")) {
        found.push(format!("{path}: its second line does not say what it is for"));
    }
    if !lines.contains(&"set -euo pipefail") {
        found.push(format!("{path}: goes on after an error (set -euo pipefail)"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "#!/usr/bin/env bash\n# Says hello.\nset -euo pipefail\necho hello\n";

    #[test]
    fn a_good_script_is_left_in_peace() {
        assert_eq!(findings("scripts/hello", GOOD, true), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found() {
        let long = format!("{GOOD}{}", "true\n".repeat(MOST_LINES));
        for (text, executable, said) in [
            (long.as_str(), true, "64 lines"),
            (GOOD, false, "not executable"),
            (&GOOD.replace("env bash", "env sh"), true, "does not begin"),
            (&GOOD.replace("# Says", "echo"), true, "what it is for"),
            (&GOOD.replace("-euo pipefail", "-e"), true, "after an error"),
        ] {
            let found = findings("scripts/hello", text, executable);
            assert!(found.len() == 1 && found[0].contains(said), "{said}: {found:?}");
        }
    }

    #[test]
    fn lists_and_sourced_files_are_no_scripts() {
        for (path, is) in [
            ("scripts/setup", true),
            ("scripts/hooks/commit-msg", true),
            (".ci/run", true),
            ("scripts/lib.sh", false),
            ("scripts/packages.list", false),
            ("src/run", false),
        ] {
            assert_eq!(is_script(path), is, "{path}");
        }
    }
}
