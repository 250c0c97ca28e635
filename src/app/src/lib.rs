//! The kiosk without its skin: one loop, one event type, and the desks that do the work.
//!
//! [`Kiosk`] owns the pure machine of `domain::visit`. Everything that happens arrives as one
//! [`Event`]; what the machine wants done goes to a *desk*: a thread that owns one device, the
//! network, or the outbox. Desks answer with events and never touch the machine.
//!
//! ```text
//! screen ──touch──▶ ┌───────┐ ──effect──▶ desks: printer · scanner · code · token
//! desks ──answer──▶ │ Kiosk │ ──effect──▶ network: center · province
//! clock ──tick────▶ └───────┘ ──effect──▶ outbox: keep · carry
//!                       └──screen──▶ whoever draws
//! ```

mod desks;
mod event;
mod kiosk;
mod network;
pub mod outbox;
mod pace;
mod pages;
mod papers;

pub use desks::{CardDevice, Devices, ScannerDevice};
pub use event::{Event, Inbox, inbox};
pub use kiosk::{Kiosk, Parts};
pub use network::Addresses;
pub use pace::Pace;
pub use pages::BindError;
pub use papers::{Reprints, slip_paper, ticket_paper};

/// Gives the time of day; the only clock that is not monotonic here.
pub type Clock = std::sync::Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;

/// Gives random bytes: names of submissions, secrets, request keys.
pub type Random = std::sync::Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Vietnam keeps +07:00 all year.
const VIETNAM: jiff::tz::Offset = jiff::tz::Offset::constant(7);

/// A moment as people here write it, `08:05 21/11/2026`.
#[must_use]
pub(crate) fn show_time(at: jiff::Timestamp) -> String {
    let local = VIETNAM.to_datetime(at);
    let day = domain::form::show_date(local.date());
    format!("{:02}:{:02} {day}", local.hour(), local.minute())
}

/// The calendar day here.
#[must_use]
pub fn today(clock: &Clock) -> jiff::civil::Date {
    day(clock())
}

/// The calendar day here of some moment.
pub(crate) fn day(moment: jiff::Timestamp) -> jiff::civil::Date {
    VIETNAM.to_datetime(moment).date()
}

/// Random bytes as lower-case hex.
pub(crate) fn random_hex<const N: usize>(random: &Random) -> String {
    let mut bytes = [0_u8; N];
    random(&mut bytes);
    hex::encode(bytes)
}
