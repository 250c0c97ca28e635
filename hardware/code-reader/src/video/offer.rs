//! Which of the pictures that a camera offers a code is read from best. Pure.

use crate::raw::PixelFormat;

/// A card's code at arm's length has 4.8 pixels a module in such a picture; in one of half the
/// size it is at the edge of what can be read. Larger ones cost more and show no more.
const BEST: (u32, u32) = (1920, 1080);

/// Fewer pictures a second than these make a preview that nobody can aim by.
const ENOUGH_FPS: u32 = 10;

/// One kind of picture that a camera can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) format: PixelFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Pictures a second at most, rounded.
    pub(crate) fps: u32,
}

impl Offer {
    fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// How cheap brightness is had from it.
    fn ease(&self) -> u8 {
        match self.format {
            PixelFormat::Grey => 4,
            PixelFormat::Nv12 => 3,
            PixelFormat::Yuyv | PixelFormat::Uyvy => 2,
            PixelFormat::Mjpeg => 1,
        }
    }
}

/// The best of them.
pub(crate) fn best(offers: &[Offer]) -> Option<Offer> {
    let most = u64::from(BEST.0) * u64::from(BEST.1);
    offers.iter().filter(|offer| offer.pixels() > 0).copied().max_by_key(|offer| {
        let pixels = offer.pixels();
        // Up to the best size more is better, beyond it less.
        let size = if pixels <= most { (true, pixels) } else { (false, u64::MAX - pixels) };
        let exact = (offer.width, offer.height) == BEST;
        (offer.fps >= ENOUGH_FPS, exact, size, offer.ease(), offer.fps)
    })
}

/// The width or height nearest below the best that a camera with free sizes can have.
pub(crate) fn nearest((wanted, least, most, step): (u32, u32, u32, u32)) -> u32 {
    let inside = wanted.clamp(least, most.max(least));
    inside - (inside - least) % step.max(1)
}

/// The size to ask a camera with free sizes for.
pub(crate) fn wanted() -> (u32, u32) {
    BEST
}

#[cfg(test)]
mod tests {
    use PixelFormat::{Grey, Mjpeg, Nv12, Yuyv};

    use super::*;

    fn offer(format: PixelFormat, width: u32, height: u32, fps: u32) -> Offer {
        Offer { format, width, height, fps }
    }

    #[test]
    fn full_hd_is_taken_where_it_runs_and_else_the_best_below() {
        let cases: [(&[Offer], Option<Offer>); 7] = [
            // A usual USB 2 camera: uncompressed full HD comes five times a second.
            (
                &[
                    offer(Yuyv, 640, 480, 30),
                    offer(Yuyv, 1920, 1080, 5),
                    offer(Mjpeg, 1280, 720, 30),
                    offer(Mjpeg, 1920, 1080, 30),
                ],
                Some(offer(Mjpeg, 1920, 1080, 30)),
            ),
            (
                &[
                    offer(Mjpeg, 1920, 1080, 60),
                    offer(Yuyv, 1920, 1080, 30),
                    offer(Nv12, 1920, 1080, 30),
                ],
                Some(offer(Nv12, 1920, 1080, 30)),
            ),
            (
                &[offer(Mjpeg, 3840, 2160, 30), offer(Grey, 1280, 800, 60)],
                Some(offer(Grey, 1280, 800, 60)),
            ),
            (
                &[offer(Mjpeg, 3840, 2160, 30), offer(Mjpeg, 2560, 1440, 30)],
                Some(offer(Mjpeg, 2560, 1440, 30)),
            ),
            (&[offer(Yuyv, 320, 240, 8)], Some(offer(Yuyv, 320, 240, 8))),
            (&[offer(Yuyv, 0, 240, 30)], None),
            (&[], None),
        ];
        for (offers, expected) in cases {
            assert_eq!(best(offers), expected, "{offers:?}");
        }
    }

    #[test]
    fn a_free_size_keeps_to_its_bounds_and_steps() {
        for (asked, given) in [
            ((1920, 16, 4096, 2), 1920),
            ((1080, 16, 720, 1), 720),
            ((1920, 2000, 4000, 8), 2000),
            ((1081, 16, 4096, 16), 1072),
            ((100, 7, 7, 0), 7),
        ] {
            assert_eq!(nearest(asked), given, "{asked:?}");
        }
    }
}
