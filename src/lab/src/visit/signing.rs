//! The citizen's signature, and handing in while the line to the province breaks.

use std::time::Duration;

use domain::{
    screen::{DossierPlace, Page, Rating, SignState, SlipState, Submitting},
    touch::Touch,
};

use super::Story;
use crate::LabError;

/// Of the software token.
const PIN: [u8; 6] = [1, 2, 3, 4, 5, 6];
/// Longer than the screen waits for the province before it says that the dossier is kept here.
const NO_ANSWER: Duration = Duration::from_secs(16);

fn is_sign(page: &Page, wished: impl Fn(&SignState) -> bool) -> bool {
    matches!(page, Page::Sign(sign) if wished(&sign.state))
}

impl Story<'_> {
    pub(super) fn sign(&mut self) -> Result<(), LabError> {
        self.picture("sign-insert")?;
        self.hall.token.set_inserted(true);
        self.player.wait_for_page("the PIN pad", |page| {
            is_sign(page, |state| matches!(state, SignState::EnterPin { .. }))
        })?;
        for digit in PIN {
            self.player.touch(Touch::PinDigit(digit));
        }
        self.picture("sign-pin")?;
        self.player.touch(Touch::PinEnter);
        let signing = self.player.screen().clone();
        self.player.wait_for_page("signatures", |page| {
            is_sign(page, |state| matches!(state, SignState::Signed { .. }))
        })?;
        self.picture_of(&signing, "signing")?;
        self.picture("signed")?;
        self.hall.token.set_inserted(false);
        self.player.touch(Touch::Next);
        Ok(())
    }

    /// The dossier is kept first, and received once the cable is whole again.
    pub(super) fn hand_in(&mut self) -> Result<(), LabError> {
        if matches!(self.player.screen().page, Page::Sign(_)) {
            self.player.touch(Touch::WithoutSignature);
        }
        self.picture("summary")?;
        self.player.touch(Touch::Submit);
        let sealing = self.player.screen().clone();
        self.player.wait_for_page("a dossier on its way", |page| {
            *page == Page::Submitting(Submitting::Sending)
        })?;
        self.picture_of(&sealing, "submitting")?;
        self.picture("submitting-sending")?;
        self.player.skip(NO_ANSWER);
        self.see("kept-here", |page| {
            matches!(page, Page::Received(received) if received.slip == SlipState::Printed
                && matches!(received.place, DossierPlace::Kiosk(_)))
        })?;
        self.hall.province_cable.join();
        self.player.touch(Touch::StillHere);
        self.see("received", |page| {
            matches!(page, Page::Received(received)
                if matches!(received.place, DossierPlace::Province(_)))
        })?;
        self.player.touch(Touch::Next);
        self.picture("rate")?;
        self.player.touch(Touch::Rate(Rating::VerySatisfied));
        self.player.skip(super::GOODBYE);
        self.everything_works()
    }
}
