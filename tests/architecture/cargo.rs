//! What cargo knows about the workspace, asked from cargo itself and without the network.

use std::{
    collections::BTreeSet,
    io,
    path::Path,
    process::{Command, Output},
};

use serde::Deserialize;

/// A crate of the workspace.
pub struct Crate {
    pub name: String,
    /// Its folder, relative to the repository.
    pub folder: String,
    pub dependencies: Vec<Dependency>,
}

/// What its manifest names.
pub struct Dependency {
    pub name: String,
    pub kind: Kind,
}

/// For what a dependency is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Normal,
    Dev,
    Build,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    kind: Option<String>,
}

/// All crates of the workspace at `root`.
pub fn workspace(root: &Path) -> io::Result<Vec<Crate>> {
    let output = run(root, &["metadata", "--format-version", "1", "--no-deps", "--offline"])?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    metadata.packages.into_iter().map(|package| crate_of(root, package)).collect()
}

/// The names of everything that is linked into a crate of the workspace, itself included.
pub fn linked_into(root: &Path, name: &str) -> io::Result<BTreeSet<String>> {
    let output = run(
        root,
        &["tree", "--offline", "-p", name, "-e", "normal", "--prefix", "none", "--format", "{p}"],
    )?;
    let lines = String::from_utf8_lossy(&output.stdout);
    Ok(lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

fn crate_of(root: &Path, package: Package) -> io::Result<Crate> {
    let manifest = Path::new(&package.manifest_path);
    let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
    let folder = folder.and_then(Path::to_str).ok_or(io::ErrorKind::InvalidData)?.to_owned();
    let dependencies = package.dependencies.into_iter().map(|named| Dependency {
        name: named.name,
        kind: match named.kind.as_deref() {
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        },
    });
    Ok(Crate { name: package.name, folder, dependencies: dependencies.collect() })
}

fn run(root: &Path, arguments: &[&str]) -> io::Result<Output> {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root).output()?;
    if output.status.success() {
        return Ok(output);
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
}
