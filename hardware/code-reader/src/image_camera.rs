//! An image file as a camera: what stands in the file is what the camera sees.
//!
//! Any program that writes pictures can be the camera's driver. A file that is missing, half
//! written or no picture is a camera that sees nothing.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use hardware_api::{CodeReader, DeviceError, Seen, Sight};

use crate::picture::Frame;
use crate::presentation::Presentations;
use crate::qr::find_codes;

/// How often the file is looked at.
const POLL: Duration = Duration::from_millis(50);

/// Larger files are no pictures of a camera.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// A camera that sees the picture in a file.
pub struct ImageCamera {
    path: PathBuf,
    seen: Option<Stamp>,
    frame: Option<Frame>,
    codes: Vec<Vec<u8>>,
    presentations: Presentations,
}

/// Tells one state of the file from another without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    bytes: u64,
    modified: Option<SystemTime>,
}

impl ImageCamera {
    /// Looks at a file, which need not be there yet; its folder must.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, DeviceError> {
        let camera = Self {
            path: path.into(),
            seen: None,
            frame: None,
            codes: Vec::new(),
            presentations: Presentations::default(),
        };
        camera.check_folder()?;
        Ok(camera)
    }

    /// What the camera saw when it looked last, for a preview.
    #[must_use]
    pub fn last_frame(&self) -> Option<&Frame> {
        self.frame.as_ref()
    }

    fn check_folder(&self) -> Result<(), DeviceError> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.unwrap_or(Path::new(".")).is_dir() {
            Ok(())
        } else {
            Err(DeviceError::Gone { device: self.path.display().to_string() })
        }
    }

    /// Decodes the file again if it is another than before.
    fn look(&mut self) {
        let stamp = fs::metadata(&self.path).ok().map(|data| Stamp {
            inode: data.ino(),
            bytes: data.len(),
            modified: data.modified().ok(),
        });
        if stamp == self.seen {
            return;
        }
        self.frame = stamp.as_ref().and_then(|_| read_frame(&self.path));
        self.codes = self.frame.as_ref().map(find_codes).unwrap_or_default();
        self.seen = stamp;
    }
}

fn read_frame(path: &Path) -> Option<Frame> {
    let mut file = Vec::new();
    let size = File::open(path).ok()?.take(MAX_FILE_BYTES + 1).read_to_end(&mut file).ok()?;
    u64::try_from(size).is_ok_and(|size| size <= MAX_FILE_BYTES).then(|| Frame::decode(&file))?
}

impl CodeReader for ImageCamera {
    fn next(&mut self, wait: Duration) -> Result<Option<Sight>, DeviceError> {
        let deadline = Instant::now() + wait;
        loop {
            self.look();
            if self.seen.is_none() {
                self.check_folder()?;
            }
            let now = Instant::now();
            // Of two codes in view, the second is delivered by the next call.
            let mut begun = self.codes.iter().filter(|code| self.presentations.begins(code, now));
            if let Some(code) = begun.next() {
                return Ok(Some(Sight::Code(Seen { bytes: code.clone() })));
            }
            if now >= deadline {
                return Ok(None);
            }
            std::thread::sleep(POLL.min(deadline.saturating_duration_since(now)));
        }
    }

    /// A file needs no rest.
    fn rest(&mut self) {}
}

#[cfg(test)]
#[path = "image_camera_tests.rs"]
pub(crate) mod tests;
