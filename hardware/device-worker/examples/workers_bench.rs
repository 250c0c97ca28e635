//! What a process between kiosk and driver costs: a page, a call, a restart. One JSON line per
//! figure. `SANE_CONFIG_DIR` must name a folder whose `dll.conf` has the backend `test`.

use std::{
    env,
    error::Error,
    io::{self, Write as _},
    path::Path,
    sync::{Arc, mpsc::channel},
    time::{Duration, Instant},
};

use document_scanner::SaneScanner;
use hardware_api::{ColorMode, DocumentScanner, Printer as _, ScanRequest, Source};
use rustix::process::{Pid, Signal, kill_process};
use settings::{ColorSetting, PaperSetting, Printer, PrinterPort, Scanner, SourceSetting};
use worker::{Class, Launch, PROGRAM, PrinterProxy, ScannerProxy, WorkerEvent};

const PAGES: usize = 21;
const CALLS: usize = 2_000;
const RESTARTS: usize = 9;
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> Result<(), Box<dyn Error>> {
    let own = env::current_exe()?;
    // This example lies in `examples/`, beside the programs' folder.
    let folder = own.ancestors().nth(2).ok_or("no folder")?;
    let program = folder.join(PROGRAM);
    let (direct, through) = pages(&program)?;
    let call = calls(&program)?;
    let back = restarts(&program)?;
    let mut out = io::stdout().lock();
    let page = "A4 300 dpi colour through the worker";
    writeln!(
        out,
        "{{\"name\":\"{page}\",\"value\":{through:.2},\"unit\":\"ms\",\"target\":\"<= 1.5 x peer\",\
         \"met\":{},\"peer\":\"the driver in-process\",\"peer_value\":{direct:.2}}}",
        through <= 1.5 * direct
    )?;
    writeln!(
        out,
        "{{\"name\":\"worker overhead per call, median\",\"value\":{call:.4},\"unit\":\"ms\",\
         \"target\":\"<= 0.3\",\"met\":{}}}",
        call <= 0.3
    )?;
    writeln!(
        out,
        "{{\"name\":\"killed worker answers again, median\",\"value\":{back:.1},\"unit\":\"ms\",\
         \"target\":\"<= 1000\",\"met\":{}}}",
        back <= 1000.0
    )?;
    Ok(())
}

/// Milliseconds for a page, by the driver in this process and by the one in a worker.
fn pages(program: &Path) -> Result<(f64, f64), Box<dyn Error>> {
    let name = "test:0";
    let set = Scanner {
        name: name.to_owned(),
        source: SourceSetting::Flatbed,
        dpi: 300,
        color: ColorSetting::Color,
    };
    let launch = Launch::new(program, Class::Scanner, name, &set, Arc::new(|_| {}))?;
    let mut through = ScannerProxy::start(launch)?;
    let mut direct = SaneScanner::open(name)?;
    let (mut direct_ms, mut through_ms) = (vec![], vec![]);
    // The first page of each loads libraries and warms caches.
    for round in 0..=PAGES {
        let (by_driver, by_worker) = (page(&mut direct)?, page(&mut through)?);
        if round > 0 {
            direct_ms.push(by_driver);
            through_ms.push(by_worker);
        }
    }
    Ok((median(direct_ms), median(through_ms)))
}

fn page(scanner: &mut dyn DocumentScanner) -> Result<f64, Box<dyn Error>> {
    let request = ScanRequest { source: Source::Flatbed, dpi: 300, color: ColorMode::Color };
    let mut pages = vec![];
    let begin = Instant::now();
    scanner.scan(&request, PATIENCE, &mut |page| {
        pages.push(page);
        true
    })?;
    let took = begin.elapsed();
    match pages.as_slice() {
        [page] if (2475..2485).contains(&page.width) && (3503..3513).contains(&page.height) => {
            Ok(ms(took))
        }
        other => {
            let sizes: Vec<_> = other.iter().map(|page| (page.width, page.height)).collect();
            Err(format!("pages of {sizes:?} pixels, not one A4").into())
        }
    }
}

fn printer(program: &Path, news: worker::Listener) -> Result<PrinterProxy, Box<dyn Error>> {
    let set = Printer {
        // Nobody is there: what is measured asks nobody.
        port: PrinterPort::Tcp("127.0.0.1:9".to_owned()),
        model: "epson-tm-t20".to_owned(),
        paper: PaperSetting::Mm80,
    };
    let launch = Launch::new(program, Class::Printer, "printer", &set, news)?;
    Ok(PrinterProxy::start(launch)?)
}

/// Milliseconds of a call that does nothing at the other end.
fn calls(program: &Path) -> Result<f64, Box<dyn Error>> {
    let mut printer = printer(program, Arc::new(|_| {}))?;
    let mut took = vec![];
    for _ in 0..CALLS {
        let begin = Instant::now();
        printer.told()?;
        took.push(ms(begin.elapsed()));
    }
    Ok(median(took))
}

/// Milliseconds from a SIGKILL to the next answer.
fn restarts(program: &Path) -> Result<f64, Box<dyn Error>> {
    let mut took = vec![];
    for _ in 0..RESTARTS {
        let (sender, news) = channel();
        let mut printer = printer(
            program,
            Arc::new(move |news| {
                let _nobody_listens = sender.send(news);
            }),
        )?;
        printer.told()?;
        let begin = Instant::now();
        kill_process(child().ok_or("no worker")?, Signal::KILL)?;
        while !matches!(news.recv_timeout(PATIENCE)?.what, WorkerEvent::Back { .. }) {}
        printer.told()?;
        took.push(ms(begin.elapsed()));
    }
    Ok(median(took))
}

/// The printer's worker: the one child, as the scanner's is gone by now.
fn child() -> Option<Pid> {
    let children = std::fs::read_dir("/proc/self/task")
        .ok()?
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok());
    let text = children.collect::<Vec<_>>().join(" ");
    Pid::from_raw(text.split_whitespace().next()?.parse().ok()?)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
