//! Whole visits: the real kiosk in a headless window, real drivers over simulated devices, real
//! servers, and a clock that the test puts forward.

#[expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a journey that cannot go on has failed, and says where"
)]
mod journeys {
    mod card;
    mod codes;
    mod dossier;
    mod ecards;
    mod faults;
    mod idle;
    mod outbox;
    mod panel;
    mod plugs;
    pub(crate) mod stage;
    mod status;
    mod ticket;
    mod token;
    mod visit;
    mod workers;
}
