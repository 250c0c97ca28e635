//! The rules of the house that a machine can judge. Each module has checkers that take text and
//! answer with findings, tried on bad examples beside them; here they meet the repository.

#[path = "architecture/arrows.rs"]
mod arrows;
#[path = "architecture/cargo.rs"]
mod cargo;
#[path = "architecture/commits.rs"]
mod commits;
#[path = "architecture/dependencies.rs"]
mod dependencies;
#[path = "architecture/lexer.rs"]
mod lexer;
#[path = "architecture/manifests.rs"]
mod manifests;
#[path = "architecture/scripts.rs"]
mod scripts;
#[path = "architecture/sources.rs"]
mod sources;

use std::process::Command;

use system_tests::tree::Tree;

/// Sources in languages other than Rust and Slint.
const OTHER_SOURCES: &[&str] = &[".py", ".mjs", ".js", ".css", ".html", ".sql", ".sh", ".toml"];

#[track_caller]
fn none(findings: impl IntoIterator<Item = String>) {
    let findings: Vec<String> = findings.into_iter().collect();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn the_arrows_between_crates_are_not_bent() {
    let tree = Tree::of_this_repository().unwrap();
    none(arrows::declared(&cargo::workspace(tree.root()).unwrap()));
}

#[test]
fn nothing_is_linked_by_a_detour() {
    let tree = Tree::of_this_repository().unwrap();
    none(arrows::guarded().flat_map(|name| {
        let linked = cargo::linked_into(tree.root(), name).unwrap();
        assert!(linked.contains(name), "cargo tree of {name} lacks {name}");
        arrows::linked(name, &linked)
    }));
}

#[test]
fn each_dependency_is_used() {
    let tree = Tree::of_this_repository().unwrap();
    let code: Vec<(String, String)> = tree
        .files_ending(&[".rs"])
        .map(|path| (path.to_owned(), lexer::split(&tree.read(path).unwrap()).code))
        .collect();
    let crates = cargo::workspace(tree.root()).unwrap();
    none(crates.iter().flat_map(|member| dependencies::unused(member, &code)));
}

#[test]
fn manifests_take_versions_and_lints_from_the_workspace() {
    let tree = Tree::of_this_repository().unwrap();
    let crates = cargo::workspace(tree.root()).unwrap();
    none(crates.iter().flat_map(|member| {
        let path = format!("{}/Cargo.toml", member.folder);
        manifests::findings(&path, &tree.read(&path).unwrap())
    }));
}

#[test]
fn sources_keep_to_the_rules() {
    let tree = Tree::of_this_repository().unwrap();
    let files: Vec<(&str, String)> = tree
        .files_ending(&[".rs", ".slint"])
        .map(|path| (path, tree.read(path).unwrap()))
        .collect();
    assert!(files.len() > 50, "only {} sources found", files.len());
    none(files.iter().flat_map(|(path, text)| sources::findings(path, text)));
    none(sources::tail(files.iter().map(|(_, text)| text.lines().count())));
}

#[test]
fn work_put_off_names_its_issue() {
    let tree = Tree::of_this_repository().unwrap();
    let scripts = tree.files().filter(|path| scripts::is_script(path));
    none(tree.files_ending(OTHER_SOURCES).chain(scripts).filter_map(|path| {
        let finding = sources::note_to_self(&tree.read(path).unwrap())?;
        Some(format!("{path}: {finding}"))
    }));
}

#[test]
fn scripts_are_short_strict_and_executable() {
    let tree = Tree::of_this_repository().unwrap();
    let paths: Vec<&str> = tree.files().filter(|path| scripts::is_script(path)).collect();
    assert!(paths.contains(&"scripts/setup") && paths.contains(&".ci/run"), "{paths:?}");
    none(paths.into_iter().flat_map(|path| {
        scripts::findings(path, &tree.read(path).unwrap(), tree.is_executable(path).unwrap())
    }));
}

#[test]
fn commits_say_where_and_what() {
    let tree = Tree::of_this_repository().unwrap();
    if !tree.root().join(".git").exists() {
        return; // unpacked from an archive: there is no history to read
    }
    let log = Command::new("git")
        .args(["log", "--no-merges", "--max-count=200", "--format=%H %s"])
        .current_dir(tree.root())
        .output()
        .unwrap();
    assert!(log.status.success(), "{}", String::from_utf8_lossy(&log.stderr));
    let lines = String::from_utf8(log.stdout).unwrap();
    none(lines.lines().filter_map(|line| commits::finding(tree.root(), line).unwrap()));
}
