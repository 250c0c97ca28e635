//! Identifying by the chip of the ID card.
//!
//! ```text
//! key (code or six digits) ─ lay ─ reading ─ known
//! refused by the chip: key again; card taken away: lay again; anything else: failed,
//! then once more, or on without the chip
//! ```

use std::time::Duration;

use super::{
    ChipFacts, ChipNews, Effect, PresentedCode, Visit,
    apply::facts_in,
    citizen::{ChipStage, IdentifyStage, Stage},
};
use crate::{
    ChipKey, Evidence, FurtherFacts,
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
            let (key, fault) = (ChipKey::default(), ChipFault::WrongKey);
            self.show_chip(ChipStage::Failed { key, fault });
            return vec![Effect::StopCodes];
        }
        let known = self.citizen.draft.as_ref().and_then(|draft| draft.person.as_ref());
        match known.map(|(facts, _)| ChipKey::of(&facts.personal_number)) {
            Some(key) => self.lay(key, false),
            None => self.ask_key(None),
        }
    }

    fn ask_key(&mut self, fault: Option<KeyFault>) -> Vec<Effect> {
        self.show_chip(ChipStage::Key { key: ChipKey::default(), fault });
        vec![Effect::WatchCodes]
    }

    fn lay(&mut self, key: ChipKey, removed: bool) -> Vec<Effect> {
        let form = self.citizen.draft.as_ref().map(|draft| &draft.procedure.form);
        let beliefs = form.is_some_and(crate::form::FormSchema::asks_beliefs);
        self.show_chip(ChipStage::Lay { key: key.clone(), removed });
        vec![Effect::StopCodes, Effect::ReadChip { key, beliefs }]
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
        self.lay(key, false)
    }

    /// A code was shown while a key is wanted. What it says stays, should the chip not be read.
    pub(super) fn code_for_chip(&mut self, code: PresentedCode) -> Vec<Effect> {
        let Some(ChipStage::Key { fault, .. }) = self.chip_stage() else { return vec![] };
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
        self.lay(key, false)
    }

    pub(super) fn chip_news(&mut self, news: ChipNews) -> Vec<Effect> {
        let Some(ChipStage::Lay { key, .. } | ChipStage::Reading { key, .. }) = self.chip_stage()
        else {
            return vec![];
        };
        let key = key.clone();
        // Laying a card down, or taking it away, is as much a sign of life as touching the glass.
        self.last_touch = self.now;
        match news {
            ChipNews::Reading(done) => {
                self.chip_progress(key, done);
                vec![]
            }
            ChipNews::Read(read) => self.chip_read(*read),
            ChipNews::Failed(fault) => self.chip_failed(key, fault),
        }
    }

    /// The time for reading runs from its beginning, whatever progress there is.
    fn chip_progress(&mut self, key: ChipKey, done: u8) {
        match self.chip_stage() {
            Some(ChipStage::Reading { percent, .. }) => *percent = done.min(100).max(*percent),
            _ => self.show_chip(ChipStage::Reading { key, percent: done.min(100) }),
        }
    }

    fn chip_read(&mut self, read: ChipFacts) -> Vec<Effect> {
        if let Some(draft) = &mut self.citizen.draft {
            draft.identify(read.facts, &read.further, read.evidence);
        }
        self.go(Stage::Identify(IdentifyStage::Known));
        vec![]
    }

    fn chip_failed(&mut self, key: ChipKey, fault: ChipFault) -> Vec<Effect> {
        match fault {
            ChipFault::Removed => return self.lay(key, true),
            ChipFault::WrongKey => {
                self.citizen.wrong_keys += 1;
                if self.citizen.wrong_keys < MOST_WRONG_KEYS {
                    return self.ask_key(Some(KeyFault::Wrong));
                }
            }
            _ => {}
        }
        self.show_chip(ChipStage::Failed { key, fault });
        vec![]
    }

    /// Once more, where that may help.
    pub(super) fn chip_again(&mut self) -> Vec<Effect> {
        match self.chip_stage() {
            Some(ChipStage::Failed { key, fault }) if fault.is_worth_another_try() => {
                let key = std::mem::take(key);
                self.lay(key, false)
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
        let Some(ChipStage::Reading { key, .. }) = self.chip_stage() else { return None };
        if waited < limit {
            return None;
        }
        let key = std::mem::take(key);
        self.show_chip(ChipStage::Failed { key, fault: ChipFault::Silent });
        Some(vec![Effect::StopChip])
    }
}
