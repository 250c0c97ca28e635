//! Two thousand boards on the stream of news, and how soon each of them hears of a call.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{mpsc, watch},
};

use crate::{Failure, callers, served::Served};

/// Boards and phones that listen at once. Needs as many open files on either side.
pub const LISTENERS: usize = 2_000;
const CALLS: u32 = 20;
/// News of the draws is over by then.
const SETTLE: Duration = Duration::from_secs(2);

/// What was measured.
pub struct Heard {
    /// From the officer's key to the last but one percent of the listeners.
    pub p99: Duration,
    /// CPU time of the center per listener and call.
    pub cpu_each: Duration,
}

/// Lets all listen, calls, and waits until each has heard each call. Wishes before `first_wish`
/// were made already.
pub async fn measure(center: &Served, first_wish: u32) -> Result<Heard, Failure> {
    let (told, mut heard) = mpsc::unbounded_channel();
    let (ready, mut waiting) = watch::channel(0_usize);
    let address = center.url.trim_start_matches("http://").to_owned();
    for _ in 0..LISTENERS {
        tokio::spawn(listen(address.clone(), ready.clone(), told.clone()));
    }
    waiting.wait_for(|count| *count == LISTENERS).await?;
    let officers = callers::log_in(&center.url).await?;
    let officer = officers.first().ok_or("no officer")?;
    let mut open = None;
    // Draws go before the measurement; each of them is news as well.
    callers::draw(&center.url, first_wish..first_wish + CALLS).await?;
    tokio::time::sleep(SETTLE).await;

    let mut times = Vec::new();
    let before = center.cpu_time()?;
    for _ in 0..CALLS {
        let pressed = Instant::now();
        open = officer.next(open).await?;
        for _ in 0..LISTENERS {
            let at: Instant = heard.recv().await.ok_or("the listeners are gone")?;
            times.push(at.saturating_duration_since(pressed));
        }
    }
    let cpu = center.cpu_time()?.saturating_sub(before);
    times.sort_unstable();
    let p99 = times.get(times.len() * 99 / 100).copied().ok_or("nobody heard anything")?;
    Ok(Heard { p99, cpu_each: cpu / CALLS / u32::try_from(LISTENERS)? })
}

async fn listen(
    address: String,
    ready: watch::Sender<usize>,
    told: mpsc::UnboundedSender<Instant>,
) -> Result<(), Failure> {
    let mut line = TcpStream::connect(&address).await?;
    let request = format!("GET /v1/events HTTP/1.1\r\nHost: {address}\r\n\r\n");
    line.write_all(request.as_bytes()).await?;
    let mut buffer = vec![0; 4096];
    let mut greeted = false;
    loop {
        let length = line.read(&mut buffer).await?;
        let text = String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()).into_owned();
        if length == 0 {
            return Err("the stream ended".into());
        }
        if !greeted && text.contains("event: resync") {
            greeted = true;
            ready.send_modify(|count| *count += 1);
        }
        for _ in text.matches("event: call\n") {
            told.send(Instant::now())?;
        }
    }
}
