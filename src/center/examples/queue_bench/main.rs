//! The queue in numbers: tickets and calls per CPU-second, in process and over HTTP, and 2,000
//! boards that hear of a call. One line of JSON per figure.
//!
//! `cargo run --release -p center --example queue_bench`. The center runs as a process of its
//! own, so that its CPU time is counted without that of its callers; every number is on disk
//! before it is answered, as in service.

mod callers;
mod listeners;
mod served;

use std::{io::Write as _, path::Path, process::ExitCode, time::Duration};

use domain::queue::{Event, Queue, RequestKey, TicketId, local_day};
use jiff::Timestamp;
use serde_json::json;

use served::{Served, cpu_time};

/// What went wrong; a bench has nobody to handle it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The field whose numbers are drawn.
pub const FIELD: &str = "ho-tich";
const IN_PROCESS: u32 = 200_000;
const OVER_HTTP: u32 = 8_000;

/// FQM's REST API (gunicorn, two workers, SQLite), CPU time per ticket taken and per call, the
/// quicker end of what was measured on this class of machine.
const FQM_TAKE: Duration = Duration::from_millis(33);
const FQM_CALL: Duration = Duration::from_millis(17);
/// At least this many times the peer.
const TIMES: f64 = 40.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [serve, folder] if serve == "serve" => served::serve(Path::new(folder)),
        _ => run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "queue_bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let before = cpu_time("self")?;
    in_process()?;
    let cpu = cpu_time("self")?.saturating_sub(before);
    rate("tickets issued in process, per CPU-second", IN_PROCESS, cpu, FQM_TAKE)?;
    tokio::runtime::Runtime::new()?.block_on(over_http())
}

fn in_process() -> Result<(), Failure> {
    let at = Timestamp::UNIX_EPOCH;
    let mut queue = Queue::new(local_day(at));
    for wish in 0..IN_PROCESS {
        let mut name = [0; 10];
        for (byte, shift) in name.iter_mut().zip((0..).step_by(5)) {
            *byte = u8::try_from(wish.checked_shr(shift).unwrap_or(0) % 32)?;
        }
        let event = Event::Issue {
            request: RequestKey::parse(&format!("{wish:032x}"))?,
            id: TicketId::from_random(name),
            field: FIELD.into(),
            letter: 'A',
            kiosk: "bench".into(),
        };
        queue.on(&event, at)?;
    }
    Ok(())
}

async fn over_http() -> Result<(), Failure> {
    let center = Served::start().await?;
    let officers = callers::log_in(&center.url).await?;

    let before = center.cpu_time()?;
    let issued = callers::draw(&center.url, 0..OVER_HTTP).await?;
    let cpu = center.cpu_time()?.saturating_sub(before);
    rate("tickets issued over HTTP, per CPU-second", OVER_HTTP, cpu, FQM_TAKE)?;

    let before = center.cpu_time()?;
    let called = callers::call_all(officers).await?;
    let cpu = center.cpu_time()?.saturating_sub(before);
    rate("tickets called over HTTP, per CPU-second", u32::try_from(called.len())?, cpu, FQM_CALL)?;
    let (doubled, skipped) = callers::doubled_and_skipped(&issued, &called);
    exact("tickets doubled by 8 officers", doubled)?;
    exact("tickets skipped by 8 officers", skipped)?;

    let heard = listeners::measure(&center, OVER_HTTP).await?;
    let (p99, each) = (heard.p99.as_secs_f64() * 1e3, heard.cpu_each.as_secs_f64() * 1e6);
    let boards = format!("{} boards hear a call", listeners::LISTENERS);
    figure(&format!("{boards}, p99"), p99, "ms", "<= 300", p99 <= 300.0)?;
    figure(&format!("{boards}, CPU each"), each, "µs", "<= 12", each <= 12.0)
}

fn rate(name: &str, count: u32, cpu: Duration, peer: Duration) -> Result<(), Failure> {
    let value = f64::from(count) / cpu.as_secs_f64();
    let peer = 1.0 / peer.as_secs_f64();
    let line = json!({
        "name": name, "value": value.round(), "unit": "1/s", "target": ">= 40 x FQM",
        "met": value >= TIMES * peer, "peer": "FQM, measured once", "peer_value": peer.round(),
    });
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

fn exact(name: &str, value: usize) -> Result<(), Failure> {
    figure(name, f64::from(u32::try_from(value)?), "tickets", "0", value == 0)
}

fn figure(name: &str, value: f64, unit: &str, target: &str, met: bool) -> Result<(), Failure> {
    let value = (value * 10.0).round() / 10.0;
    let line = json!({"name": name, "value": value, "unit": unit, "target": target, "met": met});
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
