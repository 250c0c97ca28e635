//! An image file as a camera: what stands in the file is what the camera sees.
//!
//! Any program that writes pictures can be the camera's driver. A file that is not there is a
//! camera before which nothing is held; one that is half written or no picture is a cut picture.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hardware_api::DeviceError;

use crate::camera::{Camera, Optics, Shot, Stream};
use crate::picture::Frame;

/// Larger files are no pictures of a camera.
const MAX_FILE_BYTES: u64 = 64 << 20;

impl Camera {
    /// A camera that sees the picture in a file, which need not be there yet; its folder must.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn image(path: impl Into<PathBuf>) -> Result<Self, DeviceError> {
        let file = ImageFile { path: path.into() };
        file.is_there()?;
        Ok(Self::new(file))
    }
}

#[derive(Clone)]
struct ImageFile {
    path: PathBuf,
}

impl Optics for ImageFile {
    fn device(&self) -> String {
        self.path.display().to_string()
    }

    fn is_there(&self) -> Result<(), DeviceError> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.unwrap_or(Path::new(".")).is_dir() {
            Ok(())
        } else {
            Err(DeviceError::Gone { device: self.device() })
        }
    }

    fn open(&self) -> Result<Box<dyn Stream>, DeviceError> {
        self.is_there()?;
        Ok(Box::new(Watch { file: self.clone(), seen: None, shot: Shot::Nothing }))
    }
}

struct Watch {
    file: ImageFile,
    seen: Option<Stamp>,
    shot: Shot,
}

/// Tells one state of the file from another without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stream for Watch {
    /// Never waits: a file is seen as often as it is looked at.
    fn shoot(&mut self, _wait: Duration) -> Result<Shot, DeviceError> {
        let stamp = fs::metadata(&self.file.path).ok().map(|data| Stamp {
            inode: data.ino(),
            bytes: data.len(),
            modified: data.modified().ok(),
        });
        if stamp.is_none() {
            self.file.is_there()?;
        }
        if stamp != self.seen {
            self.shot = match (&stamp, read_frame(&self.file.path)) {
                (None, _) => Shot::Nothing,
                (Some(_), None) => Shot::Cut,
                (Some(_), Some(frame)) => Shot::Whole(Arc::new(frame)),
            };
            self.seen = stamp;
        }
        Ok(self.shot.clone())
    }
}

fn read_frame(path: &Path) -> Option<Frame> {
    let mut file = Vec::new();
    let size = File::open(path).ok()?.take(MAX_FILE_BYTES + 1).read_to_end(&mut file).ok()?;
    u64::try_from(size).is_ok_and(|size| size <= MAX_FILE_BYTES).then(|| Frame::decode(&file))?
}

#[cfg(test)]
#[path = "image_camera_tests.rs"]
pub(crate) mod tests;
