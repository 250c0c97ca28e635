//! Delivering a code once, however often it is read while it is held in view. Pure.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

/// A code that was out of view this long is a new presentation.
pub(crate) const UNSEEN: Duration = Duration::from_secs(2);

/// The codes in view. Only their hashes are kept: no personal data outlives its delivery.
#[derive(Debug, Default)]
pub(crate) struct Presentations {
    in_view: Vec<(u64, Instant)>,
}

impl Presentations {
    /// A while passed in which nobody looked: what was in view may be so still.
    pub(crate) fn skip(&mut self, while_unseen: Duration) {
        for (_, seen) in &mut self.in_view {
            *seen += while_unseen;
        }
    }

    /// Notes that a code was read, and says whether that began a presentation.
    pub(crate) fn begins(&mut self, code: &[u8], now: Instant) -> bool {
        self.begins_in_look(code, now, now)
    }

    /// The same for a look that began at `looked`: on a busy machine one may take longer than a
    /// code may be out of view.
    pub(crate) fn begins_in_look(&mut self, code: &[u8], looked: Instant, now: Instant) -> bool {
        self.in_view.retain(|(_, seen)| looked.saturating_duration_since(*seen) < UNSEEN);
        let mut hasher = DefaultHasher::new();
        code.hash(&mut hasher);
        let hash = hasher.finish();
        match self.in_view.iter_mut().find(|(known, _)| *known == hash) {
            Some((_, seen)) => {
                *seen = now;
                false
            }
            None => {
                self.in_view.push((hash, now));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_in_view_before_a_rest_is_still_so_behind_it() {
        let start = Instant::now();
        let night = Duration::from_secs(36_000);
        let mut presentations = Presentations::default();
        assert!(presentations.begins(b"A", start));
        presentations.skip(night);
        assert!(!presentations.begins(b"A", start + night + UNSEEN / 2));
        assert!(presentations.begins(b"A", start + night + UNSEEN * 2));
    }

    #[test]
    fn a_code_is_not_away_because_a_look_takes_long() {
        let mut presentations = Presentations::default();
        let (mut looked, long) = (Instant::now(), UNSEEN * 3);
        for n in 0..4 {
            let begins = presentations.begins_in_look(b"A", looked, looked + long);
            assert_eq!(begins, n == 0, "look {n}");
            looked += long + UNSEEN / 2;
        }
    }

    #[test]
    fn a_code_held_in_view_is_delivered_once_and_again_when_it_was_away() {
        let start = Instant::now();
        let mut presentations = Presentations::default();
        let cases: [(&[u8], u64, bool); 8] = [
            (b"A", 0, true),
            (b"A", 1900, false),
            (b"B", 2000, true),
            (b"A", 3800, false),
            (b"B", 3900, false),
            (b"A", 5800, true),
            (b"B", 5900, true),
            (b"", 5900, true),
        ];
        for (code, ms, begins) in cases {
            let now = start + Duration::from_millis(ms);
            assert_eq!(presentations.begins(code, now), begins, "{code:?} at {ms}");
        }
    }
}
