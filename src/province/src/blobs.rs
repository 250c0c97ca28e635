//! Documents in a folder, each under its SHA-256: the same bytes are kept once.
//!
//! A blob is written under a passing name, fsynced, renamed and its folder fsynced, so that a
//! name always stands for whole and durable bytes. A blob without a dossier (a crash between
//! the two) is harmless: the repetition finds it there.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// The folder of blobs.
#[derive(Debug, Clone)]
pub(crate) struct Blobs {
    folder: PathBuf,
    passing: PathBuf,
}

/// A blob that is written but does not have its name yet. Dropped, it is gone.
#[derive(Debug)]
pub(crate) struct Passing {
    path: PathBuf,
    sha256: String,
}

impl Blobs {
    /// Opens the folder and throws away what a crash left half written.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        let passing = folder.join("passing");
        if passing.exists() {
            fs::remove_dir_all(&passing)?;
        }
        fs::create_dir_all(&passing)?;
        Ok(Self { folder, passing })
    }

    /// Writes what `content` holds under a passing name. `tag` is distinct per writer.
    pub(crate) fn write(
        &self,
        tag: &str,
        sha256: &str,
        content: &mut dyn Read,
    ) -> io::Result<Passing> {
        let passing = Passing { path: self.passing.join(tag), sha256: sha256.to_owned() };
        let mut file = OpenOptions::new().write(true).create_new(true).open(&passing.path)?;
        let mut block = vec![0_u8; 1 << 16];
        loop {
            let n = content.read(&mut block)?;
            if n == 0 {
                break;
            }
            io::Write::write_all(&mut file, block.get(..n).unwrap_or_default())?;
        }
        file.sync_all()?;
        Ok(passing)
    }

    /// Gives a blob its name. Only for content whose digest was checked.
    pub(crate) fn keep(&self, passing: &Passing) -> io::Result<()> {
        let path = self.path(&passing.sha256);
        let folder = path.parent().unwrap_or(&self.folder);
        if path.exists() {
            // Another writer may have named it a moment ago: its name must be durable too.
            fs::remove_file(&passing.path)?;
            return sync_folder(folder);
        }
        if !folder.exists() {
            fs::create_dir_all(folder)?;
            sync_folder(&self.folder)?;
        }
        fs::rename(&passing.path, &path)?;
        sync_folder(folder)
    }

    /// Opens a blob.
    pub(crate) fn read(&self, sha256: &str) -> io::Result<File> {
        File::open(self.path(sha256))
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(sha256.get(..2).unwrap_or("xx")).join(sha256)
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // After `keep` nothing is there any more.
        let _gone = fs::remove_file(&self.path);
    }
}

/// Makes a new name in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
