//! What was touched, from the pages' words into ours.

use std::rc::Rc;

use domain::{
    FieldCode, Language, ProcedureCode,
    screen::{LookUpField, Rating},
    touch::Touch,
};
use slint::ComponentHandle as _;

use crate::{
    generated::{KeyAct, Keys, Lang, RatingKind, Tap, ToneKey, Touches},
    keyboard::{Key, syllable::Tone},
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
    global.on_look_up_focus(move |at| {
        to(Touch::LookUpFocus(if at == 0 { LookUpField::Code } else { LookUpField::Factor }));
    });
    let to = hand(face);
    global.on_rate(move |rating| {
        if let Some(rating) = rated(rating) {
            to(Touch::Rate(rating));
        }
    });
}

/// Connects both keyboards.
pub(crate) fn connect_keys(face: &Rc<Face>) {
    let keys = face.window.global::<Keys>();
    let with = |face: &Rc<Face>| {
        let weak = Rc::downgrade(face);
        move |act: &dyn Fn(&Face)| {
            if let Some(face) = weak.upgrade() {
                act(&face);
            }
        }
    };
    let on = with(face);
    keys.on_letter(move |letter| {
        letter.chars().for_each(|c| on(&|face| face.press(Key::Letter(c))));
    });
    let on = with(face);
    keys.on_tone(move |tone| on(&|face| face.press(Key::Tone(toned(tone)))));
    let on = with(face);
    keys.on_act(move |act| {
        on(&|face| match act {
            KeyAct::Backspace => face.press(Key::Backspace),
            KeyAct::Left => face.press(Key::Left),
            KeyAct::Right => face.press(Key::Right),
            KeyAct::Shift => face.press(Key::Shift),
            KeyAct::Telex => face.press(Key::Telex),
            KeyAct::Symbols => face.press(Key::Symbols),
            KeyAct::Space => face.press(Key::Letter(' ')),
            KeyAct::Next => face.next_line(),
        });
    });
    let on = with(face);
    keys.on_physical(move |text| on(&|face| physical(face, &text)));
    let on = with(face);
    face.window.global::<Touches>().on_choose(move |option| on(&|face| face.choose(&option)));
}

/// A key of a physical keyboard: a name from Slint's private use area, or what it writes.
fn physical(face: &Face, text: &str) {
    use slint::platform::Key as Named;
    let Some(first) = text.chars().next() else { return };
    let is = |named: Named| first == char::from(named);
    if face.wants_pin() {
        let digit = first.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
        if is(Named::Backspace) {
            face.touched(Touch::PinErase);
        } else if is(Named::Return) {
            face.touched(Touch::PinEnter);
        } else if let Some(digit) = digit {
            face.touched(Touch::PinDigit(digit));
        }
    } else if is(Named::Backspace) {
        face.press(Key::Backspace);
    } else if is(Named::LeftArrow) {
        face.press(Key::Left);
    } else if is(Named::RightArrow) {
        face.press(Key::Right);
    } else if is(Named::Return) || is(Named::Tab) || is(Named::DownArrow) {
        face.next_line();
    } else if !first.is_control() && !('\u{e000}'..='\u{f8ff}').contains(&first) {
        text.chars().for_each(|c| face.press(Key::Exact(c)));
    }
}

fn toned(tone: ToneKey) -> Tone {
    match tone {
        ToneKey::Level => Tone::Level,
        ToneKey::Acute => Tone::Acute,
        ToneKey::Grave => Tone::Grave,
        ToneKey::Hook => Tone::Hook,
        ToneKey::Tilde => Tone::Tilde,
        ToneKey::Dot => Tone::Dot,
    }
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
        Tap::ChipInstead => Touch::ChipInstead,
        Tap::Scan => Touch::Scan,
        Tap::CancelScan => Touch::CancelScan,
        Tap::PinErase => Touch::PinErase,
        Tap::PinEnter => Touch::PinEnter,
        Tap::TryLast => Touch::TryLast,
        Tap::OtherCertificate => Touch::OtherCertificate,
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
