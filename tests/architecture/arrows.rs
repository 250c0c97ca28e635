//! Which crate may know which: the arrows of `src/ARCHITECTURE.md` as tables.

use std::collections::BTreeSet;

use crate::cargo::{Crate, Kind};

/// Each crate and what of ours it may depend on. A new arrow is a decision: it is written here and
/// into `src/ARCHITECTURE.md` first.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("identity", &["domain"]),
    ("documents", &["domain"]),
    ("wire", &["domain"]),
    ("settings", &["domain"]),
    ("journal", &["domain"]),
    ("ui", &["domain"]),
    ("intake", &["domain", "wire", "journal"]),
    ("hardware-api", &["domain"]),
    ("transport", &[]),
    ("printer-escpos", DRIVER),
    ("document-scanner", DRIVER),
    ("card-reader", DRIVER),
    ("code-reader", DRIVER),
    ("signing-token", DRIVER),
    ("worker", &["hardware-api"]),
    ("device-worker", HOST),
    ("simulator", DRIVER),
    ("app", APP),
    ("center", &["domain", "wire", "settings", "journal"]),
    ("province", &["domain", "documents", "intake", "wire", "settings", "journal"]),
    ("kiosk", KIOSK),
    ("kioskctl", BY_HAND),
    ("lab", EVERYTHING),
    ("fuzz", PARSERS),
    ("system-tests", &[]),
];
/// Where bytes from outside are taken apart.
#[rustfmt::skip]
const PARSERS: &[&str] = &[
    "domain", "identity", "documents", "intake", "wire", "settings", "worker", "hardware-api",
    "transport", "printer-escpos", "document-scanner", "card-reader", "code-reader", "simulator",
];
const DRIVER: &[&str] = &["domain", "hardware-api", "transport"];
/// The one program that holds drivers. It is to the drivers what `kiosk` is to the whole.
#[rustfmt::skip]
const HOST: &[&str] = &[
    "hardware-api", "transport", "worker", "settings",
    "printer-escpos", "document-scanner", "card-reader", "code-reader", "signing-token",
];
const APP: &[&str] =
    &["domain", "identity", "documents", "intake", "wire", "settings", "journal", "hardware-api"];
#[rustfmt::skip]
const KIOSK: &[&str] = &[
    "domain", "identity", "documents", "intake", "wire", "settings", "journal", "app", "ui", "center",
    "hardware-api", "worker",
];
/// The devices by hand: the drivers themselves, as nobody at a counter waits for them.
#[rustfmt::skip]
const BY_HAND: &[&str] = &[
    "domain", "identity", "documents", "intake", "wire", "settings", "journal", "app", "kiosk",
    "hardware-api", "transport", "worker", "printer-escpos", "document-scanner", "card-reader",
    "code-reader", "signing-token",
];
#[rustfmt::skip]
const EVERYTHING: &[&str] = &[
    "domain", "identity", "documents", "intake", "wire", "settings", "journal", "app", "ui", "center",
    "hardware-api", "transport", "worker", "printer-escpos", "document-scanner", "card-reader",
    "code-reader", "signing-token",
    "province", "simulator", "kiosk",
];

/// What tests may see beyond that.
const ARROWS_OF_TESTS: &[(&str, &[&str])] = &[
    ("app", &["simulator"]),
    ("document-scanner", &["simulator"]),
    ("printer-escpos", &["simulator"]),
    ("code-reader", &["simulator"]),
    ("device-worker", &["simulator"]),
    ("kioskctl", &["simulator"]),
    ("signing-token", &["simulator", "documents"]),
    ("system-tests", TESTED),
];

/// Tests see everything, the lab too: its hall is their stage.
#[rustfmt::skip]
const TESTED: &[&str] = &[
    "domain", "identity", "documents", "intake", "wire", "settings", "journal", "app", "ui", "center",
    "hardware-api", "transport", "worker", "printer-escpos", "document-scanner", "card-reader",
    "code-reader", "signing-token",
    "province", "simulator", "kiosk", "lab",
];

/// Crates from outside that only some of ours may name.
const OUTSIDERS: &[(&str, &[&str])] = &[
    ("slint", &["ui", "kiosk", "lab", "system-tests"]),
    ("slint-build", &["ui"]),
    ("i-slint-backend-testing", &["ui", "lab", "system-tests"]),
    ("tokio", &["app", "center", "province", "intake", "kiosk", "kioskctl", "lab", "system-tests"]),
];

/// What must not be linked into a crate, by whatever way.
const NEVER_BELOW: &[(&str, &[&str])] = &[
    ("domain", &["tokio", "slint", "axum", "reqwest", "rusqlite", "serialport", "tracing"]),
    ("ui", &["tokio", "axum", "reqwest"]),
    ("printer-escpos", &["tokio", "slint"]),
    ("document-scanner", &["tokio", "slint"]),
    ("card-reader", &["tokio", "slint"]),
    ("code-reader", &["tokio", "slint"]),
    ("signing-token", &["tokio", "slint"]),
    ("app", &["slint", "simulator"]),
    ("center", &["slint", "simulator"]),
    ("province", &["slint", "simulator"]),
    // Drivers live in workers: a library that hangs, crashes or may not be linked to free software
    // must not come back by a detour.
    ("kiosk", KEPT_OUT),
];
#[rustfmt::skip]
const KEPT_OUT: &[&str] = &[
    "simulator", "province", "transport", "printer-escpos", "document-scanner", "card-reader",
    "code-reader", "signing-token", "rusb", "cryptoki", "pcsc", "serialport",
];

/// Which crates have something that must not be below them.
pub fn guarded() -> impl Iterator<Item = &'static str> {
    NEVER_BELOW.iter().map(|(name, _)| *name)
}

/// What is wrong with everything a crate links.
pub fn linked(name: &str, linked: &BTreeSet<String>) -> Vec<String> {
    row(NEVER_BELOW, name)
        .unwrap_or_default()
        .iter()
        .filter(|below| linked.contains(**below))
        .map(|below| {
            format!("{name} links {below}; `cargo tree -p {name} -i {below}` shows by which way")
        })
        .collect()
}

/// What is wrong with the dependencies the manifests name.
pub fn declared(crates: &[Crate]) -> Vec<String> {
    let mut found = unknown(crates);
    let ours: BTreeSet<&str> = crates.iter().map(|member| member.name.as_str()).collect();
    for member in crates {
        for dependency in &member.dependencies {
            let name = dependency.name.as_str();
            let allowed = match row(OUTSIDERS, name) {
                Some(who) => who.contains(&member.name.as_str()),
                None => !ours.contains(name) || may_see(&member.name, name, dependency.kind),
            };
            if !allowed {
                found.push(format!("{} must not depend on {name}", member.name));
            }
        }
    }
    found
}

/// Crates without a row, rows without a crate.
fn unknown(crates: &[Crate]) -> Vec<String> {
    let ours: BTreeSet<&str> = crates.iter().map(|member| member.name.as_str()).collect();
    let known: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let missing = ours.difference(&known).map(|name| format!("{name} has no row in the arrows"));
    let stale = known.difference(&ours).map(|name| format!("{name} has a row but no crate"));
    missing.chain(stale).collect()
}

fn may_see(from: &str, to: &str, kind: Kind) -> bool {
    let in_tests = match kind {
        Kind::Dev => row(ARROWS_OF_TESTS, from).unwrap_or_default(),
        Kind::Normal | Kind::Build => &[],
    };
    row(ARROWS, from).unwrap_or_default().contains(&to) || in_tests.contains(&to)
}

fn row<'a>(table: &[(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table.iter().find(|(first, _)| *first == name).map(|(_, rest)| *rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::Dependency;

    fn workspace_with(from: &str, to: &str, kind: Kind) -> Vec<Crate> {
        let dependencies = |name: &str| {
            let named = name == from;
            named.then(|| Dependency { name: to.to_owned(), kind }).into_iter().collect()
        };
        let folder = String::new();
        let one = |name: &str| Crate {
            name: name.to_owned(),
            folder: folder.clone(),
            dependencies: dependencies(name),
        };
        ARROWS.iter().map(|(name, _)| one(name)).collect()
    }

    #[test]
    fn only_the_arrows_of_the_tables_pass() {
        for (from, to, kind, allowed) in [
            ("intake", "wire", Kind::Normal, true),
            ("domain", "wire", Kind::Normal, false),
            ("domain", "wire", Kind::Dev, false),
            ("app", "ui", Kind::Normal, false),
            ("app", "printer-escpos", Kind::Normal, false),
            ("printer-escpos", "code-reader", Kind::Dev, false),
            ("printer-escpos", "settings", Kind::Normal, false),
            ("printer-escpos", "simulator", Kind::Dev, true),
            ("printer-escpos", "simulator", Kind::Normal, false),
            ("kiosk", "simulator", Kind::Normal, false),
            ("kiosk", "printer-escpos", Kind::Normal, false),
            ("device-worker", "printer-escpos", Kind::Normal, true),
            ("worker", "printer-escpos", Kind::Normal, false),
            ("lab", "simulator", Kind::Normal, true),
            ("system-tests", "province", Kind::Dev, true),
            ("system-tests", "province", Kind::Normal, false),
            ("center", "tokio", Kind::Normal, true),
            ("transport", "tokio", Kind::Dev, false),
            ("center", "slint", Kind::Build, false),
            ("center", "serde", Kind::Normal, true),
        ] {
            let found = declared(&workspace_with(from, to, kind));
            assert_eq!(found.is_empty(), allowed, "{from} -> {to} ({kind:?}): {found:?}");
        }
    }

    #[test]
    fn crates_and_rows_belong_together() {
        let mut crates = workspace_with("", "", Kind::Normal);
        crates.retain(|member| member.name != "wire");
        crates.push(Crate {
            name: "gossip".to_owned(),
            folder: String::new(),
            dependencies: vec![],
        });
        let found = declared(&crates);
        assert_eq!(found, ["gossip has no row in the arrows", "wire has a row but no crate"]);
    }

    #[test]
    fn what_is_linked_by_detours_is_found() {
        let tree = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(linked("kiosk", &tree(&["app", "slint"])), Vec::<String>::new());
        assert!(linked("kiosk", &tree(&["app", "simulator"]))[0].contains("kiosk links simulator"));
        assert_eq!(guarded().count(), NEVER_BELOW.len());
    }
}
