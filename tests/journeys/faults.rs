//! Every device fails in every way it can, at the step where it is needed.

use std::time::Duration;

use domain::{
    Evidence,
    screen::{
        DossierPlace, IdentifyState, LookUpField, LookUpState, Page, ScannerState, Shortcoming,
        SignState, SlipState, TicketState,
    },
    touch::Touch,
};
use simulator::{CameraFault, GunFault, PrinterFault, ScannerFault};

use super::stage::{PROCEDURE, Stage, Steps as _, eventually};
use crate::journey;

journey!(a_number_survives_every_fault_of_the_printer, Stage::Plain, |hall, player| {
    for fault in PrinterFault::ALL {
        hall.simulator.printer.set_fault(None);
        player.arrive();
        player.touch(Touch::TakeTicket);
        hall.simulator.printer.set_fault(Some(fault));
        player.touch(Touch::Field("ho-tich".into()));
        player
            .wait_for_page(&format!("an end in spite of {fault:?}"), |page| {
                matches!(page, Page::Ticket(ticket) if matches!(ticket.state,
                    TicketState::Printed(_) | TicketState::NotPrinted(..)))
            })
            .unwrap();
        let Page::Ticket(ticket) = player.screen().page.clone() else { unreachable!() };
        let printed = matches!(ticket.state, TicketState::Printed(_));
        assert_eq!(printed, fault.still_prints(), "{fault:?}");
        player.touch(Touch::Next);
        player.skip(Duration::from_secs(5));
    }
});

journey!(
    a_jam_in_the_middle_of_a_ticket_is_told_and_printed_again,
    Stage::Plain,
    |hall, player| {
        player.arrive();
        player.touch(Touch::TakeTicket);
        hall.simulator.printer.fail_after(4_000, PrinterFault::PaperOut);
        player.touch(Touch::Field("ho-tich".into()));
        player
        .wait_for_page("no whole ticket", |page| {
            matches!(page, Page::Ticket(t) if matches!(t.state, TicketState::NotPrinted(..)))
        })
        .unwrap();
        hall.simulator.printer.set_fault(None);
        player.touch(Touch::PrintAgain);
        player
        .wait_for_page("the ticket after all", |page| {
            matches!(page, Page::Ticket(t) if matches!(t.state, TicketState::Printed(_)))
        })
        .unwrap();
    }
);

journey!(papers_survive_every_fault_of_the_scanner, Stage::Plain, |hall, player| {
    player.arrive();
    player.identify(hall, PROCEDURE);
    player.fill_form();
    for fault in ScannerFault::ALL {
        hall.simulator.scanner.load_forms(1);
        hall.simulator.scanner.set_fault(Some(fault));
        player.touch(Touch::Scan);
        // A scanner that hangs for ever is given up by the deadline of the visit.
        if fault == ScannerFault::Silent {
            player.skip(Duration::from_secs(91));
        }
        player
            .wait_for_page(
                &format!("an end in spite of {fault:?}"),
                |page| matches!(page, Page::Scan(scan) if scan.scanner != ScannerState::Scanning),
            )
            .unwrap();
        hall.simulator.scanner.set_fault(None);
        player.touch(Touch::StillHere);
    }
});

journey!(a_broken_gun_never_stops_a_citizen_from_typing, Stage::Plain, |hall, player| {
    for fault in GunFault::ALL {
        player.arrive();
        player.touch(Touch::FindProcedure);
        player.touch(Touch::Procedure(PROCEDURE.into()));
        player.touch(Touch::Apply);
        hall.simulator.gun.set_fault(Some(fault));
        hall.simulator.gun.present(super::stage::CARD.as_bytes());
        player.touch(Touch::TypeInstead);
        for (question, text) in [
            ("personal-number", "001099000001"),
            ("name", "Nguyễn Văn An"),
            ("birth-date", "15/01/1999"),
        ] {
            player.touch(Touch::Answer { question: question.into(), text: text.into() });
        }
        player.touch(Touch::Next);
        player
            .wait_for_page(&format!("a known person in spite of {fault:?}"), |page| {
                matches!(page, Page::Identify(identify) if matches!(&identify.state,
                    IdentifyState::Known(person) if person.evidence == Evidence::Typed))
            })
            .unwrap();
        hall.simulator.gun.set_fault(None);
        player.touch(Touch::Finish);
        player.skip(Duration::from_secs(5));
    }
});

journey!(
    a_slip_without_paper_is_shown_and_printed_when_paper_is_there,
    Stage::Plain,
    |hall, player| {
        player.arrive();
        player.to_summary(hall);
        hall.simulator.printer.set_fault(Some(PrinterFault::PaperOut));
        player.touch(Touch::Submit);
        player
            .wait_for_page("received without a slip", |page| {
                matches!(page, Page::Received(received)
                if received.slip == SlipState::NotPrinted(Shortcoming::NoPaper)
                    && matches!(received.place, DossierPlace::Province(_)))
            })
            .unwrap();
        hall.simulator.printer.set_fault(None);
        player.touch(Touch::PrintAgain);
        player
        .wait_for_page("the slip", |page| {
            matches!(page, Page::Received(received) if received.slip == SlipState::Printed)
        })
        .unwrap();
    }
);

journey!(a_pulled_token_asks_for_itself_again, Stage::WithToken, |hall, player| {
    player.arrive();
    player.identify(hall, "1.001612");
    player.fill_form();
    player.scan_papers(hall);
    let asks_pin = |page: &Page| matches!(page, Page::Sign(s) if matches!(s.state, SignState::EnterPin { .. }));
    hall.token.set_inserted(true);
    player.wait_for_page("the PIN pad", asks_pin).unwrap();
    player.touch(Touch::PinDigit(1));
    hall.token.set_inserted(false);
    player
        .wait_for_page(
            "the empty slot",
            |page| matches!(page, Page::Sign(s) if s.state == SignState::InsertToken),
        )
        .unwrap();
    hall.token.set_inserted(true);
    player
        .wait_for_page("the PIN pad, empty", |page| {
            matches!(page, Page::Sign(s)
                if matches!(s.state, SignState::EnterPin { digits: 0, .. }))
        })
        .unwrap();
    player.touch(Touch::WithoutSignature);
    assert!(matches!(player.screen().page, Page::Summary(_)));
});

journey!(a_slip_survives_every_fault_of_the_printer, Stage::Plain, |hall, player| {
    player.arrive();
    player.to_summary(hall);
    player.touch(Touch::Submit);
    let slip = |page: &Page| {
        let Page::Received(received) = page else { return None };
        Some(received.slip)
    };
    player.wait_for_page("the slip", |page| slip(page) == Some(SlipState::Printed)).unwrap();
    for fault in PrinterFault::ALL {
        hall.simulator.printer.set_fault(Some(fault));
        player.touch(Touch::PrintAgain);
        // A printer that hangs for ever is given up by the deadline of the visit.
        if matches!(fault, PrinterFault::Silent | PrinterFault::Stalled) {
            player.skip(Duration::from_secs(31));
        }
        player
            .wait_for_page(&format!("an end in spite of {fault:?}"), |page| {
                slip(page).is_some_and(|slip| slip != SlipState::Printing)
            })
            .unwrap();
        let printed = slip(&player.screen().page) == Some(SlipState::Printed);
        assert_eq!(printed, fault.still_prints(), "{fault:?}");
        hall.simulator.printer.set_fault(None);
        eventually(&format!("a slip after {fault:?}"), || {
            player.pump();
            if matches!(slip(&player.screen().page), Some(SlipState::NotPrinted(_))) {
                player.touch(Touch::PrintAgain);
            }
            slip(&player.screen().page) == Some(SlipState::Printed)
        });
    }
});

journey!(a_broken_reader_never_stops_a_look_up, Stage::Plain, |hall, player| {
    let gun = GunFault::ALL.map(|fault| (Some(fault), None));
    let camera = CameraFault::ALL.map(|fault| (None, Some(fault)));
    let picture = lab::code_picture("H40.16-20261121-0000002").unwrap();
    for (number, (gun, camera)) in gun.into_iter().chain(camera).enumerate() {
        player.arrive();
        player.touch(Touch::LookUpDossier);
        hall.simulator.gun.set_fault(gun);
        hall.simulator.camera.set_fault(camera).unwrap();
        hall.simulator.gun.present(b"H40.16-20261121-0000003");
        hall.simulator.camera.hold(&picture).unwrap();
        let code = format!("H40.16-20261121-10000{number:02}");
        // Whatever the readers make of what is shown, what is typed counts.
        eventually("what was typed is looked up", || {
            player.touch(Touch::LookUpText(LookUpField::Code, code.clone()));
            player.touch(Touch::LookUpText(LookUpField::Factor, "0001".into()));
            player.touch(Touch::Next);
            let asked = player.wait_for_page(
                "an answer",
                |page| matches!(page, Page::LookUp(it) if it.state != LookUpState::Asking),
            );
            asked.unwrap();
            matches!(&player.screen().page, Page::LookUp(it)
                if it.state == LookUpState::NotFound && it.code == code)
        });
        hall.simulator.gun.set_fault(None);
        hall.simulator.camera.remove().unwrap();
        hall.simulator.camera.set_fault(None).unwrap();
        player.touch(Touch::Finish);
        player.skip(Duration::from_secs(5));
    }
});
