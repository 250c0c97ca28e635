//! From the bytes of a presented code to what they say, and how far that may be believed.
//!
//! A citizen holds many codes: the ID card, a ticket, a slip, a bank's payment code, a health
//! card. [`classify`] tells them apart before anything is parsed. An ID card's code is plain
//! text that anyone can print: it saves typing and proves nothing (`domain::Evidence::Code`).
//! The card's [`chip`] can prove something, and says how much.

mod birth_date;
pub mod chip;
mod dossier_code;
pub mod ecard;
mod id_card;
pub mod lds;
pub mod mrz;
mod own_code;
mod payment_code;
mod personal_number;
mod presented;
mod provinces;
pub mod tlv;

pub use birth_date::BirthDate;
pub use dossier_code::recognise_dossier_code;
pub use id_card::{
    IdCardCode, IdCardDigits, IdCardError, IdCardField, IdCardWarning, parse_id_card,
};
pub use own_code::{SLIP_PREFIX, SlipCode, TICKET_PREFIX, TicketCode};
pub use personal_number::{FormerNumber, PersonalNumberFacts};
pub use presented::{Presented, classify};
pub use provinces::birth_province;
