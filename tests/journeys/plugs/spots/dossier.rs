//! From saying who one is to the papers.

use domain::{
    screen::{ChipPage, IdentifyState, Page, ScanTrouble, ScannerState},
    touch::Touch,
};
use simulator::ScannerFault;
use worker::Class;

use super::super::{
    plug::Plug,
    walk::{Spot, Walk, is_known},
};
use super::{card_reader, nothing, scanner};

pub const SPOTS: &[Spot] = &[
    Spot {
        name: "waiting for a card",
        reach: |walk| walk.reach_waiting(),
        at: |page| identifies(page, |it| matches!(it, IdentifyState::Waiting { .. })),
        says: |plug| {
            (plug == Plug::CodeReaders)
                .then_some("The code reader is not working. Please type your details instead.")
        },
        onward: |walk, plug| {
            // The other reader goes on.
            if plug == Plug::Gun {
                let picture = lab::code_picture(&walk.card()).unwrap();
                walk.hall.simulator.camera.hold(&picture).unwrap();
                walk.wait("a known person", is_known);
                walk.hall.simulator.camera.remove().unwrap();
                walk.touch(Touch::CodeInstead);
            } else if plug == Plug::Camera {
                walk.show_card();
                walk.touch(Touch::CodeInstead);
            } else {
                walk.there_and_back(Touch::TypeInstead, Touch::Back);
            }
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "typing who one is",
        reach: |walk| {
            walk.reach_waiting();
            walk.touch(Touch::TypeInstead);
            let question = "personal-number".to_owned();
            walk.touch(Touch::Answer { question, text: "0010990".into() });
        },
        at: |page| identifies(page, |it| matches!(it, IdentifyState::Typing { .. })),
        says: nothing,
        onward: |walk, _| walk.there_and_back(Touch::CodeInstead, Touch::TypeInstead),
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "known person",
        reach: |walk| walk.reach_known(),
        at: is_known,
        says: nothing,
        onward: |walk, _| walk.there_and_back(Touch::Next, Touch::Back),
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "what opens the chip",
        reach: |walk| {
            walk.reach_waiting();
            walk.touches([Touch::ChipInstead, Touch::PinDigit(0)]);
        },
        at: chip,
        says: card_reader,
        onward: |walk, _| {
            walk.to(Touch::Back, |page| {
                identifies(page, |it| matches!(it, IdentifyState::Waiting { .. }))
            });
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "card to be laid down",
        reach: to_lay,
        at: chip,
        says: card_reader,
        onward: |walk, _| walk.to(Touch::Back, is_known),
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "chip being read",
        reach: |walk| {
            lay_until(walk, "slow:250", |it| matches!(it, ChipPage::Reading { .. }));
        },
        at: chip,
        says: card_reader,
        onward: |walk, plug| {
            walk.to(Touch::Back, is_known);
            if plug == Plug::Worker(Class::Card) {
                // The service still waits for the answer to a command of the dead worker, and its
                // virtual reader takes no other card when this one goes in that moment.
                std::thread::sleep(std::time::Duration::from_secs(1));
            }
        },
        out: None,
        ends: true,
        token: false,
    },
    Spot {
        name: "chip not read",
        reach: |walk| {
            lay_until(walk, "short@8", |it| matches!(it, ChipPage::Failed(_)));
        },
        at: chip,
        says: nothing,
        onward: |walk, plug| {
            if plug == Plug::CardReader {
                walk.touch(Touch::Next);
                walk.see("once more", super::NO_CARD_READER);
            }
            walk.to(Touch::Back, is_known);
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "form",
        reach: |walk| {
            walk.reach_form();
            walk.begin_answers();
        },
        at: |page| matches!(page, Page::Form(_)),
        says: nothing,
        onward: |walk, _| walk.there_and_back(Touch::Back, Touch::Next),
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "papers",
        reach: |walk| walk.reach_scan(),
        at: |page| matches!(page, Page::Scan(_)),
        says: scanner,
        onward: |walk, plug| {
            if plug == Plug::Scanner {
                walk.touch(Touch::Scan);
                walk.wait("no page", |page| scans(page, gone));
            }
            walk.there_and_back(Touch::Back, Touch::Next);
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "paper being scanned",
        reach: |walk| {
            walk.reach_scan();
            walk.hall.simulator.scanner.set_fault(Some(ScannerFault::Silent));
            walk.touches([Touch::FocusPaper(0), Touch::Scan]);
            walk.wait("scanning", |page| scans(page, |it| it == ScannerState::Scanning));
        },
        at: |page| matches!(page, Page::Scan(_)),
        says: |plug| {
            let ends = matches!(plug, Plug::Scanner | Plug::Worker(Class::Scanner));
            ends.then_some(super::NO_SCANNER)
        },
        onward: |walk, plug| {
            if plug == Plug::Worker(Class::Scanner) {
                walk.hall.simulator.scanner.set_fault(None);
            } else {
                walk.touch(Touch::CancelScan);
                walk.wait("an end", |page| scans(page, |it| it != ScannerState::Scanning));
            }
            walk.home();
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "paper stuck",
        reach: |walk| {
            walk.reach_scan();
            walk.hall.simulator.scanner.load_forms(1);
            walk.hall.simulator.scanner.set_fault(Some(ScannerFault::Jammed));
            walk.touches([Touch::FocusPaper(0), Touch::Scan]);
            let stuck = ScannerState::Trouble(ScanTrouble::Jammed);
            walk.wait("a jam", |page| scans(page, |it| it == stuck));
        },
        at: |page| matches!(page, Page::Scan(_)),
        says: nothing,
        onward: |walk, plug| {
            if plug == Plug::Scanner {
                walk.touch(Touch::Scan);
                walk.wait("no page", |page| scans(page, gone));
            }
            walk.there_and_back(Touch::Back, Touch::Next);
        },
        out: None,
        ends: false,
        token: false,
    },
];

fn identifies(page: &Page, wished: impl Fn(&IdentifyState) -> bool) -> bool {
    matches!(page, Page::Identify(it) if wished(&it.state))
}

fn chip(page: &Page) -> bool {
    is(page, |_| true)
}

fn is(page: &Page, wished: impl Fn(&ChipPage) -> bool) -> bool {
    identifies(page, |it| matches!(it, IdentifyState::Chip(page) if wished(page)))
}

fn scans(page: &Page, wished: impl Fn(ScannerState) -> bool) -> bool {
    matches!(page, Page::Scan(it) if wished(it.scanner))
}

fn gone(state: ScannerState) -> bool {
    state == ScannerState::Trouble(ScanTrouble::NoScanner)
}

fn to_lay(walk: &mut Walk<'_>) {
    walk.reach_known();
    walk.touch(Touch::ChipInstead);
}

/// Lays a card down until the page is so. Its service looks for cards two or three times a second and
/// does not see one that follows another sooner; at times its virtual reader sees none at all, and the
/// card is laid down once more.
fn lay_until(walk: &mut Walk<'_>, fault: &str, wished: fn(&ChipPage) -> bool) {
    to_lay(walk);
    for _ in 0..4 {
        std::thread::sleep(std::time::Duration::from_secs(1));
        walk.hall.card.as_ref().unwrap().lay(fault).unwrap();
        if walk.comes(|page| is(page, wished)) {
            return;
        }
        if is(walk.page(), |it| matches!(it, ChipPage::Failed(_))) {
            walk.touches([Touch::Back, Touch::ChipInstead]);
        }
    }
    panic!("four cards were laid down, and the page is {:?}", walk.page());
}
