//! The device's own files below `/dev`.
//!
//! Landlock lets in by the file itself or by the folder above it, and cannot tell a camera from a
//! serial line. Those lie side by side in `/dev`, so a worker is let in to the one file that its
//! device is now. A device that is pulled and comes back is another file, perhaps under the same
//! name; a process that has shut itself in cannot be let in to more. So the worker looks before
//! each order, and ends itself when its device is another file: the next one is let in to that.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::needs::Devices;

/// Every worker: emptiness and chance.
pub const FOR_ALL: [&str; 5] =
    ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// The device's files as they were when the worker shut itself in.
#[derive(Debug)]
pub struct Let {
    devices: Devices,
    files: Vec<(PathBuf, Identity)>,
}

/// What tells one file from another at the same place: where pseudo-terminals come and go, numbers
/// are used again at once, but not times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    system: u64,
    number: u64,
    /// None for a folder, which changes with what is in it.
    changed_at: Option<(i64, i64)>,
}

impl Let {
    /// Looks where the device is. One that is away is let in when it comes.
    pub fn find(devices: &Devices) -> Self {
        Self { devices: devices.clone(), files: found(devices) }
    }

    /// The files to be let in to.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// Whether there is a file of the device now that was not there then. Looking is not opening:
    /// it needs no right.
    pub fn moved(&self) -> bool {
        found(&self.devices).iter().any(|file| !self.files.contains(file))
    }
}

fn found(devices: &Devices) -> Vec<(PathBuf, Identity)> {
    let paths = match devices {
        Devices::None => vec![],
        Devices::At(path) | Devices::Below(path) => vec![path.clone()],
        Devices::Cameras => cameras(),
    };
    let files = paths.into_iter().filter_map(|path| {
        // Behind a link that stays, it is the file that comes and goes.
        let file = path.canonicalize().ok()?;
        let identity = identity(&file)?;
        Some((file, identity))
    });
    files.collect()
}

fn cameras() -> Vec<PathBuf> {
    let entries = fs::read_dir("/dev").into_iter().flatten().flatten();
    let is_camera = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.and_then(|name| name.strip_prefix("video")).is_some_and(|n| n.parse::<u32>().is_ok())
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).filter(is_camera).collect();
    paths.sort();
    paths
}

fn identity(file: &Path) -> Option<Identity> {
    let about = fs::metadata(file).ok()?;
    let changed_at = (!about.is_dir()).then(|| (about.ctime(), about.ctime_nsec()));
    Some(Identity { system: about.dev(), number: about.ino(), changed_at })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_device_has_moved_when_its_file_is_another_one_and_not_while_it_is_away() {
        let folder = tempfile::tempdir().unwrap();
        let (link, first, second) =
            (folder.path().join("gun"), folder.path().join("tty1"), folder.path().join("tty2"));
        fs::write(&first, "").unwrap();
        fs::write(&second, "").unwrap();
        let of = |path: &Path| Let::find(&Devices::At(path.to_owned()));
        let away = of(&link);
        assert!(!away.moved() && away.files().next().is_none());
        symlink(&first, &link).unwrap();
        assert!(away.moved(), "it has come");
        let there = of(&link);
        assert_eq!(there.files().collect::<Vec<_>>(), [first.canonicalize().unwrap()]);
        assert!(!there.moved());
        fs::remove_file(&link).unwrap();
        assert!(!there.moved(), "it is away");
        symlink(&second, &link).unwrap();
        assert!(there.moved(), "it is another one");
    }

    #[test]
    fn a_folder_stays_the_same_whatever_comes_and_goes_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let below = Let::find(&Devices::Below(folder.path().to_owned()));
        fs::write(folder.path().join("007"), "").unwrap();
        assert!(!below.moved());
    }
}
