//! The camera's threads over pictures of our own: what comes first, what is dropped, what ends.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::*;

const LONG: Duration = Duration::from_secs(20);

/// What the test lets happen next.
type Script = SyncSender<Result<Shot, DeviceError>>;

/// Optics that do what the test says, and count how often they were opened.
struct Stage {
    script: Mutex<Option<Receiver<Result<Shot, DeviceError>>>>,
    opened: Arc<AtomicUsize>,
    /// Set while a stream is open.
    running: Arc<AtomicUsize>,
}

struct Played {
    script: Receiver<Result<Shot, DeviceError>>,
    running: Arc<AtomicUsize>,
}

fn stage() -> (Stage, Script) {
    let (script, played) = sync_channel(64);
    let stage =
        Stage { script: Mutex::new(Some(played)), opened: Arc::default(), running: Arc::default() };
    (stage, script)
}

fn gone() -> DeviceError {
    DeviceError::Gone { device: "stage".to_owned() }
}

impl Optics for Stage {
    fn device(&self) -> String {
        "stage".to_owned()
    }

    fn is_there(&self) -> Result<(), DeviceError> {
        Ok(())
    }

    fn open(&self) -> Result<Box<dyn Stream>, DeviceError> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        let script = lock(&self.script).take().ok_or_else(gone)?;
        self.running.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Played { script, running: Arc::clone(&self.running) }))
    }
}

impl Stream for Played {
    fn shoot(&mut self, wait: Duration) -> Result<Shot, DeviceError> {
        self.script.recv_timeout(wait).unwrap_or(Ok(Shot::Nothing))
    }
}

impl Drop for Played {
    fn drop(&mut self) {
        self.running.fetch_sub(1, Ordering::SeqCst);
    }
}

fn grey(luma: u8) -> Result<Shot, DeviceError> {
    Ok(Shot::Whole(Arc::new(Frame { width: 32, height: 24, luma: vec![luma; 32 * 24] })))
}

fn view(sight: Option<Sight>) -> View {
    let Some(Sight::View(view)) = sight else { panic!("a view should have come: {sight:?}") };
    view
}

#[test]
fn views_come_as_pictures_do_and_old_ones_are_dropped() {
    let (stage, script) = stage();
    let mut camera = Camera::new(stage);
    script.send(grey(1)).unwrap();
    assert_eq!(view(camera.next(LONG).unwrap()).luma, [1; 768]);
    for luma in 2..=9 {
        script.send(grey(luma)).unwrap();
    }
    // Nobody asks meanwhile: all eight are taken, one view is left.
    thread::sleep(PERIOD * 10);
    assert_eq!(view(camera.next(LONG).unwrap()).luma, [9; 768]);
    assert_eq!(camera.next(PERIOD), Ok(None));
}

/// Fault: code · a camera is pulled while its picture runs → gone, and opened again by the next look
#[test]
fn a_camera_that_fails_is_closed_and_opened_again_by_the_next_call() {
    let (stage, script) = stage();
    let (opened, running) = (Arc::clone(&stage.opened), Arc::clone(&stage.running));
    let mut camera = Camera::new(stage);
    script.send(grey(1)).unwrap();
    script.send(Err(gone())).unwrap();
    assert_eq!(view(camera.next(LONG).unwrap()).luma, [1; 768]);
    assert_eq!(camera.next(LONG), Err(gone()));
    assert_eq!(running.load(Ordering::SeqCst), 0);
    assert_eq!(camera.next(LONG), Err(gone()), "it is still away");
    assert_eq!(opened.load(Ordering::SeqCst), 2);
}

#[test]
fn a_resting_camera_is_closed() {
    let (stage, script) = stage();
    let (opened, running) = (Arc::clone(&stage.opened), Arc::clone(&stage.running));
    let mut camera = Camera::new(stage);
    assert_eq!(camera.is_there(), Ok(()));
    assert_eq!(opened.load(Ordering::SeqCst), 0, "looking for it does not wake it");
    script.send(grey(1)).unwrap();
    camera.next(LONG).unwrap();
    assert_eq!(running.load(Ordering::SeqCst), 1);
    camera.rest();
    assert_eq!(running.load(Ordering::SeqCst), 0, "its lamp is out when `rest` is back");
    camera.rest();
}

/// Fault: code · a library under the camera crashes its thread → the camera is gone, the caller lives and may open it again
#[test]
fn a_thread_that_crashes_is_a_camera_that_is_gone() {
    struct Crash;
    impl Optics for Crash {
        fn device(&self) -> String {
            "crash".to_owned()
        }
        fn is_there(&self) -> Result<(), DeviceError> {
            Ok(())
        }
        fn open(&self) -> Result<Box<dyn Stream>, DeviceError> {
            panic!("as a library does when a stream cannot be stopped")
        }
    }
    let mut camera = Camera::new(Crash);
    for _ in 0..2 {
        let device = "crash".to_owned();
        assert_eq!(camera.next(LONG), Err(DeviceError::Gone { device }));
    }
}
