//! Cameras of the kernel (V4L2).
//!
//! `nokhwa` finds them and knows their names. The pictures are taken through `v4l`, the crate on
//! which `nokhwa` itself stands: its own stream hands over the whole mapped buffer and hides how
//! much of it was filled, so that what is missing of a cut picture is filled up by an older one;
//! it waits without an end; and it refuses cameras whose rate is no whole number, such as every
//! HDMI input.

mod offer;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hardware_api::DeviceError;
use nokhwa::utils::{ApiBackend, CameraIndex};
use v4l::buffer::{Flags, Type};
use v4l::control::{Control, Value};
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::io::mmap::Stream as Buffers;
use v4l::io::traits::{CaptureStream, Stream as Switch};
use v4l::video::Capture;
use v4l::{Device, Format, FourCC};

use crate::camera::{Camera, Optics, Shot, Stream};
use crate::raw::{Geometry, PixelFormat};
use offer::Offer;

/// Pictures that the driver may fill ahead. One more is with us.
const BUFFERS: u32 = 4;

/// A camera that sends nothing for so long has stopped.
const SILENT: Duration = Duration::from_secs(3);

/// `POLLIN` of poll(2).
const READABLE: i16 = 1;

/// `V4L2_CID_POWER_LINE_FREQUENCY`, and its value for 50 Hz: Vietnam's lamps flicker so.
const MAINS: (u32, i64) = (0x0098_0918, 1);

/// Layouts that are understood, by the kernel's names for them.
const LAYOUTS: [(&[u8; 4], PixelFormat); 6] = [
    (b"GREY", PixelFormat::Grey),
    (b"NV12", PixelFormat::Nv12),
    (b"YUYV", PixelFormat::Yuyv),
    (b"UYVY", PixelFormat::Uyvy),
    (b"MJPG", PixelFormat::Mjpeg),
    (b"JPEG", PixelFormat::Mjpeg),
];

impl Camera {
    /// A camera of the kernel, opened by its first use. `place` is its device file, best one
    /// below `/dev/v4l/by-id`, or else its name as [`cameras`] lists it.
    #[must_use]
    pub fn video(place: impl Into<String>) -> Self {
        Self::new(Video { place: place.into() })
    }
}

/// A camera that the system knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCamera {
    /// What its maker calls it.
    pub name: String,
    /// Its device file: the one that stays when it is pulled and comes back, where there is one.
    pub path: PathBuf,
}

/// All cameras, in the order of their numbers. None is opened; a few of the files may be inlets
/// or carry no pictures.
#[must_use]
pub fn cameras() -> Vec<FoundCamera> {
    let mut found: Vec<(u32, FoundCamera)> = nokhwa::query(ApiBackend::Video4Linux)
        .unwrap_or_default()
        .iter()
        .filter_map(|camera| {
            let CameraIndex::Index(number) = camera.index() else { return None };
            let path = PathBuf::from(format!("/dev/video{number}"));
            let path = lasting_path(&path).unwrap_or(path);
            Some((*number, FoundCamera { name: camera.human_name(), path }))
        })
        .collect();
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, camera)| camera).collect()
}

fn lasting_path(node: &Path) -> Option<PathBuf> {
    let links = std::fs::read_dir("/dev/v4l/by-id").ok()?;
    let mut links = links.filter_map(|entry| Some(entry.ok()?.path()));
    links.find(|link| link.canonicalize().is_ok_and(|target| target == node))
}

struct Video {
    place: String,
}

impl Video {
    /// The device files that may be meant.
    fn paths(&self) -> Vec<PathBuf> {
        if self.place.starts_with('/') {
            return vec![PathBuf::from(&self.place)];
        }
        let named = cameras().into_iter().filter(|camera| camera.name == self.place);
        named.map(|camera| camera.path).collect()
    }

    fn error(&self, cause: &io::Error) -> DeviceError {
        let device = self.place.clone();
        if cause.kind() == io::ErrorKind::ResourceBusy {
            DeviceError::Busy { device }
        } else {
            DeviceError::Gone { device }
        }
    }
}

impl Optics for Video {
    fn device(&self) -> String {
        self.place.clone()
    }

    fn is_there(&self) -> Result<(), DeviceError> {
        let gone = || DeviceError::Gone { device: self.place.clone() };
        self.paths().iter().any(|path| path.exists()).then_some(()).ok_or_else(gone)
    }

    /// A camera has a file for its pictures and others for what else it tells: the first that
    /// gives pictures is opened.
    fn open(&self) -> Result<Box<dyn Stream>, DeviceError> {
        let mut error = DeviceError::Gone { device: self.place.clone() };
        for path in self.paths() {
            match Running::start(&path, &self.place) {
                Ok(running) => return Ok(Box::new(running)),
                Err(cause) => error = self.error(&cause),
            }
        }
        Err(error)
    }
}

/// A camera whose stream runs.
struct Running {
    place: String,
    handle: Arc<v4l::device::Handle>,
    buffers: Buffers<'static>,
    geometry: Geometry,
    last_sign: Instant,
}

impl Running {
    fn start(path: &Path, place: &str) -> io::Result<Self> {
        let device = Device::with_path(path)?;
        let unsuitable = || io::Error::from(io::ErrorKind::Unsupported);
        let offer = offer::best(&offers(&device)?).ok_or_else(unsuitable)?;
        let code = fourcc(&device, offer.format)?.ok_or_else(unsuitable)?;
        let given = device.set_format(&Format::new(offer.width, offer.height, code))?;
        let geometry = geometry(&given).ok_or_else(unsuitable)?;
        let (id, value) = MAINS;
        // Many cameras lack the switch; those show stripes under lamps of fifty hertz.
        let _ = device.set_control(Control { id, value: Value::Integer(value) });
        let mut buffers = Buffers::with_buffers(&device, Type::VideoCapture, BUFFERS)?;
        // The first buffer stays with us: the stream hands it in when it takes the first picture.
        for index in 1..BUFFERS {
            match CaptureStream::queue(&mut buffers, usize::try_from(index).unwrap_or(0)) {
                Ok(()) => {}
                Err(cause) if index == 1 => return Err(cause),
                // The driver gave fewer.
                Err(_) => break,
            }
        }
        buffers.start()?;
        let (handle, place) = (device.handle(), place.to_owned());
        Ok(Self { place, handle, buffers, geometry, last_sign: Instant::now() })
    }

    fn is_ready(&self, wait: Duration) -> Result<bool, DeviceError> {
        let ms = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        match self.handle.poll(READABLE, ms) {
            Ok(count) => Ok(count > 0),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => Ok(false),
            Err(_) => Err(self.gone()),
        }
    }

    fn gone(&self) -> DeviceError {
        DeviceError::Gone { device: self.place.clone() }
    }
}

impl Stream for Running {
    fn shoot(&mut self, wait: Duration) -> Result<Shot, DeviceError> {
        if !self.is_ready(wait)? {
            return if self.last_sign.elapsed() < SILENT {
                Ok(Shot::Nothing)
            } else {
                Err(DeviceError::Silent { device: self.place.clone(), after: SILENT })
            };
        }
        self.last_sign = Instant::now();
        // Of several that are ready the newest is wanted; there are never more than the buffers.
        for _ in 0..BUFFERS {
            let gone = self.gone();
            let (bytes, about) = self.buffers.next().map_err(|_| gone)?;
            let is_newest = self.handle.poll(READABLE, 0).is_ok_and(|count| count == 0);
            if is_newest {
                let used = usize::try_from(about.bytesused).ok();
                let filled = used.and_then(|used| bytes.get(..used));
                let is_marked = about.flags.contains(Flags::ERROR);
                let frame =
                    filled.filter(|_| !is_marked).and_then(|filled| self.geometry.frame(filled));
                return Ok(frame.map_or(Shot::Cut, |frame| Shot::Whole(Arc::new(frame))));
            }
        }
        // Pictures come faster than they can be taken: the next call takes one.
        Ok(Shot::Nothing)
    }
}

fn layout(code: FourCC) -> Option<PixelFormat> {
    LAYOUTS.iter().find(|(name, _)| **name == code.repr).map(|(_, format)| *format)
}

/// The camera's own name for a layout.
fn fourcc(device: &Device, format: PixelFormat) -> io::Result<Option<FourCC>> {
    let all = device.enum_formats()?;
    Ok(all.iter().map(|offered| offered.fourcc).find(|code| layout(*code) == Some(format)))
}

fn geometry(given: &Format) -> Option<Geometry> {
    Some(Geometry {
        format: layout(given.fourcc)?,
        width: usize::try_from(given.width).ok()?,
        height: usize::try_from(given.height).ok()?,
        stride: usize::try_from(given.stride).ok()?,
        capacity: usize::try_from(given.size).ok()?,
    })
}

/// All pictures that a camera can take and we understand.
fn offers(device: &Device) -> io::Result<Vec<Offer>> {
    let mut offers = Vec::new();
    for code in device.enum_formats()?.iter().map(|offered| offered.fourcc) {
        let Some(format) = layout(code) else { continue };
        for (width, height) in sizes(device, code)? {
            offers.push(Offer { format, width, height, fps: fps(device, code, width, height) });
        }
    }
    Ok(offers)
}

/// An inlet has no sizes of its own: its picture is as large as what is fed in.
fn sizes(device: &Device, code: FourCC) -> io::Result<Vec<(u32, u32)>> {
    let listed: Vec<(u32, u32)> = device
        .enum_framesizes(code)
        .unwrap_or_default()
        .into_iter()
        .map(|size| match size.size {
            FrameSizeEnum::Discrete(size) => (size.width, size.height),
            FrameSizeEnum::Stepwise(free) => {
                let (width, height) = offer::wanted();
                (
                    offer::nearest((width, free.min_width, free.max_width, free.step_width)),
                    offer::nearest((height, free.min_height, free.max_height, free.step_height)),
                )
            }
        })
        .collect();
    if listed.is_empty() {
        let now = device.format()?;
        return Ok(vec![(now.width, now.height)]);
    }
    Ok(listed)
}

/// The most pictures a second; a camera that does not say is taken for a usual one.
fn fps(device: &Device, code: FourCC, width: u32, height: u32) -> u32 {
    let intervals = device.enum_frameintervals(code, width, height).unwrap_or_default();
    let rate = |numerator: u32, denominator: u32| denominator.checked_div(numerator);
    let rates = intervals.iter().filter_map(|interval| match &interval.interval {
        FrameIntervalEnum::Discrete(one) => rate(one.numerator, one.denominator),
        FrameIntervalEnum::Stepwise(free) => rate(free.min.numerator, free.min.denominator),
    });
    rates.max().unwrap_or(30)
}

#[cfg(test)]
mod tests {
    use hardware_api::CodeReader;

    use super::*;

    /// Fault: code · the camera that is set up is not plugged in → gone at once, and looked for again by each use
    #[test]
    fn a_camera_that_is_not_there_is_gone() {
        for place in ["/dev/v4l/by-id/usb-nobody-video-index0", "Camera of nobody"] {
            let mut camera = Camera::video(place);
            let gone = DeviceError::Gone { device: place.to_owned() };
            assert_eq!(camera.is_there(), Err(gone.clone()));
            for _ in 0..2 {
                assert_eq!(camera.next(Duration::from_secs(20)), Err(gone.clone()));
            }
        }
    }

    #[test]
    fn a_file_that_is_no_camera_is_none() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let place = file.path().to_str().unwrap();
        let mut camera = Camera::video(place);
        assert_eq!(
            camera.next(Duration::from_secs(20)),
            Err(DeviceError::Gone { device: place.to_owned() })
        );
    }

    #[test]
    fn what_the_kernel_lists_can_be_asked_for_by_name() {
        for camera in cameras() {
            assert!(Camera::video(camera.name).is_there().is_ok());
            assert!(camera.path.is_absolute());
        }
    }
}
