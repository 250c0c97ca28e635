//! A dependency that is named but not used costs build time and trust: each one a manifest names
//! must occur in the code it is named for.

use crate::{
    cargo::{Crate, Kind},
    sources::after_each,
};

/// Named for what they switch on in other crates, or used by generated code; with the reason.
const UNSEEN: &[(&str, &str, &str)] =
    &[("documents", "rustls-webpki", "its library is called webpki")];

/// Dependencies of a crate that do not occur in its code, given as path and code without comments.
pub fn unused(member: &Crate, code: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for dependency in &member.dependencies {
        let word = dependency.name.replace('-', "_");
        let used = code
            .iter()
            .filter(|(path, _)| concerns(&member.folder, path, dependency.kind))
            .any(|(_, code)| after_each(code, &word).next().is_some());
        let excused = UNSEEN.iter().any(|row| (row.0, row.1) == (&member.name, &dependency.name));
        if !used && !excused {
            found.push(format!("{}: names {} but does not use it", member.name, dependency.name));
        }
    }
    found
}

/// Whether a file of a crate is built with dependencies of that kind.
fn concerns(folder: &str, path: &str, kind: Kind) -> bool {
    let Some(path) = path.strip_prefix(folder).and_then(|path| path.strip_prefix('/')) else {
        return false;
    };
    match kind {
        Kind::Build => path == "build.rs",
        Kind::Normal => path.starts_with("src/"),
        Kind::Dev => path != "build.rs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::Dependency;

    #[test]
    fn a_dependency_counts_where_it_is_named_for() {
        let code: Vec<(String, String)> = [
            ("src/app/src/lib.rs", "use serde::Serialize; fn tokio_like() {}"),
            ("src/app/tests/a.rs", "axum::serve()"),
            ("src/app/build.rs", "slint_build::compile()"),
            ("src/apple/src/lib.rs", "use rusqlite::Connection;"),
        ]
        .map(|(path, code)| (path.to_owned(), code.to_owned()))
        .into();
        for (name, kind, used) in [
            ("serde", Kind::Normal, true),
            ("serde", Kind::Dev, true),
            ("tokio", Kind::Normal, false),
            ("axum", Kind::Dev, true),
            ("axum", Kind::Normal, false),
            ("slint-build", Kind::Build, true),
            ("slint-build", Kind::Dev, false),
            ("rusqlite", Kind::Normal, false),
        ] {
            let dependencies = vec![Dependency { name: name.to_owned(), kind }];
            let member = Crate { name: "app".into(), folder: "src/app".into(), dependencies };
            assert_eq!(unused(&member, &code).is_empty(), used, "{name} {kind:?}");
        }
    }
}
