//! How many round trips and how long it takes to read DG1, DG13, DG2 and the security object of a
//! card, against a plain reader of 232-byte pieces and against `dmrtd` as it comes. Prints one JSON
//! line per figure.

#[path = "../tests/chip/emulator.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the tests' stage, of which a bench needs a part"
)]
mod emulator;

use std::time::Instant;

use dmrtd::{
    com::{TransceiveError, Transceiver},
    lds::ef::ElementaryFile as _,
    passport::Passport,
    proto::can_key::CanKey,
};
use emulator::{Card, Emulator, can};
use identity::chip::{ApduLink as _, Beliefs, Face, Genuineness, TrustStore, Want};

/// What a contactless card takes for one command besides computing and sending, about.
const LATENCY: &str = "slow:10";
/// A plain reader opens with this many: access file (select, read), five of PACE, application.
const PLAIN_OPENING: usize = 8;
const PLAIN_PIECE: usize = 232;
const PLAIN_HEAD: usize = 4;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    // P-256, since dmrtd opens nothing on Brainpool curves; the face is as long as on real cards.
    let emulator = Emulator::start(&["--curve", "P-256", "--face", "18000"]);
    let (peer, sizes, peer_ms) = theirs(&emulator)?;
    let plain = PLAIN_OPENING
        + sizes.iter().map(|size| 2 + (size - PLAIN_HEAD).div_ceil(PLAIN_PIECE)).sum::<usize>();

    let (proven, _) = ours(emulator.card_with(LATENCY), Genuineness::Once)?;
    let (long, long_ms) = ours(emulator.card_with(LATENCY), Genuineness::Never)?;
    let mut small = emulator.card_with(LATENCY);
    small.max_response = 258;
    let (short, short_ms) = ours(small, Genuineness::Never)?;

    let plain_name = "plain 232-byte reader, counted";
    figure("chip: round trips, extended length", long, "", 0.6, plain_name, plain);
    figure(
        "chip: round trips, with the proof that it is no copy",
        proven,
        "",
        0.6,
        plain_name,
        plain,
    );
    figure("chip: round trips, short length", short, "", 1.0, plain_name, plain);
    figure("chip: round trips against dmrtd", long, "", 0.6, "dmrtd 0.3.5", peer);
    figure("chip: time at 10 ms a command, extended", long_ms, "ms", 0.6, "dmrtd 0.3.5", peer_ms);
    figure("chip: time at 10 ms a command, short", short_ms, "ms", 1.0, "dmrtd 0.3.5", peer_ms);
    Ok(())
}

/// Our reading, with passive authentication, which the peers leave out.
fn ours(mut card: Card, genuineness: Genuineness) -> Result<(usize, usize), Failure> {
    let want = Want { face: Face::Read, beliefs: Beliefs::Drop, genuineness };
    let start = Instant::now();
    let reading = card.read_for(can(), want, &TrustStore::default())?;
    let elapsed = usize::try_from(start.elapsed().as_millis())?;
    if reading.portrait.read().is_none() || reading.citizen.read().is_none() {
        return Err("the card was not read whole".into());
    }
    Ok((card.sent.len(), elapsed))
}

/// What dmrtd needs, and how long the files are.
fn theirs(emulator: &Emulator) -> Result<(usize, [usize; 4], usize), Failure> {
    let mut counted = Counted { card: emulator.card_with(LATENCY), commands: 0 };
    let start = Instant::now();
    let mut passport = Passport::new(&mut counted);
    let access = passport.read_ef_card_access()?;
    passport.start_session_pace(CanKey::new("000001")?, &access)?;
    let sizes = [
        passport.read_ef_dg1()?.to_bytes().len(),
        passport.read_ef_dg13()?.to_bytes().len(),
        passport.read_ef_dg2()?.to_bytes().len(),
        passport.read_ef_sod()?.to_bytes().len(),
    ];
    let elapsed = usize::try_from(start.elapsed().as_millis())?;
    drop(passport);
    Ok((counted.commands, sizes, elapsed))
}

struct Counted {
    card: Card,
    commands: usize,
}

impl Transceiver for &mut Counted {
    fn transceive(&mut self, command: &[u8]) -> Result<Vec<u8>, TransceiveError> {
        self.commands += 1;
        self.card.transmit(command).map_err(|error| TransceiveError::new(error.to_string()))
    }
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn figure(name: &str, value: usize, unit: &str, most: f64, peer: &str, peer_value: usize) {
    #[expect(clippy::as_conversions, reason = "counts are far below what a float holds")]
    let met = value as f64 <= most * peer_value as f64;
    println!(
        r#"{{"name":"{name}","value":{value},"unit":"{unit}","target":"≤ {most} × peer","met":{met},"peer":"{peer}","peer_value":{peer_value}}}"#
    );
}
