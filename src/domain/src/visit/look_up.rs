//! Looking a dossier up, and rating.

use std::time::Duration;

use super::{Effect, LookUpAnswer, LookUpSecret, PresentedCode, Visit, citizen::Stage};
use crate::{
    screen::{LookUpField, LookUpState},
    touch::Touch,
};

/// Dossier codes are opaque texts of at most this length (DOMAIN: `mã hồ sơ`).
const LONGEST_CODE: usize = 64;

impl Visit {
    pub(super) fn touch_look_up(&mut self, touch: Touch) -> Vec<Effect> {
        match (&mut self.citizen.stage, touch) {
            (Stage::LookUp(page), _) if page.state == LookUpState::Asking => vec![],
            (Stage::LookUp(_), Touch::Back) => self.leave(),
            (Stage::LookUp(page), Touch::LookUpText(field, text)) => {
                match field {
                    LookUpField::Code => page.code = text,
                    LookUpField::Factor => page.factor = text,
                }
                page.focused = field;
                page.state = LookUpState::Typing;
                vec![]
            }
            (Stage::LookUp(page), Touch::LookUpFocus(field)) => {
                page.focused = field;
                vec![]
            }
            (Stage::LookUp(_), Touch::Next) => self.ask_typed(),
            (Stage::Status(_), Touch::Next | Touch::Back) => {
                self.go(Stage::Rate(None));
                vec![]
            }
            _ => vec![],
        }
    }

    fn ask_typed(&mut self) -> Vec<Effect> {
        let Stage::LookUp(page) = &mut self.citizen.stage else { return vec![] };
        let code: String =
            page.code.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
        let factor: String = page.factor.chars().filter(|c| !c.is_whitespace()).collect();
        let written = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
        if code.len() < 8 || code.len() > LONGEST_CODE || !code.chars().all(written) {
            page.state = LookUpState::NotACode;
            page.focused = LookUpField::Code;
            return vec![];
        }
        if factor.len() != 4 || !factor.bytes().all(|b| b.is_ascii_digit()) {
            page.state = LookUpState::NotAFactor;
            page.focused = LookUpField::Factor;
            return vec![];
        }
        self.ask(code, LookUpSecret::LastFour(factor))
    }

    fn ask(&mut self, code: String, factor: LookUpSecret) -> Vec<Effect> {
        if let Stage::LookUp(page) = &mut self.citizen.stage {
            page.state = LookUpState::Asking;
        }
        self.waiting_since = self.now;
        vec![Effect::LookUp { code, factor }]
    }

    pub(super) fn code_for_look_up(&mut self, code: PresentedCode) -> Vec<Effect> {
        let Stage::LookUp(page) = &mut self.citizen.stage else { return vec![] };
        if page.state == LookUpState::Asking {
            return vec![];
        }
        self.last_touch = self.now;
        match code {
            PresentedCode::Slip { submission, secret } => {
                self.ask(submission.0, LookUpSecret::Slip(secret))
            }
            PresentedCode::Dossier(code) => {
                page.code = code;
                page.focused = LookUpField::Factor;
                page.state = LookUpState::Typing;
                vec![]
            }
            PresentedCode::IdCard(_)
            | PresentedCode::GarbledIdCard
            | PresentedCode::Ticket
            | PresentedCode::Payment
            | PresentedCode::HealthCard
            | PresentedCode::AppToken
            | PresentedCode::OtherCard
            | PresentedCode::ChipCard
            | PresentedCode::UnreadableCard
            | PresentedCode::RemovedCard
            | PresentedCode::Unknown => {
                page.state = LookUpState::NotACode;
                vec![]
            }
        }
    }

    pub(super) fn look_up_answer(&mut self, answer: LookUpAnswer) -> Vec<Effect> {
        let Stage::LookUp(page) = &mut self.citizen.stage else { return vec![] };
        if page.state != LookUpState::Asking {
            return vec![];
        }
        self.waiting_since = self.now;
        match answer {
            LookUpAnswer::Found(status) => {
                self.go(Stage::Status(status));
                return vec![Effect::StopCodes];
            }
            LookUpAnswer::NotFound => page.state = LookUpState::NotFound,
            LookUpAnswer::Locked => page.state = LookUpState::Locked,
            LookUpAnswer::NoProvince => page.state = LookUpState::NoProvince,
            LookUpAnswer::ProvinceFails => page.state = LookUpState::ProvinceFails,
        }
        vec![]
    }

    /// That it could not be asked is no more to be said.
    pub(super) fn province_is_back(&mut self) -> Vec<Effect> {
        if let Stage::LookUp(page) = &mut self.citizen.stage
            && page.state == LookUpState::NoProvince
        {
            page.state = LookUpState::Typing;
        }
        vec![]
    }

    pub(super) fn look_up_deadline(&mut self, waited: Duration) -> Option<Vec<Effect>> {
        let Stage::LookUp(page) = &self.citizen.stage else { return None };
        let late = page.state == LookUpState::Asking && waited >= self.timing.looking_up;
        late.then(|| self.look_up_answer(LookUpAnswer::NoProvince))
    }

    pub(super) fn touch_rate(&mut self, touch: &Touch) -> Vec<Effect> {
        match touch {
            Touch::Rate(rating) => {
                let mut effects = vec![Effect::Rate {
                    submission: self.citizen.submitted.clone(),
                    rating: *rating,
                }];
                effects.extend(self.wipe(Stage::Goodbye));
                effects
            }
            Touch::Next | Touch::Back => self.wipe(Stage::Goodbye),
            _ => vec![],
        }
    }
}
