//! Nouns and pure machines of the one-stop center: visit, queue, dossier, forms, catalogue.
//!
//! Nothing here does I/O, reads a clock or draws a random number: what the outside world knows
//! comes in as an event or a parameter, and what is to be done goes out as an effect.

pub mod card;
pub mod catalogue;
pub mod dossier;
pub mod form;
pub mod ids;
pub mod personal_number;
pub mod queue;
pub mod screen;

pub mod text;
pub mod touch;
pub mod visit;

pub use card::{CardFacts, ChipAccess, ChipKey, ChipLines, Evidence, FurtherFacts, Sex};
pub use ids::{CenterId, CounterNo, FieldCode, KioskId, ProcedureCode, SubmissionId, TicketNo};
pub use personal_number::PersonalNumber;
pub use text::{Bilingual, Language};
