//! The window: shows screens, hands touches out, and lets other threads do the former.

use std::{
    cell::RefCell,
    fmt,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    Language,
    screen::{ChipPage, IdentifyState, Page, Screen, SignState},
    touch::Touch,
};
use slint::{ComponentHandle as _, PlatformError};

use crate::{
    generated::{Frame, Keys, KioskWindow, Theme},
    keyboard::Key,
    pages, touches,
    typing::Typing,
};

/// How the window stands on the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UiOptions {
    /// Cover the whole screen, without a frame.
    pub full_screen: bool,
    /// Let lists be dragged with a mouse: for touch panels that pretend to be one.
    pub mouse_pan: bool,
}

/// The screen of the kiosk. Lives on the thread that runs the event loop.
pub struct Ui {
    face: Rc<Face>,
}

/// What the callbacks share.
pub(crate) struct Face {
    pub(crate) window: KioskWindow,
    shown: RefCell<Option<Screen>>,
    typing: RefCell<Typing>,
    on_touch: Box<dyn Fn(Touch)>,
    left: Slot,
}

/// The newest screen that another thread has left to be shown; older ones are skipped.
type Slot = Arc<Mutex<Option<Screen>>>;

impl fmt::Debug for Ui {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ui")
    }
}

impl Ui {
    /// Makes the window, not yet visible. Every touch goes to `on_touch` on this thread; it may
    /// call [`Ui::show`] at once.
    pub fn new(on_touch: impl Fn(Touch) + 'static) -> Result<Self, PlatformError> {
        Self::with_options(UiOptions::default(), on_touch)
    }

    /// As [`Ui::new`], with options.
    pub fn with_options(
        options: UiOptions,
        on_touch: impl Fn(Touch) + 'static,
    ) -> Result<Self, PlatformError> {
        let window = KioskWindow::new()?;
        window.global::<Theme>().set_mouse_pan(options.mouse_pan);
        window.window().set_fullscreen(options.full_screen);
        // The citizen cannot close the window; a window manager's request is not theirs.
        window.window().on_close_requested(|| slint::CloseRequestResponse::KeepWindowShown);
        let face = Rc::new(Face {
            window,
            shown: RefCell::new(None),
            typing: RefCell::new(Typing::new()),
            on_touch: Box::new(on_touch),
            left: Slot::default(),
        });
        touches::connect(&face);
        touches::connect_keys(&face);
        let weak = Rc::downgrade(&face);
        face.window.global::<Frame>().on_refresh(move || {
            if let Some(face) = weak.upgrade() {
                face.show_left();
            }
        });
        Ok(Self { face })
    }

    /// Draws `screen`, touching only what differs from the one before.
    pub fn show(&self, screen: &Screen) {
        self.face.show(screen);
    }

    /// The window, for its size and for snapshots.
    #[must_use]
    pub fn window(&self) -> &slint::Window {
        self.face.window.window()
    }

    /// Makes the window visible.
    pub fn open(&self) -> Result<(), PlatformError> {
        self.face.window.show()
    }

    /// Makes the window invisible; [`Ui::run`] goes on.
    pub fn hide(&self) -> Result<(), PlatformError> {
        self.face.window.hide()
    }

    /// Makes the window visible and handles events until [`Remote::quit`].
    pub fn run(&self) -> Result<(), PlatformError> {
        self.open()?;
        self.face.show_left();
        slint::run_event_loop_until_quit()
    }

    /// A handle for other threads.
    #[must_use]
    pub fn remote(&self) -> Remote {
        Remote { window: self.face.window.as_weak(), left: Arc::clone(&self.face.left) }
    }

    /// The generated component, for tests that look for elements.
    #[doc(hidden)]
    #[must_use]
    pub fn root(&self) -> &(impl slint::ComponentHandle + use<>) {
        &self.face.window
    }
}

impl Face {
    fn show(&self, screen: &Screen) {
        let last = self.shown.replace(Some(screen.clone()));
        if last.as_ref() == Some(screen) {
            return;
        }
        if last.as_ref().is_none_or(|last| last.language != screen.language) {
            let language = match screen.language {
                Language::Vi => "vi",
                Language::En => "en",
            };
            // Refused only for a language that is not bundled; English, the source, is "en".
            let _ = slint::select_bundled_translation(language);
        }
        self.typing.borrow_mut().follow(screen);
        self.draw_line();
        pages::fill(&self.window, screen, last.as_ref());
    }

    /// Presses a key of either keyboard.
    pub(crate) fn press(&self, key: Key) {
        let touch = self.typing.borrow_mut().press(key);
        self.draw_line();
        self.touched(touch.unwrap_or(Touch::StillHere));
    }

    /// Whether the page asks for a PIN: its digits are kept by the app, never here.
    pub(crate) fn wants_pin(&self) -> bool {
        self.shown.borrow().as_ref().is_some_and(|screen| {
            matches!(&screen.page, Page::Sign(page) if matches!(page.state, SignState::EnterPin { .. }))
                || matches!(&screen.page, Page::Identify(page)
                    if matches!(page.state, IdentifyState::Chip(ChipPage::Key { .. })))
        })
    }

    /// *Next line* of either keyboard.
    pub(crate) fn next_line(&self) {
        let touch = self.typing.borrow().next_line();
        self.touched(touch.unwrap_or(Touch::StillHere));
    }

    /// An option of the focused question was touched.
    pub(crate) fn choose(&self, option: &str) {
        let touch = self.typing.borrow().choose(option);
        self.touched(touch.unwrap_or(Touch::StillHere));
    }

    fn draw_line(&self) {
        let typing = self.typing.borrow();
        let board = typing.board();
        let (before, after) = board.shown();
        let keys = self.window.global::<Keys>();
        keys.set_before(before.into());
        keys.set_after(after.into());
        keys.set_upper(board.upper());
        keys.set_locked(board.locked());
        keys.set_telex(board.telex());
        keys.set_symbols(board.symbols());
    }

    fn show_left(&self) {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(screen) = left {
            self.show(&screen);
        }
    }

    /// Hands a touch out.
    pub(crate) fn touched(&self, touch: Touch) {
        (self.on_touch)(touch);
    }
}

/// Shows screens from any thread.
#[derive(Clone)]
pub struct Remote {
    window: slint::Weak<KioskWindow>,
    left: Slot,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remote")
    }
}

impl Remote {
    /// Has `screen` drawn soon. Of several screens left before the event loop comes round, only
    /// the last is drawn, so a burst cannot pile up.
    pub fn show(&self, screen: Screen) {
        let before = self.left.lock().unwrap_or_else(PoisonError::into_inner).replace(screen);
        if before.is_none() {
            // Before the event loop runs this may be refused: `Ui::run` looks into the slot.
            let _ = self
                .window
                .upgrade_in_event_loop(|window| window.global::<Frame>().invoke_refresh());
        }
    }

    /// Ends [`Ui::run`].
    pub fn quit(&self) {
        let _ = slint::quit_event_loop();
    }
}
