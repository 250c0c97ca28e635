//! Everything on one machine: kiosk, center, province, and devices that a person, a script or a
//! test can break at will. The servers, drivers and lines are the real ones; what is simulated
//! is below the bytes.

mod bench;
mod cable;
mod card;
mod error;
mod hall;
mod leash;
mod panel;
mod pictures;
mod player;
mod sample;
mod stop;
mod token;
mod visit;

pub use bench::{Figure, bench};
pub use cable::Cable;
pub use card::{CardField, CardSetup};
pub use error::LabError;
pub use hall::{Addresses, Hall, HallSetup, Ports};
pub use pictures::{code_picture, paper_picture, save_paper, save_rgba};
pub use player::{Player, Size};
pub use sample::answer as sample_answer;
pub use stop::Stop;
pub use token::{TokenSetup, TokenSlot};
pub use visit::ScriptedVisit;
