//! How was it.

use domain::screen::Rate;
use slint::ComponentHandle as _;

use crate::generated::{KioskWindow, RateModel, RatingKind};

pub(super) fn fill(window: &KioskWindow, page: Rate) {
    let given = page.given.map_or(RatingKind::None, Into::into);
    window.global::<RateModel>().set_given(given);
}
