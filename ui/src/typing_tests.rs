//! What a key does to the field in focus, page by page.

use std::sync::Arc;

use domain::screen::{FindProcedure, Page, Screen};

use super::*;

fn searching(query: &str) -> Screen {
    let mut screen = crate::gallery::around(Page::FindProcedure(FindProcedure {
        query: query.to_owned(),
        rows: Arc::new([]),
    }));
    screen.help = None;
    screen
}

#[test]
fn screens_that_lag_behind_a_fast_typist_take_nothing_back() {
    let mut typing = Typing::new();
    typing.follow(&searching(""));
    for c in "khai".chars() {
        typing.press(Key::Letter(c));
    }
    typing.follow(&searching("k"));
    typing.follow(&searching("kha"));
    assert_eq!(typing.board().value(), "khai");
    assert_eq!(typing.press(Key::Letter('s')), Some(Touch::Search("khais".to_owned())));
    typing.follow(&searching("khais"));
    assert_eq!(typing.board().value(), "khais");
}

#[test]
fn a_text_the_keyboard_did_not_write_is_taken_over() {
    let mut typing = Typing::new();
    typing.follow(&searching(""));
    typing.press(Key::Letter('k'));
    typing.follow(&searching("k"));
    typing.follow(&searching("hộ tịch"));
    assert_eq!(typing.board().value(), "hộ tịch");
}

#[test]
fn nothing_typed_outlives_its_page() {
    let mut typing = Typing::new();
    typing.follow(&searching(""));
    typing.press(Key::Letter('k'));
    typing.follow(&crate::gallery::around(Page::Goodbye));
    assert_eq!(typing.board().value(), "");
    assert_eq!(typing.press(Key::Letter('k')), None);
}
