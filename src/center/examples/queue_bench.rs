//! Numbers per CPU-second, in process and over HTTP; one line of JSON per figure.
//!
//! `cargo run --release -p center --example queue_bench`. CPU time is that of this whole process,
//! so the figures over HTTP pay for the callers too. Every number is on disk before it is
//! answered, as in service.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use center::{CenterConfig, Clock};
use domain::queue::{Event, Queue, RequestKey, TicketId, local_day};
use jiff::Timestamp;
use reqwest::Client;
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const FIELD: &str = "ho-tich";
const IN_PROCESS: u32 = 200_000;
const OVER_HTTP: u32 = 8_000;
const KIOSKS: u32 = 8;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "queue_bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let (cpu, wall) = measured(in_process)?;
    tell("queue tickets in process", IN_PROCESS, cpu, wall)?;
    let folder = std::env::temp_dir().join(format!("queue-bench-{}", std::process::id()));
    let runtime = tokio::runtime::Runtime::new()?;
    let over_http = measured(|| runtime.block_on(over_http(&folder)));
    std::fs::remove_dir_all(&folder)?;
    let (cpu, wall) = over_http?;
    tell("queue tickets over HTTP", OVER_HTTP, cpu, wall)
}

fn measured(work: impl FnOnce() -> Result<(), Failure>) -> Result<(Duration, Duration), Failure> {
    let (cpu, wall) = (cpu_time()?, Instant::now());
    work()?;
    Ok((cpu_time()?.saturating_sub(cpu), wall.elapsed()))
}

/// User and system time of this process, from the kernel's own account in ticks of 10 ms.
fn cpu_time() -> Result<Duration, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process name in /proc/self/stat")?;
    // Fields 14 and 15 of the manual; the first after the name is field 3.
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Ok(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>()?))
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

async fn over_http(folder: &Path) -> Result<(), Failure> {
    let config = config(folder.to_owned())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/v1/tickets", listener.local_addr()?);
    let clock: Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let until = async move {
        let _ = stopped.await;
    };
    let center = tokio::spawn(center::serve(config, listener, clock, until));
    let kiosks = (0..KIOSKS).map(|kiosk| tokio::spawn(draw(url.clone(), kiosk)));
    for kiosk in kiosks.collect::<Vec<_>>() {
        kiosk.await??;
    }
    let _ = stop.send(());
    Ok(center.await??)
}

async fn draw(url: String, kiosk: u32) -> Result<(), Failure> {
    let web = Client::builder().no_proxy().build()?;
    for wish in (kiosk..OVER_HTTP).step_by(usize::try_from(KIOSKS)?) {
        let request = format!("{wish:032x}");
        let body = serde_json::json!({"request": request, "kiosk": "bench", "field": FIELD});
        web.post(&url).json(&body).send().await?.error_for_status()?.bytes().await?;
    }
    Ok(())
}

fn config(data_dir: PathBuf) -> Result<CenterConfig, Failure> {
    let mut config = CenterConfig::parse(include_str!("../../../config/center.example.toml"))?;
    config.data_dir = data_dir;
    Ok(config)
}

fn tell(name: &str, count: u32, cpu: Duration, wall: Duration) -> Result<(), Failure> {
    let count = f64::from(count);
    for (unit, value) in [
        ("tickets per CPU-second", count / cpu.as_secs_f64()),
        ("tickets per second", count / wall.as_secs_f64()),
    ] {
        let line = serde_json::json!({"name": name, "value": value.round(), "unit": unit});
        writeln!(std::io::stdout(), "{line}")?;
    }
    Ok(())
}
