//! How the dossier stands: mistyped, while the province cannot be reached, and by its slip.

use domain::{
    screen::{LookUpField, LookUpState, Page},
    touch::Touch,
};

use super::Story;
use crate::LabError;

/// Written like a dossier's code, and nobody's.
const NOBODYS: &str = "H40.16-260101-9999";

fn is_look_up(page: &Page, state: LookUpState) -> bool {
    matches!(page, Page::LookUp(look_up) if look_up.state == state)
}

impl Story<'_> {
    pub(super) fn look_it_up(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::LookUpDossier);
        self.picture("look-up")?;
        self.player.touch(Touch::LookUpText(LookUpField::Code, NOBODYS.into()));
        self.player.touch(Touch::Next);
        self.see("look-up-wants-digits", |page| is_look_up(page, LookUpState::NotAFactor))?;
        self.player.touch(Touch::LookUpText(LookUpField::Factor, "0001".into()));
        self.player.touch(Touch::Next);
        let asking = self.player.screen().clone();
        self.player.wait_for_page("an answer about nobody's dossier", |page| {
            is_look_up(page, LookUpState::NotFound)
        })?;
        self.picture_of(&asking, "look-up-asking")?;
        self.picture("look-up-not-found")?;
        self.hall.province_cable.cut();
        self.player.touch(Touch::Next);
        self.see("look-up-no-province", |page| is_look_up(page, LookUpState::NoProvince))?;
        self.hall.province_cable.join();
        self.player.touch(Touch::StillHere);
        self.player
            .wait_for_page("the province again", |page| is_look_up(page, LookUpState::Typing))?;
        self.hall.simulator.gun.present(self.slip_code()?.as_bytes());
        self.see("dossier-status", |page| matches!(page, Page::DossierStatus(_)))?;
        self.leave()
    }

    /// The code on the slip, read from the paper by the reader's own decoder.
    fn slip_code(&self) -> Result<String, LabError> {
        let missing = || self.player.surprise("a readable code on the slip");
        let tickets = self.hall.simulator.printer.tickets();
        let png = tickets.last().and_then(crate::paper_picture).ok_or_else(missing)?;
        let frame = code_reader::Frame::decode(&png).ok_or_else(missing)?;
        let code = code_reader::find_codes(&frame).into_iter().next().ok_or_else(missing)?;
        String::from_utf8(code).map_err(|_| missing())
    }
}
