//! A citizen without a body: drives the real kiosk headless, on a clock that can be put forward.
//!
//! Desks, drivers and servers run as ever; only the loop's clock and the window's animations are
//! in the player's hand, so that half a minute of silence takes no half minute.

use std::{
    path::Path,
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use app::{Event, Inbox, Kiosk};
use domain::{
    screen::{Page, Screen},
    touch::Touch,
    visit::Moment,
};
use i_slint_backend_testing::{
    AccessibleRole, ElementHandle, TestingBackend, TestingBackendOptions, mock_elapsed_time,
};
use slint::platform::PointerEventButton;
use ui::Ui;

use crate::{Hall, LabError, Stop, save_rgba};

/// Longest wait for a page: slow machines, never endless.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long one look for events lasts.
const LOOK: Duration = Duration::from_millis(5);
/// Time enough for a page's animations.
const SETTLE: Duration = Duration::from_millis(600);

/// Sizes of screens in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Size {
    /// A standing kiosk.
    pub const PORTRAIT: Self = Self { width: 1080, height: 1920 };
    /// A lying one.
    pub const LANDSCAPE: Self = Self { width: 1920, height: 1080 };
    /// A small panel.
    pub const SMALL: Self = Self { width: 1280, height: 800 };
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PORTRAIT, Self::LANDSCAPE, Self::SMALL];
}

/// A kiosk with a window that is drawn into memory, and a hand to touch it.
pub struct Player {
    kiosk: Kiosk,
    events: Receiver<Event>,
    inbox: Inbox,
    ui: Ui,
    begin: Instant,
    /// How far the clock was put forward.
    skipped: Duration,
    stop: Stop,
}

impl Player {
    /// Starts the hall's kiosk in a window of `size`. One player per thread.
    pub fn start(hall: &Hall, size: Size) -> Result<Self, LabError> {
        // A second player on the same thread finds the backend there already.
        let _there =
            slint::platform::set_platform(Box::new(TestingBackend::new(TestingBackendOptions {
                mock_time: true,
                threading: false,
                renderer_name: Some("software".into()),
            })));
        let (inbox, events) = app::inbox();
        let touches = inbox.clone();
        let ui = Ui::new(move |touch| touches.offer(Event::Touch(touch)))?;
        ui.window().set_size(slint::PhysicalSize::new(size.width, size.height));
        ui.open()?;
        let kiosk = Kiosk::start(hall.kiosk_parts()?, &inbox)?;
        ui.show(kiosk.screen());
        let begin = Instant::now();
        Ok(Self { kiosk, events, inbox, ui, begin, skipped: Duration::ZERO, stop: Stop::never() })
    }

    /// From now on waits for nothing once `stop` is asked for.
    pub fn heed(&mut self, stop: Stop) {
        self.stop = stop;
    }

    fn now(&self) -> Moment {
        Moment(self.begin.elapsed() + self.skipped)
    }

    /// Handles what has happened until now.
    pub fn pump(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            self.step(Some(event));
        }
        self.step(None);
    }

    fn step(&mut self, event: Option<Event>) {
        let now = self.now();
        if self.kiosk.step(now, event) {
            self.ui.show(self.kiosk.screen());
        }
    }

    /// What stands on the screen.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        self.kiosk.screen()
    }

    /// Waits until the screen is as wished.
    pub fn wait_for(
        &mut self,
        what: &str,
        wished: impl Fn(&Screen) -> bool,
    ) -> Result<(), LabError> {
        let begin = Instant::now();
        loop {
            self.stop.check()?;
            self.pump();
            if wished(self.screen()) {
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                return Err(LabError::Waited {
                    what: what.to_owned(),
                    waited: begin.elapsed(),
                    page: format!("{:?}", self.screen().page),
                });
            }
            if let Ok(event) = self.events.recv_timeout(LOOK) {
                self.step(Some(event));
            }
        }
    }

    /// Waits for a page.
    pub fn wait_for_page(
        &mut self,
        what: &str,
        wished: impl Fn(&Page) -> bool,
    ) -> Result<(), LabError> {
        self.wait_for(what, |screen| wished(&screen.page))
    }

    /// Touches, as the window would tell it.
    pub fn touch(&mut self, touch: Touch) {
        self.inbox.offer(Event::Touch(touch));
        self.pump();
    }

    /// Presses the button with these words, as a finger would.
    pub fn tap(&mut self, label: &str) -> Result<(), LabError> {
        mock_elapsed_time(SETTLE);
        let found = ElementHandle::find_by_accessible_label(self.ui.root(), label)
            .find(|element| element.accessible_role() == Some(AccessibleRole::Button));
        let Some(button) = found else {
            return Err(LabError::NoSuchButton { label: label.to_owned() });
        };
        button.mock_single_click(PointerEventButton::Left);
        mock_elapsed_time(SETTLE);
        self.pump();
        Ok(())
    }

    /// Puts the clock forward with nobody at the screen.
    pub fn skip(&mut self, time: Duration) {
        let quarter = Duration::from_millis(250);
        let mut left = time;
        while left > Duration::ZERO {
            let part = left.min(quarter);
            self.skipped += part;
            mock_elapsed_time(part);
            self.pump();
            left = left.saturating_sub(part);
        }
    }

    /// The words on every button that can be pressed.
    #[must_use]
    pub fn buttons(&self) -> Vec<String> {
        mock_elapsed_time(SETTLE);
        let all = i_slint_backend_testing::ElementQuery::from_root(self.ui.root()).find_all();
        let can_be_pressed = |element: &&ElementHandle| {
            element.accessible_role() == Some(AccessibleRole::Button)
                && element.accessible_enabled() != Some(false)
        };
        let pressed = all.iter().filter(can_be_pressed);
        pressed.filter_map(ElementHandle::accessible_label).map(Into::into).collect()
    }

    /// Draws the screen into a PNG.
    pub fn picture(&mut self, path: &Path) -> Result<(), LabError> {
        mock_elapsed_time(SETTLE);
        let pixels = self.ui.window().take_snapshot()?;
        save_rgba(path, pixels.width(), pixels.height(), pixels.as_bytes())
    }

    /// Draws a screen that stands there no more, or not in this language, into a PNG.
    pub fn picture_of(&mut self, screen: &Screen, path: &Path) -> Result<(), LabError> {
        self.stop.check()?;
        self.ui.show(screen);
        let drawn = self.picture(path);
        self.ui.show(self.kiosk.screen());
        drawn
    }

    /// That something else stands on the screen than was to come.
    #[must_use]
    pub fn surprise(&self, expected: &str) -> LabError {
        LabError::Waited {
            what: expected.to_owned(),
            waited: Duration::ZERO,
            page: format!("{:?}", self.screen().page),
        }
    }

    /// Every word on the screen that assistive technology would read, for tests.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        mock_elapsed_time(SETTLE);
        let all = i_slint_backend_testing::ElementQuery::from_root(self.ui.root()).find_all();
        let words = |element: &ElementHandle| {
            [element.accessible_label(), element.accessible_description()]
        };
        all.iter().flat_map(words).flatten().map(Into::into).collect()
    }
}
