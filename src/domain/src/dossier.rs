//! The life of a dossier as the National Portal counts it (statuses 1 to 10).

use serde::{Deserialize, Serialize};

use crate::Bilingual;

/// A status of the National Portal. Unknown integers are kept, since portals add new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "u8", into = "u8")]
pub enum Status {
    /// 1, *Mới đăng ký*: handed in, nobody has looked yet.
    New,
    /// 2, *Được tiếp nhận*.
    Accepted,
    /// 3, *Không được tiếp nhận*.
    Refused,
    /// 4, *Đang xử lý*.
    InProgress,
    /// 5, *Yêu cầu bổ sung giấy tờ*: the clock stands still.
    MorePapersAsked,
    /// 6, *Yêu cầu thực hiện nghĩa vụ tài chính*: the clock stands still.
    PaymentAsked,
    /// 7, *Công dân yêu cầu rút hồ sơ*.
    WithdrawalAsked,
    /// 8, *Dừng xử lý*.
    Stopped,
    /// 9, *Đã xử lý xong*.
    Finished,
    /// 10, *Đã trả kết quả*.
    ResultGiven,
    /// A number this version does not know.
    Other(u8),
}

const NAMED: [(u8, Status, &str, &str); 10] = [
    (1, Status::New, "Mới đăng ký", "Newly submitted"),
    (2, Status::Accepted, "Được tiếp nhận", "Accepted"),
    (3, Status::Refused, "Không được tiếp nhận", "Not accepted"),
    (4, Status::InProgress, "Đang xử lý", "In progress"),
    (5, Status::MorePapersAsked, "Yêu cầu bổ sung giấy tờ", "More papers requested"),
    (6, Status::PaymentAsked, "Yêu cầu thực hiện nghĩa vụ tài chính", "Payment requested"),
    (7, Status::WithdrawalAsked, "Công dân yêu cầu rút hồ sơ", "Withdrawal requested"),
    (8, Status::Stopped, "Dừng xử lý", "Stopped"),
    (9, Status::Finished, "Đã xử lý xong", "Finished"),
    (10, Status::ResultGiven, "Đã trả kết quả", "Result handed over"),
];

impl Status {
    /// The portal's number.
    #[must_use]
    pub fn number(self) -> u8 {
        NAMED
            .iter()
            .find_map(|(number, status, ..)| (*status == self).then_some(*number))
            .unwrap_or(match self {
                Self::Other(number) => number,
                Self::New
                | Self::Accepted
                | Self::Refused
                | Self::InProgress
                | Self::MorePapersAsked
                | Self::PaymentAsked
                | Self::WithdrawalAsked
                | Self::Stopped
                | Self::Finished
                | Self::ResultGiven => 0,
            })
    }

    /// The portal's wording.
    #[must_use]
    pub fn name(self) -> Bilingual {
        NAMED.iter().find(|(_, status, ..)| *status == self).map_or_else(
            || {
                let number = self.number();
                Bilingual::new(format!("Trạng thái {number}"), format!("Status {number}"))
            },
            |(_, _, vi, en)| Bilingual::new(*vi, *en),
        )
    }

    /// Whether the law lets a dossier go from this status to `next`
    /// (1→2|3, 2→4, 4↔5, 4↔6, 4→7|8|9, 9→10).
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        matches!((self.number(), next.number()), (1, 2 | 3) | (2 | 5 | 6, 4) | (4, 5..=9) | (9, 10))
    }
}

impl From<u8> for Status {
    fn from(number: u8) -> Self {
        NAMED
            .iter()
            .find_map(|(known, status, ..)| (*known == number).then_some(*status))
            .unwrap_or(Self::Other(number))
    }
}

impl From<Status> for u8 {
    fn from(status: Status) -> Self {
        status.number()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives_the_way_through_a_status() {
        for number in 0..=u8::MAX {
            assert_eq!(Status::from(number).number(), number);
        }
        assert_eq!(Status::New.name().vi, "Mới đăng ký");
    }

    #[test]
    fn a_refused_dossier_stays_refused() {
        for number in 0..=u8::MAX {
            assert!(!Status::Refused.may_become(Status::from(number)));
        }
        assert!(Status::New.may_become(Status::Accepted));
        assert!(!Status::New.may_become(Status::InProgress));
    }
}
