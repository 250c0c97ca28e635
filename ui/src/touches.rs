//! What was touched, from the pages' words into ours.

use std::rc::Rc;

use domain::{
    FieldCode, Language, ProcedureCode,
    screen::Rating,
    touch::Touch,
};
use slint::ComponentHandle as _;

use crate::{
    generated::{Lang, RatingKind, Tap, Touches},
    window::Face,
};

/// Connects every callback of the pages to the window's listener.
pub(crate) fn connect(face: &Rc<Face>) {
    let global = face.window.global::<Touches>();
    // Weak, since the window owns its callbacks and must not own itself through them.
    let hand = |face: &Rc<Face>| {
        let weak = Rc::downgrade(face);
        move |touch: Touch| {
            if let Some(face) = weak.upgrade() {
                face.touched(touch);
            }
        }
    };
    let to = hand(face);
    global.on_tap(move |tap| to(plain(tap)));
    let to = hand(face);
    global.on_language(move |language| {
        to(Touch::Language(match language {
            Lang::Vi => Language::Vi,
            Lang::En => Language::En,
        }));
    });
    let to = hand(face);
    global.on_field(move |code| to(Touch::Field(FieldCode::from(code.as_str()))));
    let to = hand(face);
    global.on_procedure(move |code| to(Touch::Procedure(ProcedureCode::from(code.as_str()))));
    let to = hand(face);
    global.on_focus_question(move |at| with_position(at, &to, Touch::FocusQuestion));
    let to = hand(face);
    global.on_focus_paper(move |at| with_position(at, &to, Touch::FocusPaper));
    let to = hand(face);
    global.on_remove_page(move |at| with_position(at, &to, Touch::RemovePage));
    let to = hand(face);
    global.on_skip_paper(move |skip| to(Touch::SkipPaper(skip)));
    let to = hand(face);
    global.on_pin_digit(move |digit| {
        if let Ok(digit) = u8::try_from(digit) {
            to(Touch::PinDigit(digit));
        }
    });
    let to = hand(face);
    global.on_rate(move |rating| {
        if let Some(rating) = rated(rating) {
            to(Touch::Rate(rating));
        }
    });
}

fn with_position(at: i32, to: &impl Fn(Touch), touch: impl Fn(usize) -> Touch) {
    if let Ok(at) = usize::try_from(at) {
        to(touch(at));
    }
}

fn plain(tap: Tap) -> Touch {
    match tap {
        Tap::StillHere => Touch::StillHere,
        Tap::Help => Touch::Help,
        Tap::CloseHelp => Touch::CloseHelp,
        Tap::CallStaff => Touch::CallStaff,
        Tap::Back => Touch::Back,
        Tap::Next => Touch::Next,
        Tap::Finish => Touch::Finish,
        Tap::TakeTicket => Touch::TakeTicket,
        Tap::FindProcedure => Touch::FindProcedure,
        Tap::LookUpDossier => Touch::LookUpDossier,
        Tap::PrintAgain => Touch::PrintAgain,
        Tap::Apply => Touch::Apply,
        Tap::TypeInstead => Touch::TypeInstead,
        Tap::CodeInstead => Touch::CodeInstead,
        Tap::Scan => Touch::Scan,
        Tap::CancelScan => Touch::CancelScan,
        Tap::PinErase => Touch::PinErase,
        Tap::PinEnter => Touch::PinEnter,
        Tap::WithoutSignature => Touch::WithoutSignature,
        Tap::Submit => Touch::Submit,
    }
}

fn rated(rating: RatingKind) -> Option<Rating> {
    match rating {
        RatingKind::None => None,
        RatingKind::VerySatisfied => Some(Rating::VerySatisfied),
        RatingKind::Satisfied => Some(Rating::Satisfied),
        RatingKind::Neutral => Some(Rating::Neutral),
        RatingKind::Dissatisfied => Some(Rating::Dissatisfied),
        RatingKind::VeryDissatisfied => Some(Rating::VeryDissatisfied),
    }
}
