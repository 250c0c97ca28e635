//! One screen for every page and state, with plausible content: for tests, pictures and manuals.
//! No citizen of these screens exists.

use domain::{
    Bilingual, Language,
    screen::{Availability, Page, Screen, Shortcoming, Welcome},
};

/// All screens, each with a name fit for a file.
#[must_use]
pub fn screens() -> Vec<(&'static str, Screen)> {
    starts().into_iter().map(|(name, page)| (name, around(page))).collect()
}

/// A page with nothing over it.
pub(crate) fn around(page: Page) -> Screen {
    Screen {
        language: Language::Vi,
        center: Bilingual::new(
            "Trung tâm Phục vụ hành chính công phường Hoàn Kiếm",
            "Hoan Kiem Ward Public Administration Service Center",
        ),
        page,
        idle: None,
        help: None,
        staff_called: false,
    }
}

fn starts() -> Vec<(&'static str, Page)> {
    vec![
        (
            "welcome",
            Page::Welcome(Welcome {
                tickets: Availability::Ready,
                dossiers: Availability::Ready,
                look_up: Availability::Ready,
            }),
        ),
        (
            "welcome-troubled",
            Page::Welcome(Welcome {
                tickets: Availability::Limited(Shortcoming::NoPaper),
                dossiers: Availability::Limited(Shortcoming::NoProvince),
                look_up: Availability::Down(Shortcoming::NoProvince),
            }),
        ),
        ("goodbye", Page::Goodbye),
        ("out-of-service", Page::OutOfService),
    ]
}
