//! The files of this repository, as the tests of the house see them: without what is built,
//! downloaded or kept by git.

use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Folders that are not written by hand.
const NOT_OURS: &[&str] = &[".git", ".venv", "__pycache__", "lab-data", "node_modules", "target"];

/// A folder and the paths of all files below it, relative and separated by `/`.
pub struct Tree {
    root: PathBuf,
    files: BTreeSet<String>,
}

impl Tree {
    /// The repository this crate stands in.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn of_this_repository() -> io::Result<Self> {
        Self::below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
    }

    /// Any folder.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn below(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let mut files = BTreeSet::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if !path.is_dir() {
                    files.extend(relative(&root, &path));
                } else if !path.file_name().is_some_and(|name| NOT_OURS.iter().any(|n| name == *n))
                {
                    folders.push(path);
                }
            }
        }
        Ok(Self { root, files })
    }

    /// Where the tree stands.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All files, sorted.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// The files whose names end so, sorted.
    pub fn files_ending<'a>(&'a self, ends: &'a [&str]) -> impl Iterator<Item = &'a str> {
        self.files().filter(move |path| ends.iter().any(|end| path.ends_with(end)))
    }

    /// Whether a file or a folder with files stands at `path`.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let below = format!("{path}/");
        self.files.contains(path)
            || self.files.range(below.clone()..).next().is_some_and(|file| file.starts_with(&below))
    }

    /// The text of a file.
    ///
    /// # Errors
    /// When it cannot be read, or is not UTF-8.
    pub fn read(&self, path: &str) -> io::Result<String> {
        fs::read_to_string(self.root.join(path))
    }

    /// Whether the owner may execute a file.
    ///
    /// # Errors
    /// When it is not there.
    pub fn is_executable(&self, path: &str) -> io::Result<bool> {
        Ok(fs::metadata(self.root.join(path))?.permissions().mode() & 0o100 != 0)
    }
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    Some(path.strip_prefix(root).ok()?.to_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_is_not_seen_and_folders_count_as_there() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/a.rs", "target/b.rs", "ui/node_modules/c.js"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let tree = Tree::below(folder.path()).unwrap();
        assert_eq!(tree.files().collect::<Vec<_>>(), ["src/a.rs"]);
        assert_eq!(tree.files_ending(&[".js"]).count(), 0);
        for (path, there) in [("src", true), ("src/", true), ("src/a.rs", true), ("sr", false)] {
            assert_eq!(tree.has(path), there, "{path}");
        }
        assert!(!tree.is_executable("src/a.rs").unwrap());
        assert_eq!(tree.read("src/a.rs").unwrap(), "x");
    }
}
