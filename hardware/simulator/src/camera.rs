//! A camera as a picture file: what is held before it stands in `frame.png`, and goes again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::SimulatorError;
use crate::worker::lock;

/// Ways in which the camera fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CameraFault {
    /// The folder is not there.
    Unplugged,
    /// Frames end in the middle, as a camera on a bad cable sends them.
    Truncated,
}

impl CameraFault {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Unplugged, Self::Truncated];
}

/// A simulated camera.
pub struct CameraSim {
    folder: PathBuf,
    scene: Mutex<Scene>,
}

#[derive(Default)]
struct Scene {
    held: Option<Vec<u8>>,
    fault: Option<CameraFault>,
}

impl CameraSim {
    /// Plugs the camera in at this folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn start(folder: &Path) -> Result<Self, SimulatorError> {
        let camera = Self { folder: folder.to_owned(), scene: Mutex::default() };
        camera.show(&lock(&camera.scene))?;
        Ok(camera)
    }

    /// Where the frame appears.
    #[must_use]
    pub fn frame(&self) -> PathBuf {
        self.folder.join("frame.png")
    }

    /// Holds a picture (PNG or JPEG) before the camera.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn hold(&self, picture: &[u8]) -> Result<(), SimulatorError> {
        let mut scene = lock(&self.scene);
        scene.held = Some(picture.to_vec());
        self.show(&scene)
    }

    /// Takes the picture away.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self) -> Result<(), SimulatorError> {
        let mut scene = lock(&self.scene);
        scene.held = None;
        self.show(&scene)
    }

    /// Breaks the camera, or mends it with `None`.
    ///
    /// # Errors
    /// When the folder or frame cannot be changed.
    pub fn set_fault(&self, fault: Option<CameraFault>) -> Result<(), SimulatorError> {
        let mut scene = lock(&self.scene);
        scene.fault = fault;
        self.show(&scene)
    }

    /// How it is broken now.
    #[must_use]
    pub fn fault(&self) -> Option<CameraFault> {
        lock(&self.scene).fault
    }

    /// Whether something is held before it.
    #[must_use]
    pub fn is_held(&self) -> bool {
        lock(&self.scene).held.is_some()
    }

    fn show(&self, scene: &Scene) -> Result<(), SimulatorError> {
        let frame = self.frame();
        if scene.fault == Some(CameraFault::Unplugged) {
            let _ = fs::remove_file(&frame);
            let _ = fs::remove_dir(&self.folder);
            return Ok(());
        }
        fs::create_dir_all(&self.folder).map_err(SimulatorError::make(&self.folder))?;
        let Some(picture) = &scene.held else {
            let _ = fs::remove_file(&frame);
            return Ok(());
        };
        let shown = match scene.fault {
            Some(CameraFault::Truncated) => picture.get(..picture.len() / 2).unwrap_or_default(),
            Some(CameraFault::Unplugged) | None => picture,
        };
        // Renamed into place: a reader never sees a half-written frame.
        let next = self.folder.join("frame.next");
        fs::write(&next, shown).map_err(SimulatorError::make(&next))?;
        fs::rename(&next, &frame).map_err(SimulatorError::make(&frame))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_appears_whole_and_goes_and_faults_change_it() {
        let folder = tempfile::tempdir().unwrap();
        let camera = CameraSim::start(&folder.path().join("camera")).unwrap();
        assert!(!camera.frame().exists());
        camera.hold(b"picture!").unwrap();
        assert_eq!(fs::read(camera.frame()).unwrap(), b"picture!");
        assert!(camera.is_held());
        camera.set_fault(Some(CameraFault::Truncated)).unwrap();
        assert_eq!(camera.fault(), Some(CameraFault::Truncated));
        assert_eq!(fs::read(camera.frame()).unwrap(), b"pict");
        camera.set_fault(Some(CameraFault::Unplugged)).unwrap();
        assert!(!camera.frame().parent().unwrap().exists());
        camera.set_fault(None).unwrap();
        assert_eq!(fs::read(camera.frame()).unwrap(), b"picture!");
        camera.remove().unwrap();
        assert!(!camera.frame().exists() && !camera.is_held());
    }
}
