//! A citizen takes a number.

use std::time::Duration;

use domain::screen::{Availability, Page, TicketState};

use super::stage::{Stage, Steps as _};
use crate::journey;

journey!(a_number_is_taken_by_pressing_buttons_and_printed, Stage::Plain, |hall, player| {
    player.arrive();
    player.tap("Lấy số thứ tự").unwrap();
    player.tap("Hộ tịch").unwrap();
    player
        .wait_for_page("a printed ticket", |page| {
            matches!(page, Page::Ticket(ticket) if matches!(ticket.state, TicketState::Printed(_)))
        })
        .unwrap();
    let Page::Ticket(ticket) = player.screen().page.clone() else { unreachable!() };
    let TicketState::Printed(issued) = ticket.state else { unreachable!() };
    assert_eq!(issued.number.to_string(), "A001");
    let papers = hall.simulator.printer.tickets();
    assert_eq!(papers.len(), 1);
    let frame = code_reader::Frame::decode(&lab::paper_picture(&papers[0]).unwrap()).unwrap();
    assert_eq!(code_reader::find_codes(&frame), [issued.code.into_bytes()]);
    player.skip(Duration::from_secs(11));
    assert!(matches!(player.screen().page, Page::Welcome(_)));
});

journey!(without_the_center_the_rest_still_works, Stage::Plain, |hall, player| {
    player.arrive();
    hall.center_cable.cut();
    player
        .wait_for_page("no numbers", |page| {
            matches!(page, Page::Welcome(welcome)
                if matches!(welcome.tickets, Availability::Down(_))
                    && welcome.dossiers == Availability::Ready)
        })
        .unwrap();
    hall.center_cable.join();
    player.arrive();
});
