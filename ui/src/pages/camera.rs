//! What the camera sees, beside the page.

use domain::screen::CameraView;
use slint::{ComponentHandle as _, Image};

use crate::{
    figures,
    generated::{CameraModel, CodeHintKind, KioskWindow},
};

/// Without a view, the picture shown last is let go as well.
pub(super) fn fill(window: &KioskWindow, view: Option<&CameraView>) {
    let model = window.global::<CameraModel>();
    model.set_on(view.is_some());
    model.set_picture(view.map_or_else(Image::default, |view| figures::picture(&view.picture)));
    let hint = view.and_then(|view| view.hint);
    model.set_hint(hint.map_or(CodeHintKind::None, Into::into));
}
