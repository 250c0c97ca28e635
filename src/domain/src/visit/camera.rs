//! The camera's picture, on the pages where a code is waited for.

use super::{
    Effect, Visit,
    citizen::{ChipStage, IdentifyStage, Stage},
};
use crate::screen::CameraView;

impl Visit {
    /// A picture that comes to a page that waits for no code is late, and forgotten.
    pub(super) fn camera_sees(&mut self, view: CameraView) -> Vec<Effect> {
        if self.waits_for_code() {
            self.citizen.camera = Some(view);
        }
        vec![]
    }

    fn waits_for_code(&self) -> bool {
        match &self.citizen.stage {
            Stage::Identify(stage) => match stage {
                IdentifyStage::Waiting { .. } => true,
                IdentifyStage::Chip(stage) => matches!(stage, ChipStage::Key { .. }),
                IdentifyStage::Typing { .. } | IdentifyStage::Known => false,
            },
            Stage::LookUp(_) => true,
            Stage::Welcome
            | Stage::ChooseField
            | Stage::Ticket(_)
            | Stage::Find { .. }
            | Stage::Info(_)
            | Stage::Form { .. }
            | Stage::Scan(_)
            | Stage::Sign(_)
            | Stage::Summary { .. }
            | Stage::Submitting(_)
            | Stage::Received(_)
            | Stage::Status(_)
            | Stage::Rate(_)
            | Stage::Goodbye => false,
        }
    }
}
