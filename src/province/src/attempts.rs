//! Counts wrong attempts per name and locks a name for a while, in memory and bounded.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

/// Most names remembered; beyond that the oldest are forgotten.
const MOST: usize = 10_000;

/// Wrong attempts.
#[derive(Debug)]
pub(crate) struct Attempts {
    allowed: u32,
    lock: SignedDuration,
    wrong: Mutex<HashMap<String, (u32, Timestamp)>>,
}

impl Attempts {
    /// Allows `allowed` wrong attempts per name within `lock` of each other.
    pub(crate) fn new(allowed: u32, lock: SignedDuration) -> Self {
        Self { allowed, lock, wrong: Mutex::default() }
    }

    /// Counts an attempt as wrong before it is judged, so that many at once gain nothing.
    /// `Err` says how many seconds the name is locked.
    pub(crate) fn begin(&self, name: &str, now: Timestamp) -> Result<(), u64> {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= MOST && !wrong.contains_key(name) {
            self.forget_oldest(&mut wrong, now);
        }
        let (count, last) = wrong.entry(name.to_owned()).or_insert((0, now));
        let passed = now.duration_since(*last);
        if passed >= self.lock {
            *count = 0;
        }
        if *count >= self.allowed {
            let left = self.lock.saturating_sub(passed).as_secs();
            return Err(u64::try_from(left).unwrap_or(0).max(1));
        }
        *count += 1;
        *last = now;
        Ok(())
    }

    /// The attempt was right: the name is clean again.
    pub(crate) fn right(&self, name: &str) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    fn forget_oldest(&self, wrong: &mut HashMap<String, (u32, Timestamp)>, now: Timestamp) {
        wrong.retain(|_, (_, last)| now.duration_since(*last) < self.lock);
        if wrong.len() >= MOST
            && let Some(oldest) = wrong.iter().min_by_key(|(_, (_, last))| *last).map(|(n, _)| n)
        {
            let oldest = oldest.clone();
            wrong.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_wrong_attempt_waits_and_a_right_one_clears() {
        let attempts = Attempts::new(5, SignedDuration::from_mins(15));
        let start = Timestamp::UNIX_EPOCH;
        for _ in 0..5 {
            assert_eq!(attempts.begin("a", start), Ok(()));
        }
        assert_eq!(attempts.begin("a", start), Err(900));
        assert_eq!(attempts.begin("b", start), Ok(()));
        assert_eq!(attempts.begin("a", start + SignedDuration::from_mins(15)), Ok(()));
        attempts.right("a");
        for _ in 0..5 {
            assert_eq!(attempts.begin("a", start), Ok(()));
        }
    }

    #[test]
    fn memory_stays_bounded_however_many_names_are_tried() {
        let attempts = Attempts::new(5, SignedDuration::from_mins(15));
        for at in 0..MOST + 50 {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_millis(at.try_into().unwrap());
            assert_eq!(attempts.begin(&at.to_string(), now), Ok(()));
        }
        assert_eq!(attempts.wrong.lock().unwrap().len(), MOST);
    }
}
