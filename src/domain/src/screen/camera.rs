//! What the camera sees, beside any page on which a code may be presented.

use super::Picture;

/// The camera's picture, mirrored, with one thing that would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraView {
    /// What it sees. There may be an ID card in it, or a face.
    pub picture: Picture,
    /// What would help, while a code is seen and cannot be read.
    pub hint: Option<CodeHint>,
}

/// What a citizen can do so that the code is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeHint {
    /// Hold it closer to the camera.
    Closer,
    /// Hold it straight before the camera.
    Tilt,
    /// Turn it so that the light is not mirrored.
    Glare,
    /// Keep it still.
    HoldStill,
}
