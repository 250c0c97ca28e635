//! Somebody looks around, asks for help, types who they are, and walks away.

use std::time::Duration;

use domain::{
    screen::{IdentifyState, Page, StaffCall},
    touch::Touch,
};

use super::{Story, dossier::PROCEDURE};
use crate::{LabError, sample};

/// Longer than the kiosk waits before it asks whether anybody is there.
const QUIET: Duration = Duration::from_secs(31);
/// Longer than it waits for an answer.
const GONE: Duration = Duration::from_secs(20);

impl Story<'_> {
    pub(super) fn somebody_walks_away(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::FindProcedure);
        self.player.touch(Touch::Procedure(PROCEDURE.into()));
        self.ask_for_help()?;
        self.player.touch(Touch::Apply);
        self.type_who_one_is()?;
        self.player.skip(QUIET);
        self.picture("idle-warning")?;
        self.player.skip(GONE);
        self.see("wiped", |page| matches!(page, Page::Welcome(_)))?;
        self.everything_works()
    }

    fn ask_for_help(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::Help);
        self.picture("help")?;
        self.player.touch(Touch::CallStaff);
        self.player
            .wait_for("an officer on the way", |screen| screen.staff == StaffCall::OnTheWay)?;
        self.player.touch(Touch::CloseHelp);
        self.picture("officer-called")
    }

    fn type_who_one_is(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::TypeInstead);
        self.picture("identify-typing")?;
        self.player.touch(Touch::Next);
        self.picture("identify-typing-wrong")?;
        let page = self.player.screen().page.clone();
        if let Page::Identify(identify) = page
            && let IdentifyState::Typing { questions, .. } = identify.state
        {
            for question in questions {
                let text = sample::answer(&question.kind, &question.id);
                self.player.touch(Touch::Answer { question: question.id, text });
            }
        }
        self.player.touch(Touch::Next);
        self.see(
            "identified-by-typing",
            |page| matches!(page, Page::Identify(it) if matches!(it.state, IdentifyState::Known(_))),
        )
    }
}
