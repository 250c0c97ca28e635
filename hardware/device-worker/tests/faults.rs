//! Faults of worker processes, on real processes: killed, stopped, grown, lying, orphaned.

#[expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fault that is not survived has failed, and says where"
)]
mod faults {
    mod confined;
    mod endings;
    mod killed;
    mod liars;
    mod orphans;
    mod stage;
    mod strangers;
    mod walls;
}
