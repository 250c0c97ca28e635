//! The kiosk without skin: event loop, effects, outbox, network.
