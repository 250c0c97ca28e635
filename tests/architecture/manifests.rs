//! What every crate's manifest keeps to: it says what the crate is for, takes the lints and all
//! versions from the workspace, so that both stand in one place.

use toml::{Table, Value};

const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// What is wrong with a crate's manifest.
pub fn findings(path: &str, text: &str) -> Vec<String> {
    let manifest: Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    let mut found = Vec::new();
    if !inherits(manifest.get("lints")) {
        found.push(format!("{path}: does not take the workspace's lints"));
    }
    let package = manifest.get("package");
    for key in ["version", "edition", "rust-version", "license", "publish"] {
        if !inherits(package.and_then(|package| package.get(key))) {
            found.push(format!("{path}: {key} is not the workspace's"));
        }
    }
    let description =
        package.and_then(|package| package.get("description")).and_then(Value::as_str);
    if description.is_none_or(str::is_empty) {
        found.push(format!("{path}: does not say what the crate is for (description)"));
    }
    let dependencies = TABLES.iter().filter_map(|table| manifest.get(*table)?.as_table()).flatten();
    for (name, _) in dependencies.filter(|(_, value)| !inherits(Some(value))) {
        found.push(format!("{path}: {name} has a version of its own"));
    }
    found
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nname = \"a\"\ndescription = \"A.\"\nversion.workspace = true\n\
        edition.workspace = true\nrust-version.workspace = true\nlicense.workspace = true\n\
        publish.workspace = true\n[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\n\
        [dev-dependencies]\ntoml = { workspace = true, features = [\"parse\"] }\n";

    #[test]
    fn a_good_manifest_is_left_in_peace() {
        assert_eq!(findings("a/Cargo.toml", GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found() {
        for (from, to, said) in [
            ("[lints]\nworkspace = true", "[lints]", "lints"),
            ("license.workspace = true", "license = \"MIT\"", "license is not"),
            ("description = \"A.\"", "description = \"\"", "what the crate is for"),
            ("serde.workspace = true", "serde = \"1\"", "serde has a version"),
            ("workspace = true, features", "version = \"1\", features", "toml has a version"),
            ("[package]", "[package", "a/Cargo.toml: TOML parse error"),
        ] {
            let found = findings("a/Cargo.toml", &GOOD.replace(from, to));
            assert!(found.len() == 1 && found[0].contains(said), "{said}: {found:?}");
        }
    }
}
