//! From the signature to the slip.

use domain::{
    screen::{DossierPlace, Page, SignState, SlipState, Submitting},
    touch::Touch,
};

use worker::Class;

use super::super::{
    plug::Plug,
    walk::{Spot, Walk},
};
use super::{NO_PRINTER, nothing};

/// Where the token is at work.
pub const SIGNS: &str = "papers being signed";

pub const SPOTS: &[Spot] = &[
    Spot {
        name: "token wanted",
        reach: |walk| {
            walk.hall.token.set_inserted(false);
            walk.reach_scan();
            walk.to(Touch::Next, |page| signs(page, |it| *it == SignState::InsertToken));
        },
        at: |page| signs(page, |it| *it == SignState::InsertToken),
        says: nothing,
        onward: without_signature,
        out: Some(Plug::Token),
        ends: false,
        token: false,
    },
    Spot {
        name: "PIN pad",
        reach: |walk| {
            walk.reach_pin();
            walk.touch(Touch::PinDigit(1));
        },
        at: |page| {
            signs(page, |it| matches!(it, SignState::EnterPin { .. } | SignState::InsertToken))
        },
        says: |plug| (plug == Plug::Token).then_some("Put in your signing token"),
        onward: without_signature,
        out: None,
        ends: false,
        token: true,
    },
    Spot {
        name: SIGNS,
        reach: |walk| {
            walk.reach_pin();
            walk.type_pin();
            walk.wait("signing", |page| signs(page, |it| *it == SignState::Signing));
        },
        at: |page| matches!(page, Page::Sign(_)),
        says: |plug| {
            (plug == Plug::Worker(Class::Token)).then_some(
                "Your token did not answer. Please take it out, put it in again and type the PIN.",
            )
        },
        onward: |walk, _| {
            walk.wait("an end of it", |page| signs(page, |it| *it != SignState::Signing));
            let on = if signs(walk.page(), |it| matches!(it, SignState::Signed { .. })) {
                Touch::Next
            } else {
                Touch::WithoutSignature
            };
            walk.to(on, |page| matches!(page, Page::Summary(_)));
        },
        out: None,
        ends: true,
        token: false,
    },
    Spot {
        name: "papers signed",
        reach: |walk| {
            walk.reach_pin();
            walk.type_pin();
            walk.wait("signed", |page| signs(page, |it| matches!(it, SignState::Signed { .. })));
        },
        at: |page| signs(page, |it| matches!(it, SignState::Signed { .. })),
        says: nothing,
        onward: |walk, _| walk.there_and_back(Touch::Next, Touch::Back),
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "everything once more",
        reach: |walk| walk.reach_summary(),
        at: |page| matches!(page, Page::Summary(_)),
        says: nothing,
        onward: |walk, _| {
            walk.there_and_back(Touch::Back, Touch::WithoutSignature);
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "dossier being sent",
        reach: |walk| {
            walk.reach_summary();
            walk.hall.province_cable.cut();
            walk.touch(Touch::Submit);
            walk.wait("kept", |page| {
                matches!(page, Page::Submitting(Submitting::Sending) | Page::Received(_))
            });
            walk.hear("the line cut", ("PRV-001", "", 1));
        },
        at: |page| matches!(page, Page::Submitting(_) | Page::Received(_)),
        says: nothing,
        onward: |walk, plug| {
            walk.skip(16);
            walk.wait("kept here", |page| {
                matches!(page, Page::Received(it) if it.slip != SlipState::Printing
                    && matches!(it.place, DossierPlace::Kiosk(_)))
            });
            walk.see("kept here", "Your dossier is kept safely");
            if plug == Plug::Printer {
                walk.see("no slip", NO_PRINTER);
            }
            walk.to(Touch::Next, |page| matches!(page, Page::Rate(_)));
        },
        out: Some(Plug::Province),
        ends: true,
        token: false,
    },
    Spot {
        name: "dossier received",
        reach: |walk| walk.reach_received(),
        at: |page| matches!(page, Page::Received(_)),
        says: nothing,
        onward: |walk, plug| {
            walk.touch(Touch::PrintAgain);
            walk.wait(
                "an end of it",
                |page| matches!(page, Page::Received(it) if it.slip != SlipState::Printing),
            );
            if plug == Plug::Printer {
                walk.see("no slip", NO_PRINTER);
            }
        },
        out: None,
        ends: false,
        token: false,
    },
];

fn signs(page: &Page, wished: impl Fn(&SignState) -> bool) -> bool {
    matches!(page, Page::Sign(it) if wished(&it.state))
}

fn without_signature(walk: &mut Walk<'_>, _: Plug) {
    walk.there_and_back(Touch::WithoutSignature, Touch::Back);
}
