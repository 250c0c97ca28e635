//! One screen for every page and state, with plausible content: for tests, pictures and manuals.
//! No citizen of these screens exists.

use domain::{
    Bilingual, Language,
    screen::{CameraView, CodeHint, HelpTopic, IdleWarning, Page, Screen, StaffCall},
};

mod applying;
mod ending;
mod identifying;
mod long;
mod starting;

/// All screens, each with a name fit for a file.
#[must_use]
pub fn screens() -> Vec<(&'static str, Screen)> {
    let pages = [starting::pages(), applying::pages(), ending::pages()];
    let mut screens: Vec<(&str, Screen)> =
        pages.into_iter().flatten().map(|(name, page)| (name, around(page))).collect();
    let topics = [
        ("help-general", HelpTopic::General),
        ("help-tickets", HelpTopic::Tickets),
        ("help-finding", HelpTopic::Finding),
        ("help-identifying", HelpTopic::Identifying),
        ("help-form", HelpTopic::Form),
        ("help-scanning", HelpTopic::Scanning),
        ("help-signing", HelpTopic::Signing),
        ("help-submitting", HelpTopic::Submitting),
        ("help-looking-up", HelpTopic::LookingUp),
    ];
    for (name, topic) in topics {
        let page = starting::welcome();
        screens.push((name, Screen { help: Some(topic), ..around(page) }));
    }
    let idle = Some(IdleWarning { seconds_left: 17 });
    screens.push(("idle", Screen { idle, ..around(applying::form_with_text()) }));
    screens.extend(with_camera(&screens));
    screens.extend(long::screens(&screens));
    for (name, staff) in
        [("staff-called", StaffCall::OnTheWay), ("staff-unreachable", StaffCall::Unreachable)]
    {
        screens.push((name, Screen { staff, ..around(starting::welcome()) }));
    }
    screens
}

/// The pages on which a code is waited for, with what a camera sees.
fn with_camera(screens: &[(&str, Screen)]) -> Vec<(&'static str, Screen)> {
    let wanted = [
        ("identify-camera", "identify", None),
        ("identify-closer", "identify", Some(CodeHint::Closer)),
        ("identify-tilt", "identify", Some(CodeHint::Tilt)),
        ("identify-glare", "identify", Some(CodeHint::Glare)),
        ("identify-hold-still", "identify-unknown", Some(CodeHint::HoldStill)),
        ("look-up-camera", "look-up", Some(CodeHint::Closer)),
    ];
    let shown = |(name, page, hint)| {
        let (_, screen) = screens.iter().find(|(named, _)| *named == page)?;
        let camera = Some(CameraView { picture: applying::scene(320, 180), hint });
        Some((name, Screen { camera, ..screen.clone() }))
    };
    wanted.into_iter().filter_map(shown).collect()
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
        staff: StaffCall::None,
        camera: None,
    }
}

fn both(vi: &str, en: &str) -> Bilingual {
    Bilingual::new(vi, en)
}
