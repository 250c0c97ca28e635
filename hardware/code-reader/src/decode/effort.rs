//! A purse of steps: how much looking is still allowed.

/// One step is one pixel touched, near a nanosecond. Work is paid for before it is done; what
/// cannot be paid is left out.
#[derive(Debug)]
pub(crate) struct Effort {
    left: u64,
}

impl Effort {
    pub(crate) fn new(steps: u64) -> Self {
        Self { left: steps }
    }

    /// Pays for work, if it can be paid.
    pub(crate) fn spend(&mut self, steps: usize) -> bool {
        let rest = u64::try_from(steps).ok().and_then(|steps| self.left.checked_sub(steps));
        self.left = rest.unwrap_or(self.left);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_paid_is_not_done_and_costs_nothing() {
        let mut effort = Effort::new(10);
        let paid = [4, 7, 6, 1, 0].map(|steps| effort.spend(steps));
        assert_eq!(paid, [true, false, true, false, true]);
        assert!(!effort.spend(1));
    }
}
