//! A dossier, from the search for its procedure to its papers.

use domain::{
    Evidence, Language,
    screen::{ChipPage, CodeFault, FormPage, IdentifyState, Page, ScanTrouble, ScannerState},
    touch::Touch,
};
use simulator::ScannerFault;

use super::Story;
use crate::{LabError, panel::CODES, sample};

/// The procedure handed in: the one whose documents want a signature.
pub(super) const PROCEDURE: &str = "1.001612";
/// Sheets of each paper.
const SHEETS: usize = 2;

fn is_identify(page: &Page, wished: impl Fn(&IdentifyState) -> bool) -> bool {
    matches!(page, Page::Identify(identify) if wished(&identify.state))
}

fn is_known_by(page: &Page, evidence: Evidence) -> bool {
    is_identify(
        page,
        |state| matches!(state, IdentifyState::Known(person) if person.evidence == evidence),
    )
}

impl Story<'_> {
    pub(super) fn find_a_procedure(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::FindProcedure);
        self.picture("find-procedure")?;
        self.player.touch(Touch::Search("ho kinh doanh".into()));
        self.picture("find-procedure-typed")?;
        self.player.touch(Touch::Procedure(PROCEDURE.into()));
        self.picture("procedure-info")?;
        self.player.touch(Touch::Apply);
        self.picture("identify")
    }

    /// First a code for paying is held to the gun, then that of the card.
    pub(super) fn identify_by_code(&mut self) -> Result<(), LabError> {
        let [(_, card), _, (_, payment), _] = CODES;
        let gun = &self.hall.simulator.gun;
        gun.present(payment.as_bytes());
        self.see("identify-other-code", |page| {
            is_identify(page, |state| {
                *state == IdentifyState::Waiting { fault: Some(CodeFault::Payment) }
            })
        })?;
        gun.present(card.as_bytes());
        self.see("identified", |page| is_known_by(page, Evidence::Code))
    }

    /// The chip says more than the code, where there is a reader.
    pub(super) fn read_the_chip(&mut self) -> Result<(), LabError> {
        if let Some(card) = &self.hall.card {
            self.player.wait_for_page(
                "an offer to read the chip",
                |page| matches!(page, Page::Identify(identify) if identify.chip),
            )?;
            self.player.touch(Touch::ChipInstead);
            self.see("chip-lay-card", |page| {
                is_identify(page, |state| {
                    matches!(state, IdentifyState::Chip(ChipPage::Lay { .. }))
                })
            })?;
            card.lay("").map_err(LabError::io("the card reader"))?;
            self.player.wait_for_page("a chip that is read", |page| {
                is_identify(page, |state| {
                    matches!(state, IdentifyState::Chip(ChipPage::Reading { percent: 20.. }))
                })
            })?;
            let reading = self.player.screen().clone();
            self.player
                .wait_for_page("a read chip", |page| is_known_by(page, Evidence::ChipTrusted))?;
            self.picture_of(&reading, "chip-reading")?;
            self.picture("chip-read")?;
            card.pull();
        }
        self.player.touch(Touch::Next);
        Ok(())
    }

    /// Section by section. In the first, *next* is pressed too early, and the language changed.
    pub(super) fn fill_the_form(&mut self) -> Result<(), LabError> {
        let mut section = 0;
        while let Page::Form(form) = self.player.screen().page.clone() {
            if form.section.at == section {
                // The same section again: an answer was refused, which must not be hidden.
                return Err(self.player.surprise("the next section"));
            }
            section = form.section.at;
            if section == 1 {
                self.picture("form-begun")?;
                self.player.touch(Touch::Next);
                self.picture("form-answer-missing")?;
            }
            self.answer(&form);
            self.picture(&format!("form-{section}"))?;
            self.player.touch(Touch::Next);
        }
        Ok(())
    }

    /// Answers what the card could not. Half way through the language is changed, and back.
    fn answer(&mut self, form: &FormPage) {
        let open = form.questions.iter().enumerate();
        for (at, question) in open.filter(|(_, it)| it.value.is_empty() && !it.optional) {
            let language = if at % 2 == 0 { Language::En } else { Language::Vi };
            self.player.touch(Touch::Language(language));
            self.player.touch(Touch::FocusQuestion(at));
            let text = sample::answer(&question.kind, &question.id);
            self.player.touch(Touch::Answer { question: question.id.clone(), text });
        }
        self.player.touch(Touch::Language(Language::Vi));
    }

    /// The first sheets jam, and are laid in once more.
    pub(super) fn scan_the_papers(&mut self) -> Result<(), LabError> {
        self.picture("scan")?;
        self.player.touch(Touch::Next);
        self.picture("scan-papers-missing")?;
        let scanner = &self.hall.simulator.scanner;
        scanner.load_forms(SHEETS);
        scanner.set_fault(Some(ScannerFault::Jammed));
        self.player.touch(Touch::Scan);
        self.see("scan-jammed", |page| {
            matches!(page, Page::Scan(scan)
                if scan.scanner == ScannerState::Trouble(ScanTrouble::Jammed))
        })?;
        scanner.set_fault(None);
        let mut scanning = None;
        while let Page::Scan(scan) = self.player.screen().page.clone() {
            let open = scan.papers.iter().position(|p| p.pages.is_empty() && !p.skipped);
            let Some(at) = open else { break };
            self.player.touch(Touch::FocusPaper(at));
            scanner.unload();
            scanner.load_forms(SHEETS);
            self.player.touch(Touch::Scan);
            scanning.get_or_insert_with(|| self.player.screen().clone());
            self.player.wait_for_page("scanned pages", |page| {
                matches!(page, Page::Scan(scan) if scan.scanner != ScannerState::Scanning
                    && scan.papers.get(at).is_some_and(|paper| !paper.pages.is_empty()))
            })?;
        }
        if let Some(scanning) = scanning {
            self.picture_of(&scanning, "scanning")?;
        }
        self.picture("scanned")?;
        self.player.touch(Touch::Next);
        Ok(())
    }
}
