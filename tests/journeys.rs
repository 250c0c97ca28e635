//! Whole visits: the real kiosk in a headless window, real drivers over simulated devices, real
//! servers, and a clock that the test puts forward.

mod journeys {
    mod dossier;
    mod faults;
    mod idle;
    mod outbox;
    pub(crate) mod stage;
    mod status;
    mod ticket;
}
