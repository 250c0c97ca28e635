//! The documents tell the truth: every path and command in them exists, and none grows past being
//! read. Checkers and their bad examples stand in the modules; here they meet the repository.

#[path = "docs/claims.rs"]
mod claims;
#[path = "docs/faults.rs"]
mod faults;
#[path = "docs/markdown.rs"]
mod markdown;

use system_tests::tree::Tree;

#[track_caller]
fn none(findings: impl IntoIterator<Item = String>) {
    let findings: Vec<String> = findings.into_iter().collect();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

/// Names a page should have and has not.
fn unnamed(text: &str, names: impl IntoIterator<Item = String>) -> Vec<String> {
    names.into_iter().filter(|name| !text.contains(name.as_str())).collect()
}

fn too_long(path: &str, text: &str, most: usize) -> Option<String> {
    let lines = text.lines().count();
    (lines > most).then(|| format!("{path}: {lines} lines; {most} is the most"))
}

#[test]
fn every_path_and_command_in_a_document_exists() {
    let tree = Tree::of_this_repository().unwrap();
    none(tree.files_ending(&[".md"]).flat_map(|path| {
        let text = tree.read(path).unwrap();
        claims::findings(&tree, path, &text)
    }));
}

#[test]
fn the_readme_is_short_and_names_every_script() {
    let tree = Tree::of_this_repository().unwrap();
    let readme = tree.read("README.md").unwrap();
    none(too_long("README.md", &readme, 120));
    let typed =
        |path: &&str| path.strip_prefix("scripts/").is_some_and(|name| !name.contains(['.', '/']));
    let scripts: Vec<String> = tree.files().filter(typed).map(str::to_owned).collect();
    assert!(scripts.contains(&"scripts/setup".to_owned()), "{scripts:?}");
    none(unnamed(&readme, scripts));
}

#[test]
fn the_architecture_is_readable_and_names_every_crate() {
    let tree = Tree::of_this_repository().unwrap();
    let page = tree.read("src/ARCHITECTURE.md").unwrap();
    none(too_long("src/ARCHITECTURE.md", &page, 300));
    none(unnamed(&page, claims::crate_names(&tree)));
}

/// `MOTCUA_WRITE_FAULTS=1` writes the table instead of comparing it.
#[test]
fn the_table_of_faults_is_what_the_tests_say() {
    let tree = Tree::of_this_repository().unwrap();
    let (faults, wrong) = faults::all(&tree);
    none(wrong);
    let page = tree.read(faults::PAGE).unwrap();
    let renewed = faults::renewed(&page, &faults::table(&faults)).expect("the marks of the table");
    if std::env::var_os("MOTCUA_WRITE_FAULTS").is_some() {
        std::fs::write(tree.root().join(faults::PAGE), &renewed).unwrap();
    } else {
        assert!(
            page == renewed,
            "{} is not what the tests say; renew it with MOTCUA_WRITE_FAULTS=1 cargo test --test docs",
            faults::PAGE
        );
    }
}

#[test]
fn long_pages_and_missing_names_are_found() {
    assert_eq!(too_long("a.md", "1\n2\n", 2), None);
    assert_eq!(too_long("a.md", "1\n2\n3\n", 2).unwrap(), "a.md: 3 lines; 2 is the most");
    let names = ["scripts/run".to_owned(), "scripts/gone".to_owned()];
    assert_eq!(unnamed("call `scripts/run`", names), ["scripts/gone"]);
}
