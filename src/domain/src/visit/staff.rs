//! Calling an officer to the kiosk. That one is on the way is said when the center knows.

use super::{Effect, StaffAnswer, Visit};
use crate::screen::StaffCall;

impl Visit {
    /// Calls an officer; once is enough, unless the center could not be told.
    pub(super) fn call_staff(&mut self) -> Vec<Effect> {
        match self.citizen.staff {
            StaffCall::Calling | StaffCall::OnTheWay => vec![],
            StaffCall::None | StaffCall::Unreachable => {
                self.citizen.staff = StaffCall::Calling;
                self.citizen.staff_since = self.now;
                vec![Effect::CallStaff]
            }
        }
    }

    pub(super) fn staff_answer(&mut self, answer: StaffAnswer) -> Vec<Effect> {
        match (self.citizen.staff, answer) {
            // Better late than never.
            (StaffCall::Calling | StaffCall::Unreachable, StaffAnswer::Told) => {
                self.citizen.staff = StaffCall::OnTheWay;
            }
            (StaffCall::Calling, StaffAnswer::NotTold) => {
                self.citizen.staff = StaffCall::Unreachable;
            }
            (StaffCall::None | StaffCall::OnTheWay | StaffCall::Unreachable, _) => {}
        }
        vec![]
    }

    pub(super) fn staff_deadline(&mut self) {
        if self.now.since(self.citizen.staff_since) >= self.timing.issuing {
            self.staff_answer(StaffAnswer::NotTold);
        }
    }
}
