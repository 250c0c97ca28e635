//! Holds what a page claims against the repository: is there such a path, such a command?

use system_tests::tree::Tree;

use crate::markdown;

/// Ends that make a word without a slash a file's name.
const ENDS: &[&str] = &[
    ".rs", ".md", ".toml", ".slint", ".py", ".sh", ".mjs", ".js", ".css", ".html", ".json",
    ".jsonl", ".sql", ".po", ".ttf", ".service", ".lock",
];
/// Folders that come to be by building or running.
const MADE: &[&str] = &["target/", "lab-data/", ".venv/"];
/// Signs that a word is a pattern, a placeholder or code, not a path.
const NOT_IN_PATHS: &[char] = &[
    '<', '>', '*', '{', '}', '$', '…', '(', ')', '|', '=', '"', '\'', '@', '%', '~', '&', '#', '!',
    '?',
];
/// Tools every reader of a page has, or is told to install.
const TOOLS: &[&str] = &[
    "age",
    "apt-get",
    "cargo",
    "cd",
    "chromium",
    "cp",
    "curl",
    "echo",
    "export",
    "git",
    "install",
    "jq",
    "journalctl",
    "kill",
    "ls",
    "mkdir",
    "node",
    "npm",
    "openssl",
    "pdfsig",
    "pkcs11-tool",
    "python3",
    "qpdf",
    "rm",
    "rustup",
    "scanimage",
    "softhsm2-util",
    "sqlite3",
    "systemctl",
    "tail",
    "tee",
    "udevadm",
    "umask",
];
/// Words before a command.
const BEFORE_A_COMMAND: &[&str] = &["sudo", "exec", "time", "nice", "env"];

/// What of a page is not true.
pub fn findings(tree: &Tree, path: &str, text: &str) -> Vec<String> {
    let page = markdown::read(text);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let spans = page.spans.iter().filter_map(|(line, span)| {
        let word = as_path(tree, span)?;
        (!is_there(tree, folder, word)).then(|| format!("{path}:{line}: there is no {word}"))
    });
    let links = page.links.iter().filter_map(|(line, target)| {
        let outside = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
        (!outside && !is_there(tree, folder, target))
            .then(|| format!("{path}:{line}: there is no {target} to link to"))
    });
    let commands = page.commands.iter().flat_map(|(line, command)| {
        command
            .split(['|', ';'])
            .flat_map(|part| part.split("&&"))
            .filter_map(|part| command_fault(tree, part))
            .map(move |fault| format!("{path}:{line}: {fault}"))
    });
    spans.chain(links).chain(commands).collect()
}

/// The path a piece of inline code begins with, if it is one.
fn as_path<'a>(tree: &Tree, span: &'a str) -> Option<&'a str> {
    let word = span.split_whitespace().next()?.trim_end_matches([',', '.', ';', ':']);
    let word = word.strip_prefix("./").unwrap_or(word);
    if word.contains(NOT_IN_PATHS) || word.contains("://") || word.starts_with(['/', '.', '-']) {
        return word.starts_with("../").then_some(word);
    }
    let of_the_repository = word.split_once('/').is_some_and(|(top, _)| tree.has(top));
    let file_name = ENDS.iter().any(|end| word.len() > end.len() && word.ends_with(end));
    (of_the_repository || file_name).then_some(word)
}

/// From the root, from the page's folder, or, a bare name, anywhere.
fn is_there(tree: &Tree, folder: &str, word: &str) -> bool {
    let below_folder = resolve(folder, word);
    MADE.iter().any(|made| word.starts_with(made))
        || tree.has(word)
        || tree.has(&below_folder)
        || (!word.contains('/') && tree.files().any(|file| file.rsplit('/').next() == Some(word)))
}

fn resolve(folder: &str, word: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in word.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn command_fault(tree: &Tree, command: &str) -> Option<String> {
    let mut words = command.split_whitespace().skip_while(|word| {
        BEFORE_A_COMMAND.contains(word)
            || word.split_once('=').is_some_and(|(name, _)| !name.contains('/'))
    });
    let program = words.next()?;
    if let Some(name) = words.skip_while(|word| !["-p", "--package"].contains(word)).nth(1)
        && program == "cargo"
        && !crate_names(tree).any(|known| known == name)
    {
        return Some(format!("there is no crate {name}"));
    }
    let path = program.strip_prefix("./").unwrap_or(program);
    if let Some(built) = MADE.iter().find_map(|made| path.strip_prefix(made)) {
        let name = built.rsplit('/').next().unwrap_or(built);
        let known = !path.starts_with("target/") || crate_names(tree).any(|known| known == name);
        return (!known).then(|| format!("nothing builds {program}"));
    }
    if path.contains('/') {
        let runs = tree.is_executable(path).unwrap_or(false);
        return (!runs && !path.starts_with('/'))
            .then(|| format!("{program} is not there or not executable"));
    }
    (!TOOLS.contains(&path)).then(|| format!("{program} is neither a script nor a tool one has"))
}

/// The names all manifests give their crates.
pub fn crate_names(tree: &Tree) -> impl Iterator<Item = String> {
    tree.files_ending(&["Cargo.toml"]).filter_map(|path| {
        let manifest = tree.read(path).ok()?;
        let line = manifest.lines().find_map(|line| line.strip_prefix("name = "))?;
        Some(line.trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn check(text: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text, mode) in [
            ("src/app/Cargo.toml", "[package]\nname = \"app\"\n", 0o644),
            ("src/ARCHITECTURE.md", "", 0o644),
            ("scripts/run", "", 0o755),
            ("scripts/lib.sh", "", 0o644),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        findings(&Tree::below(folder.path()).unwrap(), "src/ARCHITECTURE.md", text)
    }

    #[test]
    fn true_claims_pass() {
        for text in [
            "`scripts/run --all`, `app/`, `src/app`, `../scripts/run`, `ARCHITECTURE.md`, `Cargo.toml`",
            "`application/json`, `1.004873`, `on(self, event)`, `src/<name>/lib.rs`, `/etc/motcua`, `--data`",
            "`target/bench.jsonl`, [a](ARCHITECTURE.md), [b](https://example.org), [c](#top)",
            "```sh\nscripts/run\ncargo test -p app && git log\nFOO=1 sudo apt-get update\ntarget/release/app\n```",
        ] {
            assert_eq!(check(text), Vec::<String>::new());
        }
    }

    #[test]
    fn each_untruth_is_found() {
        for (text, said) in [
            ("`src/gone/lib.rs`", "src/ARCHITECTURE.md:1: there is no src/gone/lib.rs"),
            ("\n`gone.md`", ":2: there is no gone.md"),
            ("`scripts/gone now`", "no scripts/gone"),
            ("`../gone`", "no ../gone"),
            ("[a](gone.md)", "no gone.md to link to"),
            ("```sh\nscripts/gone\n```", ":2: scripts/gone is not there"),
            ("```sh\nscripts/lib.sh\n```", "not executable"),
            ("```sh\ngit log | frobnicate\n```", "frobnicate is neither"),
            ("```sh\ncargo test -p gone\n```", "no crate gone"),
            ("```sh\ntarget/release/gone --help\n```", "nothing builds"),
        ] {
            let found = check(text);
            assert!(found.len() == 1 && found[0].contains(said), "{text}: {found:?}");
        }
    }
}
