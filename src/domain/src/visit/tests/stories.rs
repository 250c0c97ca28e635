//! Visits as citizens live them.

use super::*;
use crate::{
    Language, SubmissionId,
    form::AnswerFault,
    ids::DossierCode,
    screen::{
        Availability, CertificateStanding, CertificateView, CodeFault, DossierPlace, IdentifyState,
        LookUpState, Page, PinWarning, Rating, ScanTrouble, ScannerState, Shortcoming, SignState,
        SlipState, Step, TicketState,
    },
};

fn kept() -> Answer {
    Answer::Kept {
        submission: SubmissionId("ab".repeat(16)),
        spoken: "ABAB-ABAB".into(),
        code: "MOTCUA1:S:x".into(),
    }
}

#[test]
fn a_number_is_issued_printed_and_reported() {
    let mut story = Story::begin();
    story.touch(Touch::TakeTicket).touch(Touch::Field("ho-tich".into()));
    let asked = Effect::IssueTicket { field: "ho-tich".into(), name: text("Hộ tịch") };
    assert_eq!(story.effects, [asked]);
    story.answer(Answer::Issued(issued()));
    assert!(
        matches!(story.effects.as_slice(), [Effect::PrintTicket(paper)] if paper.ticket == issued())
    );
    story.answer(Answer::Paper(PrintOutcome::Printed));
    assert_eq!(story.effects, [Effect::ReportPaper { ticket: "t1".into(), printed: true }]);
    assert!(matches!(story.page(), Page::Ticket(t) if matches!(t.state, TicketState::Printed(_))));
    story.wait(10);
    assert!(matches!(story.page(), Page::Welcome(_)));
}

#[test]
fn without_paper_the_number_stays_valid_and_on_the_screen() {
    let mut story = Story::begin();
    story.touch(Touch::TakeTicket).touch(Touch::Field("ho-tich".into()));
    story.answer(Answer::Issued(issued()));
    story.answer(Answer::Paper(PrintOutcome::Failed(Shortcoming::NoPaper)));
    assert_eq!(story.effects, [Effect::ReportPaper { ticket: "t1".into(), printed: false }]);
    let Page::Ticket(ticket) = story.page() else { panic!("{:?}", story.page()) };
    assert!(
        matches!(ticket.state, TicketState::NotPrinted(i, Shortcoming::NoPaper) if i.ahead == 3)
    );
    story.touch(Touch::PrintAgain);
    assert!(matches!(story.effects.as_slice(), [Effect::PrintTicket(_)]));
}

#[test]
fn a_paper_that_did_not_come_comes_once_when_the_printer_works_again() {
    let impressions = |story: &Story| -> Vec<Impression> {
        let tickets = story.effects.iter().filter_map(|effect| {
            if let Effect::PrintTicket(paper) = effect { Some(paper.impression) } else { None }
        });
        let slips = story.effects.iter().filter_map(|effect| {
            if let Effect::PrintSlip(paper) = effect { Some(paper.impression) } else { None }
        });
        tickets.chain(slips).collect()
    };
    let failed = || Answer::Paper(PrintOutcome::Failed(Shortcoming::NoPaper));
    let mut ticket = Story::begin();
    ticket.touch(Touch::TakeTicket).touch(Touch::Field("ho-tich".into()));
    ticket.answer(Answer::Issued(issued()));
    assert_eq!(impressions(&ticket), [Impression::First]);
    let mut slip = Story::begin();
    slip.filled("1.004873").touch(Touch::Submit).answer(kept()).wait(16);
    for story in [&mut ticket, &mut slip] {
        story.answer(failed()).world(WorldNews::Printer(Some(Shortcoming::NoPaper)));
        assert_eq!(impressions(story), []);
        story.world(WorldNews::Printer(None));
        assert_eq!(impressions(story), [Impression::Again]);
        // Torn again: from here on the citizen decides.
        story.answer(failed()).world(WorldNews::Printer(None));
        assert_eq!(impressions(story), []);
        story.touch(Touch::PrintAgain);
        assert_eq!(impressions(story), [Impression::Again]);
    }
    // Whoever comes next is given no paper of somebody else.
    ticket.answer(failed()).touch(Touch::Next);
    ticket.world(WorldNews::Printer(None));
    assert_eq!(impressions(&ticket), []);
}

#[test]
fn a_paper_that_was_given_up_and_came_is_there() {
    let mut story = Story::begin();
    story.touch(Touch::TakeTicket).touch(Touch::Field("ho-tich".into()));
    story.answer(Answer::Issued(issued())).wait(31);
    story.answer(Answer::Paper(PrintOutcome::Printed));
    assert_eq!(story.effects, [Effect::ReportPaper { ticket: "t1".into(), printed: true }]);
}

#[test]
fn a_center_or_printer_that_never_answers_ends_in_a_sentence() {
    let mut story = Story::begin();
    story.touch(Touch::TakeTicket).touch(Touch::Field("ho-tich".into())).wait(9);
    assert!(matches!(story.page(), Page::Ticket(t) if t.state == TicketState::NoNumber));
    // The number came after all: the citizen has it, still without a second request.
    story.answer(Answer::Issued(issued())).wait(31);
    assert!(matches!(story.page(), Page::Ticket(t)
        if matches!(t.state, TicketState::NotPrinted(_, Shortcoming::NoPrinter))));
}

#[test]
fn a_dossier_is_filled_from_the_card_kept_delivered_and_its_slip_printed() {
    let mut story = Story::begin();
    story.filled("1.004873");
    let Page::Summary(summary) = story.page() else { panic!("{:?}", story.page()) };
    assert_eq!(summary.person.masked_number, "001******009");
    assert_eq!(summary.sections[0].answers[0].1, text(CANARY));
    story.touch(Touch::Submit);
    let [Effect::Keep(submission)] = story.effects.as_slice() else { panic!() };
    assert_eq!(submission.answers["dien-thoai"], "0900000001");
    assert_eq!(submission.papers.len(), 1);
    story.answer(kept());
    assert_eq!(story.effects, [Effect::ForgetPage(PageId(1))]);
    story.answer(Answer::Delivered(DossierCode("H40.16-20261121-0000001".into())));
    assert!(matches!(story.effects.as_slice(), [Effect::PrintSlip(slip)]
        if slip.dossier.as_deref() == Some("H40.16-20261121-0000001")));
    story.answer(Answer::Paper(PrintOutcome::Printed)).touch(Touch::Next);
    assert!(matches!(story.page(), Page::Rate(_)));
    story.touch(Touch::Rate(Rating::Satisfied));
    assert!(matches!(
        story.effects.as_slice(),
        [Effect::Rate { submission: Some(_), rating: Rating::Satisfied }, Effect::Wipe]
    ));
    story.wait(5);
    assert!(matches!(story.page(), Page::Welcome(_)));
}

#[test]
fn with_the_province_silent_the_dossier_is_kept_here_and_the_slip_says_so() {
    let mut story = Story::begin();
    story.filled("1.004873").touch(Touch::Submit).answer(kept()).wait(16);
    let Page::Received(received) = story.page() else { panic!("{:?}", story.page()) };
    assert_eq!(received.place, DossierPlace::Kiosk("ABAB-ABAB".into()));
    story.answer(Answer::Paper(PrintOutcome::Failed(Shortcoming::NoPaper)));
    story.answer(Answer::Delivered(DossierCode("H40-1".into())));
    let Page::Received(received) = story.page() else { panic!() };
    assert_eq!(received.place, DossierPlace::Province(DossierCode("H40-1".into())));
    assert_eq!(received.slip, SlipState::NotPrinted(Shortcoming::NoPaper));
}

#[test]
fn a_dossier_that_cannot_be_written_loses_nothing() {
    let mut story = Story::begin();
    story.filled("1.004873").touch(Touch::Submit).answer(Answer::NotKept);
    assert!(matches!(story.page(), Page::Summary(summary) if summary.failed));
    story.touch(Touch::Submit);
    assert!(matches!(story.effects.as_slice(), [Effect::Keep(_)]));
}

#[test]
fn wrong_answers_are_said_where_they_stand_and_nothing_entered_is_lost() {
    let mut story = Story::begin();
    story.identified("1.004873").touch(Touch::Next);
    story.touch(Touch::Answer { question: "dien-thoai".into(), text: "12".into() });
    story.touch(Touch::Next);
    let Page::Form(form) = story.page() else { panic!() };
    assert_eq!(form.focused, 1);
    assert_eq!(form.questions[1].fault, Some(AnswerFault::NotAPhone));
    assert_eq!(form.questions[1].value, "12");
    story.touch(Touch::Language(Language::En)).touch(Touch::Back).touch(Touch::Next);
    let Page::Form(form) = story.page() else { panic!() };
    assert_eq!((form.questions[0].from_card, form.questions[1].value.as_str()), (true, "12"));
}

#[test]
fn the_wrong_code_is_named_and_typing_is_always_possible() {
    let mut story = Story::begin();
    story.touch(Touch::FindProcedure).touch(Touch::Procedure("1.004873".into()));
    story.touch(Touch::Apply).answer(Answer::Code(PresentedCode::HealthCard));
    let Page::Identify(identify) = story.page() else { panic!() };
    assert!(matches!(
        identify.state,
        IdentifyState::Waiting { fault: Some(CodeFault::HealthCard) }
    ));
    story.touch(Touch::TypeInstead).touch(Touch::Next);
    for (question, answer) in
        [("personal-number", "001199000009"), ("name", CANARY), ("birth-date", "15011999")]
    {
        story.touch(Touch::Answer { question: question.into(), text: answer.into() });
    }
    story.touch(Touch::Next);
    assert!(matches!(story.page(), Page::Identify(i)
        if matches!(&i.state, IdentifyState::Known(p) if p.evidence == Evidence::Typed)));
}

#[test]
fn a_jam_leaves_the_pages_that_came_before_it() {
    let mut story = Story::begin();
    story.filled("1.004873").touch(Touch::Back).touch(Touch::Scan).scanned();
    story.scan_ends(ScanEnded::Trouble(ScanTrouble::Jammed));
    let Page::Scan(scan) = story.page() else { panic!() };
    assert_eq!(scan.scanner, ScannerState::Trouble(ScanTrouble::Jammed));
    assert_eq!(scan.papers[0].pages.len(), 2);
    story.touch(Touch::Scan).wait(91);
    assert!(matches!(story.page(), Page::Scan(scan)
        if scan.scanner == ScannerState::Trouble(ScanTrouble::NoScanner)));
}

#[test]
fn what_comes_late_of_a_scan_that_was_given_up_does_not_touch_the_next() {
    let mut story = Story::begin();
    story.filled("1.004873").touch(Touch::Back).touch(Touch::Scan);
    let given_up = story.visit.citizen.scan;
    story.wait(91).touch(Touch::Scan);
    let scanning = |story: &Story| {
        let page = story.page();
        let Page::Scan(scan) = page else { panic!("{page:?}") };
        (scan.scanner, scan.papers[0].pages.len())
    };
    story.answer(page(given_up));
    assert_eq!(story.effects, [Effect::ForgetPage(PageId(1))]);
    for ended in [ScanEnded::Done, ScanEnded::Trouble(ScanTrouble::NoScanner)] {
        story.answer(Answer::ScanEnded(given_up, ended));
        assert_eq!(scanning(&story), (ScannerState::Scanning, 1));
    }
    story.scanned().scan_ends(ScanEnded::Done);
    assert_eq!(scanning(&story), (ScannerState::Idle, 2));
}

fn present(certificates: Vec<CertificateView>, warning: Option<PinWarning>) -> Answer {
    Answer::Token(TokenNews::Present { certificates, warning })
}

#[test]
fn a_token_signs_after_a_wrong_pin_and_changed_papers_want_a_new_signature() {
    let mut story = Story::begin();
    let good = certificate(CertificateStanding::Good);
    story.filled("1.001612").answer(present(vec![good], None));
    story.touch(Touch::PinDigit(1)).touch(Touch::PinDigit(2)).touch(Touch::PinEnter);
    assert!(matches!(story.effects.as_slice(),
        [Effect::Sign { pin, papers, certificate: 0, last_try: LastTry::Refuse }]
        if pin.as_str() == "12" && papers.len() == 1));
    story.answer(Answer::Token(TokenNews::NotSigned(PinWarning::WrongPin)));
    assert!(matches!(story.page(), Page::Sign(s) if matches!(s.state,
        SignState::EnterPin { digits: 0, warning: Some(PinWarning::WrongPin), .. })));
    story.touch(Touch::PinDigit(1)).touch(Touch::PinEnter);
    story.answer(Answer::Token(TokenNews::Signed { holder: CANARY.into() })).touch(Touch::Next);
    assert!(matches!(story.page(), Page::Summary(s) if s.signed_by.is_some()));
    story.touch(Touch::Back).touch(Touch::Back).touch(Touch::RemovePage(0));
    story.touch(Touch::Scan).scanned().scan_ends(ScanEnded::Done);
    story.touch(Touch::Next);
    assert!(matches!(story.page(), Page::Sign(s) if s.state == SignState::InsertToken));
}

#[test]
fn the_last_try_wants_the_citizens_word_each_time() {
    let mut story = Story::begin();
    let good = certificate(CertificateStanding::Good);
    story.filled("1.001612").answer(present(vec![good.clone()], Some(PinWarning::FinalTry)));
    let asks = |story: &Story| matches!(story.page(), Page::Sign(s) if s.state == SignState::ConfirmLastTry(good.clone()));
    assert!(asks(&story));
    story.touch(Touch::PinDigit(1)).touch(Touch::PinEnter);
    assert!(asks(&story) && story.effects.is_empty(), "digits go nowhere before the word");
    story.touch(Touch::TryLast).touch(Touch::PinDigit(7)).touch(Touch::PinEnter);
    assert!(matches!(story.effects.as_slice(),
        [Effect::Sign { pin, last_try: LastTry::Confirmed, .. }] if pin.as_str() == "7"));
    // Something else went wrong: the next try is again the last.
    story.answer(Answer::Token(TokenNews::NotSigned(PinWarning::FinalTry)));
    assert!(asks(&story));
    story.touch(Touch::WithoutSignature);
    assert!(matches!(story.page(), Page::Summary(_)));
}

#[test]
fn a_token_pulled_while_it_signs_is_asked_for_again() {
    let mut story = Story::begin();
    let good = certificate(CertificateStanding::RevocationUnknown);
    story.filled("1.001612").answer(present(vec![good.clone()], None));
    story.touch(Touch::PinDigit(1)).touch(Touch::PinEnter);
    story.answer(Answer::Token(TokenNews::Left)).answer(Answer::Token(TokenNews::Absent));
    assert!(matches!(story.page(), Page::Sign(s) if s.state == SignState::TokenLeft));
    story.answer(present(vec![good], None));
    assert!(matches!(story.page(), Page::Sign(s)
        if matches!(s.state, SignState::EnterPin { digits: 0, warning: None, .. })));
}

#[test]
fn a_certificate_is_chosen_among_those_that_may_sign() {
    let mut story = Story::begin();
    let standings = [
        CertificateStanding::Good,
        CertificateStanding::RevocationUnknown,
        CertificateStanding::Expired,
    ];
    story.filled("1.001612").answer(present(standings.map(certificate).to_vec(), None));
    for (at, standing) in
        [(1, standings[0]), (2, standings[1]), (1, standings[0]), (2, standings[1])]
    {
        assert!(
            matches!(story.page(), Page::Sign(s) if matches!(&s.state,
            SignState::EnterPin { certificate, choice, .. }
            if certificate.standing == standing && *choice == Step { at, of: 2 })),
            "{at}"
        );
        story.touch(Touch::OtherCertificate);
    }
    story.touch(Touch::OtherCertificate).touch(Touch::PinDigit(1)).touch(Touch::PinEnter);
    assert!(matches!(story.effects.as_slice(), [Effect::Sign { certificate: 1, .. }]));
}

#[test]
fn a_certificate_that_may_not_sign_is_shown_with_the_reason_and_takes_no_pin() {
    for standing in [
        CertificateStanding::Expired,
        CertificateStanding::NotYetValid,
        CertificateStanding::Revoked,
        CertificateStanding::Untrusted,
    ] {
        let mut story = Story::begin();
        let bad = certificate(standing);
        story.filled("1.001612").answer(present(vec![bad.clone()], None));
        story.touch(Touch::PinDigit(1)).touch(Touch::PinEnter).touch(Touch::TryLast);
        assert!(story.effects.is_empty());
        assert!(
            matches!(story.page(), Page::Sign(s) if s.state == SignState::Unusable(bad.clone()))
        );
        story.answer(Answer::Token(TokenNews::Absent));
        assert!(matches!(story.page(), Page::Sign(s) if s.state == SignState::InsertToken));
    }
}

#[test]
fn silence_asks_counts_down_and_wipes() {
    let mut story = Story::begin();
    story.identified("1.004873").wait(30);
    assert_eq!(story.visit.screen().idle.map(|idle| idle.seconds_left), Some(20));
    story.touch(Touch::StillHere);
    assert_eq!(story.visit.screen().idle, None);
    story.wait(49);
    assert_eq!(story.visit.screen().idle.map(|idle| idle.seconds_left), Some(1));
    let before = story.visit.number();
    story.wait(2);
    assert!(matches!(story.page(), Page::Welcome(_)));
    assert_ne!(story.visit.number(), before);
    assert!(!format!("{:?}", story.visit).contains(CANARY));
}

#[test]
fn answers_meant_for_the_last_citizen_reach_nobody() {
    let mut story = Story::begin();
    story.identified("1.004873");
    let former = story.visit.number();
    story.touch(Touch::Finish).wait(5);
    story.touch(Touch::FindProcedure).touch(Touch::Procedure("1.004873".into()));
    story.touch(Touch::Apply);
    story.on(Event::Answer(former, Answer::Code(PresentedCode::IdCard(card()))));
    assert!(matches!(story.page(), Page::Identify(i)
        if matches!(i.state, IdentifyState::Waiting { fault: None })));
}

#[test]
fn a_slip_looks_up_at_once_and_typing_needs_both_parts() {
    let mut story = Story::begin();
    story.touch(Touch::LookUpDossier).touch(Touch::Next);
    assert!(matches!(story.page(), Page::LookUp(l) if l.state == LookUpState::NotACode));
    story.answer(Answer::Code(PresentedCode::Dossier("H40.16-20261121-0000001".into())));
    story.touch(Touch::Next);
    assert!(matches!(story.page(), Page::LookUp(l) if l.state == LookUpState::NotAFactor));
    let slip =
        PresentedCode::Slip { submission: SubmissionId("ab".into()), secret: "geheim".into() };
    story.answer(Answer::Code(slip));
    assert!(matches!(story.effects.as_slice(), [Effect::LookUp { .. }]));
    story.wait(16);
    assert!(matches!(story.page(), Page::LookUp(l) if l.state == LookUpState::NoProvince));
}

#[test]
fn a_look_up_locked_by_wrong_tries_says_so_and_can_be_tried_again() {
    let mut story = Story::begin();
    let slip =
        PresentedCode::Slip { submission: SubmissionId("ab".into()), secret: "geheim".into() };
    story.touch(Touch::LookUpDossier).answer(Answer::Code(slip.clone()));
    story.answer(Answer::LookedUp(LookUpAnswer::Locked));
    assert!(matches!(story.page(), Page::LookUp(l) if l.state == LookUpState::Locked));
    story.answer(Answer::Code(slip));
    assert!(matches!(story.effects.as_slice(), [Effect::LookUp { .. }]));
}

#[test]
fn each_lost_plug_leaves_the_other_services_working() {
    for (news, tickets_up, dossiers_up, look_up_up) in [
        (WorldNews::Center(None), false, true, true),
        (WorldNews::Province(false), true, true, false),
        (WorldNews::Printer(Some(Shortcoming::NoPaper)), true, true, true),
        (WorldNews::Scanner(false), true, true, true),
        (WorldNews::CodeReader(false), true, true, true),
        (WorldNews::Outbox(false), true, false, true),
    ] {
        let mut story = Story::begin();
        story.on(Event::World(news.clone()));
        let Page::Welcome(welcome) = story.page() else { panic!("{news:?}") };
        let up = |service| !matches!(service, Availability::Down(_));
        let all = (up(welcome.tickets), up(welcome.dossiers), up(welcome.look_up));
        assert_eq!(all, (tickets_up, dossiers_up, look_up_up), "{news:?}");
    }
}

#[test]
fn a_kiosk_is_out_of_service_only_once_it_has_heard_from_nobody() {
    let world = World::new(date(2026, 11, 21), text("Trung tâm"));
    let mut visit = Visit::new(Timing::default(), world);
    assert!(matches!(visit.screen().page, Page::Welcome(_)));
    visit.on(Moment::default(), Event::World(WorldNews::Center(None)));
    assert!(matches!(visit.screen().page, Page::Welcome(_)));
    visit.on(Moment::default(), Event::World(WorldNews::Province(false)));
    assert_eq!(visit.screen().page, Page::OutOfService);
    visit.on(Moment::default(), Event::World(WorldNews::Province(true)));
    assert!(matches!(visit.screen().page, Page::Welcome(_)));
}

#[test]
fn an_officer_is_on_the_way_only_once_the_center_knows() {
    use crate::screen::StaffCall;
    let mut story = Story::begin();
    let staff = |story: &Story| story.visit.screen().staff;
    story.touch(Touch::CallStaff);
    assert_eq!(
        (staff(&story), story.effects.as_slice()),
        (StaffCall::Calling, &[Effect::CallStaff][..])
    );
    story.touch(Touch::CallStaff);
    assert!(story.effects.is_empty(), "once is enough");
    story.answer(Answer::Staff(StaffAnswer::NotTold));
    assert_eq!(staff(&story), StaffCall::Unreachable);
    story.touch(Touch::CallStaff).answer(Answer::Staff(StaffAnswer::Told));
    assert_eq!(staff(&story), StaffCall::OnTheWay);
    story.touch(Touch::Finish);
    assert_eq!(staff(&story), StaffCall::None);
    // Nobody answers at all.
    story.touch(Touch::CallStaff).wait(9);
    assert_eq!(staff(&story), StaffCall::Unreachable);
}

#[test]
fn devices_that_leave_are_said_on_the_page_that_needs_them_and_no_more_when_they_are_back() {
    use crate::screen::{LookUpField, LookUpState, Page};
    let mut story = Story::begin();
    story.touch(Touch::LookUpDossier).world(WorldNews::CodeReader(false));
    let state = |story: &Story| {
        let Page::LookUp(page) = story.page() else { panic!("{:?}", story.page()) };
        page.state
    };
    assert_eq!(state(&story), LookUpState::NoReader);
    story.world(WorldNews::CodeReader(true));
    assert_eq!(state(&story), LookUpState::Typing);
    story
        .touch(Touch::LookUpText(LookUpField::Code, "H40.16-20261121-0000001".into()))
        .touch(Touch::LookUpText(LookUpField::Factor, "0001".into()))
        .touch(Touch::Next)
        .answer(Answer::LookedUp(LookUpAnswer::NoProvince));
    assert_eq!(state(&story), LookUpState::NoProvince);
    story.world(WorldNews::Province(true));
    assert_eq!(state(&story), LookUpState::Typing);
    story.touch(Touch::Next).answer(Answer::LookedUp(LookUpAnswer::ProvinceFails));
    assert_eq!(state(&story), LookUpState::ProvinceFails);

    let mut story = Story::begin();
    story.identified("1.004873").touch(Touch::Next);
    story.touch(Touch::Answer { question: "dien-thoai".into(), text: "0900000001".into() });
    story.touch(Touch::Next).world(WorldNews::Scanner(false));
    let scanner = |story: &Story| {
        let Page::Scan(page) = story.page() else { panic!("{:?}", story.page()) };
        page.scanner
    };
    let gone = ScannerState::Trouble(ScanTrouble::NoScanner);
    assert_eq!(scanner(&story), gone);
    story.touch(Touch::Scan).scan_ends(ScanEnded::Trouble(ScanTrouble::NoScanner));
    story.world(WorldNews::Scanner(true));
    assert_eq!(scanner(&story), ScannerState::Idle);
}
