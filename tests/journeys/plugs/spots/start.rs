//! What needs no dossier: the start, numbers, finding, looking up, rating, help, and leaving.

use domain::{
    screen::{LookUpField, LookUpState, Page, Rating, StaffCall, TicketState},
    touch::Touch,
};
use simulator::PrinterFault;
use worker::Class;

use super::super::{
    plug::Plug,
    walk::{Spot, Walk, ticket},
};
use super::{nothing, printer};

/// A code of the right form that no dossier has.
const NOBODYS: &str = "H40.16-20261121-0000001";

pub const SPOTS: &[Spot] = &[
    Spot {
        name: "start",
        reach: |_| {},
        at: |page| matches!(page, Page::Welcome(_)),
        says: |plug| match plug {
            Plug::Printer => Some("No printing: numbers are shown on the screen"),
            Plug::Scanner => Some("No scanner: please hand in papers at a counter"),
            Plug::Center => Some("Not available: please go to the reception desk"),
            Plug::Province => Some("No connection to the province at the moment"),
            Plug::Gun
            | Plug::Camera
            | Plug::CodeReaders
            | Plug::CardReader
            | Plug::Token
            | Plug::Worker(_) => None,
        },
        onward: |walk, plug| {
            let touch = if plug == Plug::Center { Touch::FindProcedure } else { Touch::TakeTicket };
            walk.there_and_back(touch, Touch::Back);
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "choice of a field",
        reach: |walk| walk.touch(Touch::TakeTicket),
        at: |page| matches!(page, Page::ChooseField(_)),
        says: printer,
        onward: |walk, plug| {
            walk.touch(Touch::Field("ho-tich".into()));
            match plug {
                Plug::Center => {
                    walk.wait("no number", |page| ticket(page, |it| *it == TicketState::NoNumber));
                    walk.see("no number", "The center did not answer, and no number was used up. Please try again in a moment or go to the reception desk.");
                    walk.to(Touch::Back, |page| matches!(page, Page::ChooseField(_)));
                }
                Plug::Printer => walk.wait("a number without paper", not_printed),
                Plug::Scanner
                | Plug::Gun
                | Plug::Camera
                | Plug::CodeReaders
                | Plug::CardReader
                | Plug::Token
                | Plug::Province
                | Plug::Worker(_) => {
                    walk.wait("a number", |page| printed(page) || not_printed(page));
                }
            }
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "ticket being printed",
        reach: |walk| {
            walk.touch(Touch::TakeTicket);
            // Behind its first bytes, so that it still says that it is ready.
            walk.hall.simulator.printer.fail_after(2_000, PrinterFault::Stalled);
            walk.touch(Touch::Field("ho-tich".into()));
            walk.wait("printing", |page| ticket(page, |it| matches!(it, TicketState::Printing(_))));
        },
        at: |page| {
            ticket(page, |it| matches!(it, TicketState::Printing(_) | TicketState::NotPrinted(..)))
        },
        says: printer,
        onward: |walk, plug| {
            if plug == Plug::Printer {
                return walk.to(Touch::Next, |page| *page == Page::Goodbye);
            }
            if plug == Plug::Worker(Class::Printer) {
                walk.wait("the number on the screen", not_printed);
                walk.hall.simulator.printer.set_fault(None);
                return walk.to(Touch::PrintAgain, printed);
            }
            walk.hall.simulator.printer.set_fault(None);
            walk.wait("the paper", printed);
        },
        out: None,
        ends: true,
        token: false,
    },
    Spot {
        name: "ticket printed",
        reach: |walk| {
            walk.take_number();
            walk.wait("the paper", printed);
        },
        at: printed,
        says: nothing,
        onward: |walk, _| walk.to(Touch::Next, |page| *page == Page::Goodbye),
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "ticket not printed",
        reach: |walk| {
            walk.hall.simulator.printer.set_fault(Some(PrinterFault::PaperOut));
            walk.hear("no paper", ("PRT-001", "", 1));
            walk.take_number();
            walk.wait("no paper", not_printed);
        },
        at: not_printed,
        says: |_| {
            Some(
                "Your number is valid without paper. Watch the board: it shows the number and the counter when it is your turn.",
            )
        },
        onward: |walk, _| walk.to(Touch::Next, |page| *page == Page::Goodbye),
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "search for a procedure",
        reach: |walk| walk.touches([Touch::FindProcedure, Touch::Search("kết hôn".into())]),
        at: |page| matches!(page, Page::FindProcedure(_)),
        says: nothing,
        onward: |walk, _| {
            walk.to(Touch::Procedure("1.000894".into()), |page| {
                matches!(page, Page::ProcedureInfo(_))
            });
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "what a procedure needs",
        reach: |walk| walk.reach_info("1.004873"),
        at: |page| matches!(page, Page::ProcedureInfo(_)),
        says: |plug| match plug {
            Plug::Scanner => Some(
                "The scanner is not working. Please call an officer or hand in your papers at a counter.",
            ),
            Plug::Province => Some(
                "The province's system cannot be reached right now. Dossiers are kept safely here and sent as soon as it answers.",
            ),
            Plug::Printer
            | Plug::Gun
            | Plug::Camera
            | Plug::CodeReaders
            | Plug::CardReader
            | Plug::Token
            | Plug::Center
            | Plug::Worker(_) => None,
        },
        onward: |walk, plug| {
            // Papers cannot be handed in here: to another procedure, or home.
            if plug == Plug::Scanner {
                walk.to(Touch::Back, |page| matches!(page, Page::FindProcedure(_)));
            } else {
                walk.there_and_back(Touch::Apply, Touch::Back);
            }
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "look-up",
        reach: |walk| {
            walk.touch(Touch::LookUpDossier);
            walk.touch(Touch::LookUpText(LookUpField::Code, NOBODYS.into()));
        },
        at: |page| matches!(page, Page::LookUp(_)),
        says: |plug| {
            (plug == Plug::CodeReaders)
                .then_some("The code reader is not working. Please type the code from your slip.")
        },
        onward: |walk, plug| {
            walk.touch(Touch::LookUpText(LookUpField::Factor, "0001".into()));
            walk.touch(Touch::Next);
            if plug == Plug::Province {
                looks_up(walk, LookUpState::NoProvince);
                walk.see("no province", "The province's system cannot be reached right now. Please try again in a few minutes or ask an officer.");
            } else {
                walk.wait("an answer", |page| {
                    matches!(page, Page::LookUp(it)
                        if matches!(it.state, LookUpState::NotFound | LookUpState::Locked))
                });
            }
            walk.home();
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "help",
        reach: |walk| walk.touches([Touch::FindProcedure, Touch::Help]),
        at: |page| matches!(page, Page::FindProcedure(_)),
        says: nothing,
        onward: |walk, plug| {
            walk.touch(Touch::CallStaff);
            let (sentence, staff) = if plug == Plug::Center {
                ("No officer was reached. Please go to the reception desk.", StaffCall::Unreachable)
            } else {
                ("An officer is on the way. Please wait here.", StaffCall::OnTheWay)
            };
            walk.see("an officer called", sentence);
            assert_eq!(walk.screen().staff, staff);
            walk.touch(Touch::CloseHelp);
            assert_eq!(walk.screen().help, None);
            walk.touch(Touch::Finish);
        },
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "question whether anybody is there",
        reach: |walk| {
            walk.touch(Touch::FindProcedure);
            walk.skip(31);
            assert!(walk.screen().idle.is_some());
        },
        at: |page| matches!(page, Page::FindProcedure(_)),
        says: |_| Some("Are you still there?"),
        onward: |walk, _| {
            walk.touch(Touch::StillHere);
            assert_eq!(walk.screen().idle, None);
            walk.touch(Touch::Finish);
        },
        out: None,
        ends: true,
        token: false,
    },
    Spot {
        name: "goodbye",
        reach: |walk| walk.touches([Touch::FindProcedure, Touch::Finish]),
        at: |page| *page == Page::Goodbye,
        says: |_| Some("Thank you. Goodbye!"),
        onward: |walk, _| {
            walk.skip(5);
            walk.wait("the start", |page| matches!(page, Page::Welcome(_)));
        },
        out: None,
        ends: true,
        token: false,
    },
    Spot {
        name: "rating",
        reach: |walk| {
            walk.status();
            walk.to(Touch::Next, |page| matches!(page, Page::Rate(_)));
        },
        at: |page| matches!(page, Page::Rate(_)),
        says: nothing,
        onward: |walk, _| walk.to(Touch::Rate(Rating::Neutral), |page| *page == Page::Goodbye),
        out: None,
        ends: false,
        token: false,
    },
    Spot {
        name: "status of a dossier",
        reach: |walk| walk.status(),
        at: |page| matches!(page, Page::DossierStatus(_)),
        says: nothing,
        onward: |walk, _| walk.to(Touch::Next, |page| matches!(page, Page::Rate(_))),
        out: None,
        ends: false,
        token: false,
    },
];

fn printed(page: &Page) -> bool {
    ticket(page, |it| matches!(it, TicketState::Printed(_)))
}

fn not_printed(page: &Page) -> bool {
    ticket(page, |it| matches!(it, TicketState::NotPrinted(..)))
}

fn looks_up(walk: &mut Walk<'_>, state: LookUpState) {
    walk.wait("an answer", |page| matches!(page, Page::LookUp(it) if it.state == state));
}
