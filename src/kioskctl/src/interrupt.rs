//! Ctrl-C as a wish: what is under way ends in good order, so that no scanner is left with half a
//! page. A second one ends it at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use rustix::process::{Signal, getpid, kill_process};

/// Whether somebody pressed Ctrl-C.
#[derive(Clone, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on; `stop` is called at the first Ctrl-C.
    pub(crate) fn listen(stop: impl Fn() + Send + 'static) -> Self {
        let interrupt = Self::default();
        let pressed = Arc::clone(&interrupt.0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let listen = move || {
            // Without a runtime Ctrl-C ends the program as it ends any.
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                if tokio::signal::ctrl_c().await.is_ok() {
                    pressed.store(true, Ordering::SeqCst);
                    stop();
                }
                if tokio::signal::ctrl_c().await.is_ok() {
                    let _cannot_fail = kill_process(getpid(), Signal::TERM);
                }
            });
        };
        let _no_thread = thread::Builder::new().name("ctrl-c".to_owned()).spawn(listen);
        interrupt
    }

    /// Whether it was pressed.
    pub(crate) fn is_pressed(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
