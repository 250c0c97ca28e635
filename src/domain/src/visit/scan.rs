//! The papers: scanning, looking at pages, throwing pages away.

use std::time::Duration;

use super::{
    Effect, PageId, ScanEnded, ScanNo, Visit,
    citizen::{ScanStage, Stage},
};
use crate::{
    catalogue::Need,
    screen::{PageView, ScanTrouble, ScannerState},
    touch::Touch,
};

/// Most pages of one paper: a kiosk is no copy shop, and memory is finite.
const MOST_PAGES: usize = 40;

impl Visit {
    /// The papers, or what comes after them when none are wanted.
    pub(super) fn scan_or_later(&mut self) -> Vec<Effect> {
        let none = self.citizen.draft.as_ref().is_none_or(|draft| draft.papers.is_empty());
        if none {
            return self.sign_or_later();
        }
        self.show_scan();
        vec![]
    }

    pub(super) fn show_scan(&mut self) {
        let focused =
            self.citizen.draft.as_ref().and_then(super::draft::Draft::first_missing_paper);
        self.go(Stage::Scan(ScanStage {
            focused: focused.unwrap_or(0),
            scanner: ScannerState::Idle,
            missing: false,
        }));
    }

    pub(super) fn touch_scan(&mut self, touch: &Touch) -> Vec<Effect> {
        let Stage::Scan(stage) = &mut self.citizen.stage else { return vec![] };
        if stage.scanner == ScannerState::Scanning {
            return if *touch == Touch::CancelScan { vec![Effect::CancelScan] } else { vec![] };
        }
        let Some(draft) = &mut self.citizen.draft else { return vec![] };
        match touch {
            Touch::FocusPaper(at) if *at < draft.papers.len() => {
                stage.focused = *at;
                vec![]
            }
            Touch::Scan => {
                let full =
                    draft.papers.get(stage.focused).is_none_or(|p| p.pages.len() >= MOST_PAGES);
                if full {
                    return vec![];
                }
                stage.scanner = ScannerState::Scanning;
                stage.missing = false;
                self.waiting_since = self.now;
                self.citizen.scan.0 += 1;
                vec![Effect::Scan(self.citizen.scan)]
            }
            Touch::RemovePage(at) => {
                let Some(paper) = draft.papers.get_mut(stage.focused) else { return vec![] };
                if *at >= paper.pages.len() {
                    return vec![];
                }
                let (id, _) = paper.pages.remove(*at);
                draft.signed_by = None;
                vec![Effect::ForgetPage(id)]
            }
            Touch::SkipPaper(skip) => {
                let optional = draft
                    .procedure
                    .papers
                    .get(stage.focused)
                    .is_some_and(|p| p.need != Need::Always);
                if let (true, Some(paper)) = (optional, draft.papers.get_mut(stage.focused)) {
                    paper.skipped = *skip;
                }
                vec![]
            }
            Touch::Back => {
                let last = draft.sections();
                if last == 0 { self.touch_apply_identify() } else { self.form(last - 1) }
            }
            Touch::Next => match draft.first_missing_paper() {
                Some(at) => {
                    stage.focused = at;
                    stage.missing = true;
                    vec![]
                }
                None => self.sign_or_later(),
            },
            _ => vec![],
        }
    }

    fn touch_apply_identify(&mut self) -> Vec<Effect> {
        self.go(Stage::Identify(super::citizen::IdentifyStage::Known));
        vec![]
    }

    pub(super) fn page_came(&mut self, scan: ScanNo, id: PageId, page: PageView) -> Vec<Effect> {
        let present = scan == self.citizen.scan;
        let (Stage::Scan(stage), Some(draft)) = (&self.citizen.stage, &mut self.citizen.draft)
        else {
            return vec![Effect::ForgetPage(id)];
        };
        // A page that comes after its scan was given up belongs to no paper.
        let (true, ScannerState::Scanning, Some(paper)) =
            (present, stage.scanner, draft.papers.get_mut(stage.focused))
        else {
            return vec![Effect::ForgetPage(id)];
        };
        draft.signed_by = None;
        paper.skipped = false;
        paper.pages.push((id, page));
        self.waiting_since = self.now;
        if paper.pages.len() >= MOST_PAGES { vec![Effect::CancelScan] } else { vec![] }
    }

    pub(super) fn scan_ended(&mut self, scan: ScanNo, ended: ScanEnded) -> Vec<Effect> {
        if let Stage::Scan(stage) = &mut self.citizen.stage
            && scan == self.citizen.scan
            && stage.scanner == ScannerState::Scanning
        {
            stage.scanner = match ended {
                ScanEnded::Done => ScannerState::Idle,
                ScanEnded::Trouble(trouble) => ScannerState::Trouble(trouble),
            };
            self.waiting_since = self.now;
        }
        vec![]
    }

    /// What went wrong without it is no more to be said.
    pub(super) fn scanner_is_back(&mut self) -> Vec<Effect> {
        if let Stage::Scan(stage) = &mut self.citizen.stage
            && stage.scanner == ScannerState::Trouble(ScanTrouble::NoScanner)
        {
            stage.scanner = ScannerState::Idle;
        }
        vec![]
    }

    pub(super) fn scan_deadline(&mut self, waited: Duration) -> Option<Vec<Effect>> {
        let Stage::Scan(stage) = &self.citizen.stage else { return None };
        let late = stage.scanner == ScannerState::Scanning && waited >= self.timing.scanning;
        late.then(|| {
            let given_up = ScanEnded::Trouble(ScanTrouble::NoScanner);
            self.scan_ended(self.citizen.scan, given_up);
            vec![Effect::CancelScan]
        })
    }
}
