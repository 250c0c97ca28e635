//! Identifying by the chip of the ID card.
//!
//! ```text
//! key (code or six digits) ─ lay ─ reading ─ known
//!                             └─ a chip of the older kind: what its lines say ─ lay
//! refused by the chip: key or lines again; card taken away: lay again; anything else: failed,
//! then once more, or on without the chip
//! ```

use std::time::Duration;

use super::{
    ChipFacts, ChipNews, Effect, PresentedCode, Visit,
    apply::facts_in,
    citizen::{ChipStage, IdentifyStage, Stage},
};
use crate::{
    ChipAccess, ChipKey, Evidence, FurtherFacts,
    screen::{ChipFault, KeyFault},
    touch::Touch,
};

/// Chips slow down after wrong keys, and no citizen mistypes six digits more often.
const MOST_WRONG_KEYS: u8 = 3;

impl Visit {
    /// From another way of identifying. Who is known already need not show the code again.
    pub(super) fn chip_instead(&mut self) -> Vec<Effect> {
        let learns =
            self.citizen.draft.as_ref().is_some_and(super::draft::Draft::may_learn_from_chip);
        let elsewhere = match &self.citizen.stage {
            Stage::Identify(stage) => !matches!(stage, IdentifyStage::Chip(_)),
            _ => false,
        };
        if !elsewhere || !learns || !self.world.card_reader {
            return vec![];
        }
        if self.citizen.wrong_keys >= MOST_WRONG_KEYS {
            let access = ChipAccess::Digits(ChipKey::default());
            self.show_chip(ChipStage::Failed { access, fault: ChipFault::WrongKey });
            return vec![Effect::StopCodes];
        }
        let known = self.citizen.draft.as_ref().and_then(|draft| draft.person.as_ref());
        match known.map(|(facts, _)| ChipKey::of(&facts.personal_number)) {
            Some(key) => self.lay(ChipAccess::Digits(key), false),
            None => self.ask_key(None),
        }
    }

    fn ask_key(&mut self, fault: Option<KeyFault>) -> Vec<Effect> {
        self.show_chip(ChipStage::Key { key: ChipKey::default(), fault });
        vec![Effect::WatchCodes]
    }

    /// What the card's lines say, as far as it is not known; all of it once the chip refused.
    fn ask_lines(&mut self, refused: bool) -> Vec<Effect> {
        if let Some(draft) = &mut self.citizen.draft {
            draft.begin_lines();
        }
        self.show_chip(ChipStage::Lines { focused: 0, refused });
        vec![]
    }

    fn take_lines(&mut self) -> Vec<Effect> {
        let today = self.world.today;
        let Some(&mut ChipStage::Lines { refused, .. }) = self.chip_stage() else { return vec![] };
        let Some(draft) = &mut self.citizen.draft else { return vec![] };
        match draft.check_lines(refused, today) {
            Ok(lines) => self.lay(ChipAccess::Lines(Box::new(lines)), false),
            Err(wrong) => {
                self.show_chip(ChipStage::Lines { focused: wrong, refused });
                vec![]
            }
        }
    }

    fn lay(&mut self, access: ChipAccess, removed: bool) -> Vec<Effect> {
        let form = self.citizen.draft.as_ref().map(|draft| &draft.procedure.form);
        let beliefs = form.is_some_and(crate::form::FormSchema::asks_beliefs);
        self.show_chip(ChipStage::Lay { access: access.clone(), removed });
        vec![Effect::StopCodes, Effect::ReadChip { access, beliefs }]
    }

    fn show_chip(&mut self, stage: ChipStage) {
        self.go(Stage::Identify(IdentifyStage::Chip(stage)));
    }

    fn chip_stage(&mut self) -> Option<&mut ChipStage> {
        match &mut self.citizen.stage {
            Stage::Identify(IdentifyStage::Chip(stage)) => Some(stage),
            _ => None,
        }
    }

    pub(super) fn type_key(&mut self, touch: &Touch) -> Vec<Effect> {
        let Some(ChipStage::Key { key, fault }) = self.chip_stage() else { return vec![] };
        match touch {
            Touch::PinDigit(digit) => {
                *fault = None;
                key.push(*digit);
            }
            Touch::PinErase => key.pop(),
            _ => {}
        }
        if !key.is_whole() {
            return vec![];
        }
        let key = std::mem::take(key);
        self.lay(ChipAccess::Digits(key), false)
    }

    /// A code was shown while a key is wanted. What it says stays, should the chip not be read.
    pub(super) fn code_for_chip(&mut self, code: PresentedCode) -> Vec<Effect> {
        let Some(ChipStage::Key { fault, .. }) = self.chip_stage() else { return vec![] };
        if code == PresentedCode::ChipCard {
            // The card lies there already, and is read once its key is known.
            return vec![];
        }
        let facts = match facts_in(code) {
            Ok(facts) => facts,
            Err(other) => {
                *fault = Some(KeyFault::Code(other));
                self.last_touch = self.now;
                return vec![];
            }
        };
        self.last_touch = self.now;
        let key = ChipKey::of(&facts.personal_number);
        if let Some(draft) = &mut self.citizen.draft {
            draft.identify(facts, &FurtherFacts::default(), Evidence::Code);
        }
        self.lay(ChipAccess::Digits(key), false)
    }

    pub(super) fn chip_news(&mut self, news: ChipNews) -> Vec<Effect> {
        let Some(ChipStage::Lay { access, .. } | ChipStage::Reading { access, .. }) =
            self.chip_stage()
        else {
            return vec![];
        };
        let access = access.clone();
        // Laying a card down, or taking it away, is as much a sign of life as touching the glass.
        self.last_touch = self.now;
        match news {
            ChipNews::Reading(done) => {
                self.chip_progress(access, done);
                vec![]
            }
            ChipNews::Read(read) => self.chip_read(*read),
            ChipNews::NeedsLines => match access {
                ChipAccess::Digits(_) => self.ask_lines(false),
                ChipAccess::Lines(_) => self.chip_failed(access, ChipFault::Unreadable),
            },
            ChipNews::Failed(fault) => self.chip_failed(access, fault),
        }
    }

    /// The time for reading runs from its beginning, whatever progress there is.
    fn chip_progress(&mut self, access: ChipAccess, done: u8) {
        match self.chip_stage() {
            Some(ChipStage::Reading { percent, .. }) => *percent = done.min(100).max(*percent),
            _ => self.show_chip(ChipStage::Reading { access, percent: done.min(100) }),
        }
    }

    fn chip_read(&mut self, read: ChipFacts) -> Vec<Effect> {
        if let Some(draft) = &mut self.citizen.draft {
            draft.identify(read.facts, &read.further, read.evidence);
        }
        self.go(Stage::Identify(IdentifyStage::Known));
        vec![]
    }

    fn chip_failed(&mut self, access: ChipAccess, fault: ChipFault) -> Vec<Effect> {
        match fault {
            ChipFault::Removed => return self.lay(access, true),
            ChipFault::WrongKey => {
                self.citizen.wrong_keys += 1;
                if self.citizen.wrong_keys < MOST_WRONG_KEYS {
                    return match access {
                        ChipAccess::Digits(_) => self.ask_key(Some(KeyFault::Wrong)),
                        ChipAccess::Lines(_) => self.ask_lines(true),
                    };
                }
            }
            _ => {}
        }
        self.show_chip(ChipStage::Failed { access, fault });
        vec![]
    }

    /// The reader that was gone is there: the card may be laid on it.
    pub(super) fn card_reader_is_back(&mut self) -> Vec<Effect> {
        match self.chip_stage() {
            Some(ChipStage::Failed { access, fault: ChipFault::NoReader }) => {
                let access = access.clone();
                self.lay(access, false)
            }
            _ => vec![],
        }
    }

    /// On with what was typed; or once more, where that may help.
    pub(super) fn chip_next(&mut self) -> Vec<Effect> {
        match self.chip_stage() {
            Some(ChipStage::Lines { .. }) => self.take_lines(),
            Some(ChipStage::Failed { access, fault }) if fault.is_worth_another_try() => {
                let access = access.clone();
                self.lay(access, false)
            }
            _ => vec![],
        }
    }

    /// Without the chip: to what is known from the code, or to the other ways.
    pub(super) fn leave_chip(&mut self) -> Vec<Effect> {
        let mut effects = vec![Effect::StopCodes, Effect::StopChip];
        effects.extend(self.identify());
        effects
    }

    pub(super) fn chip_deadline(&mut self, waited: Duration) -> Option<Vec<Effect>> {
        let limit = self.timing.reading;
        let Some(ChipStage::Reading { access, .. }) = self.chip_stage() else { return None };
        if waited < limit {
            return None;
        }
        let access = access.clone();
        self.show_chip(ChipStage::Failed { access, fault: ChipFault::Silent });
        Some(vec![Effect::StopChip])
    }
}
