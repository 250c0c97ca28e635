//! What the camera sees, and two codes at once.

use super::*;
use crate::{
    SubmissionId,
    screen::{CodeFault, IdentifyState, LookUpState, Page},
};

fn identifying() -> Story {
    let mut story = Story::begin();
    story.touch(Touch::FindProcedure).touch(Touch::Procedure("1.004873".into()));
    story.touch(Touch::Apply);
    story
}

fn looking_up() -> Story {
    let mut story = Story::begin();
    story.touch(Touch::LookUpDossier);
    story
}

#[test]
fn the_camera_is_shown_where_a_code_is_waited_for_and_nowhere_else() {
    for mut story in [identifying(), looking_up()] {
        assert_eq!(story.visit.screen().camera, None);
        story.answer(Answer::Preview(camera_view()));
        assert_eq!(story.visit.screen().camera, Some(camera_view()));
        let closer = CameraView { hint: Some(CodeHint::Closer), ..camera_view() };
        story.answer(Answer::Preview(closer.clone()));
        assert_eq!(story.visit.screen().camera, Some(closer));
    }
    let mut story = Story::begin();
    story.touch(Touch::FindProcedure).answer(Answer::Preview(camera_view()));
    assert_eq!(story.visit.screen().camera, None, "a late picture is forgotten");
}

#[test]
fn the_last_picture_goes_with_the_page_and_with_the_visit() {
    let mut story = identifying();
    story.answer(Answer::Preview(camera_view())).touch(Touch::TypeInstead);
    assert_eq!(story.visit.screen().camera, None);
    story.touch(Touch::CodeInstead);
    assert_eq!(story.visit.screen().camera, None, "the picture of before is not shown again");
    story.answer(Answer::Preview(camera_view()));
    story.answer(Answer::Code(PresentedCode::IdCard(card())));
    assert_eq!(story.visit.screen().camera, None);
    let mut story = looking_up();
    story.answer(Answer::Preview(camera_view())).touch(Touch::Finish);
    assert_eq!(story.visit.screen().camera, None);
}

/// Fault: code · every code reader is pulled while a citizen is asked for the card → said at once, with typing as the way on; plugged in again, the card is asked for again
#[test]
fn readers_that_leave_and_come_back_are_said_on_the_page() {
    let mut story = identifying();
    let fault = |story: &Story| {
        let Page::Identify(identify) = story.page() else { panic!("not identifying") };
        let IdentifyState::Waiting { fault } = identify.state else { panic!("not waiting") };
        fault
    };
    assert_eq!(fault(&story), None);
    story.on(Event::World(WorldNews::CodeReader(false)));
    assert_eq!(fault(&story), Some(CodeFault::NoReader));
    story.on(Event::World(WorldNews::CodeReader(true)));
    assert_eq!(fault(&story), None);
    story.answer(Answer::Code(PresentedCode::Payment));
    assert_eq!(fault(&story), Some(CodeFault::Payment));
}

#[test]
fn a_picture_is_no_sign_of_life() {
    let mut story = identifying();
    story.wait(40);
    assert!(story.visit.screen().idle.is_some());
    story.answer(Answer::Preview(camera_view()));
    assert!(story.visit.screen().idle.is_some(), "a camera sees an empty hall as well");
}

/// Fault: code · an ID card and another code stand before the reader at once → the one the page wants is taken, whichever was read first
#[test]
fn of_two_codes_at_once_the_one_the_page_wants_is_taken() {
    let card = || PresentedCode::IdCard(card());
    let slip =
        || PresentedCode::Slip { submission: SubmissionId("ab".into()), secret: "geheim".into() };
    for codes in [[card(), slip()], [slip(), card()], [PresentedCode::Unknown, card()]] {
        let mut story = identifying();
        for code in codes.clone() {
            story.answer(Answer::Code(code));
        }
        assert!(
            matches!(story.page(), Page::Identify(i) if matches!(i.state, IdentifyState::Known(_))),
            "{codes:?}"
        );
    }
    for codes in [[card(), slip()], [slip(), card()]] {
        let mut story = looking_up();
        let asked = codes.clone().into_iter().any(|code| {
            story.answer(Answer::Code(code));
            story.effects.iter().any(|effect| matches!(effect, Effect::LookUp { .. }))
        });
        assert!(asked, "{codes:?}");
        assert!(matches!(story.page(), Page::LookUp(l) if l.state == LookUpState::Asking));
    }
    let mut story = identifying();
    story.answer(Answer::Code(slip())).answer(Answer::Code(PresentedCode::Payment));
    assert!(matches!(story.page(), Page::Identify(i)
        if i.state == IdentifyState::Waiting { fault: Some(CodeFault::Payment) }));
}
