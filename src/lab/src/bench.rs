//! Figures that need the whole: from a touch to the printer, from *submit* to *received*.

use std::time::{Duration, Instant};

use app::{Event, Kiosk};
use domain::{
    screen::{DossierPlace, Page, TicketState},
    touch::Touch,
    visit::Moment,
};

use crate::{Hall, LabError, Stop, panel::CODES, sample};

/// After this long without a code, the same code is a new presentation.
const PRESENTATION: Duration = Duration::from_millis(2_500);

/// A figure as `scripts/bench` takes it.
#[derive(Debug, serde::Serialize)]
pub struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    target: &'static str,
    met: bool,
}

/// Runs both figures `rounds` times on the hall's kiosk, unless `stop` is asked for before.
pub fn bench(hall: &Hall, rounds: usize, stop: &Stop) -> Result<Vec<Figure>, LabError> {
    let mut bench = Bench::start(hall, stop)?;
    let mut printer = Vec::with_capacity(rounds);
    let mut received = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        printer.push(bench.touch_to_printer()?);
        received.push(bench.submit_to_received()?);
    }
    let printer = percentile(printer, 95);
    let received = percentile(received, 50);
    Ok(vec![
        Figure {
            name: "touch to first printer byte, p95",
            value: printer,
            unit: "ms",
            target: "<= 80",
            met: printer <= 80.0,
        },
        Figure {
            name: "submit to received, 10 pages, median",
            value: received,
            unit: "ms",
            target: "<= 300 beyond the disk's own fsyncs",
            met: received <= 300.0,
        },
    ])
}

fn percentile(mut times: Vec<Duration>, percent: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len().saturating_sub(1)) * percent / 100;
    times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

/// A kiosk without a window: what is measured is the way from the machine outwards.
struct Bench<'a> {
    hall: &'a Hall,
    kiosk: Kiosk,
    events: std::sync::mpsc::Receiver<Event>,
    begin: Instant,
    stop: &'a Stop,
}

impl<'a> Bench<'a> {
    fn start(hall: &'a Hall, stop: &'a Stop) -> Result<Self, LabError> {
        let (inbox, events) = app::inbox();
        let kiosk = Kiosk::start(hall.kiosk_parts()?, &inbox)?;
        let mut bench = Self { hall, kiosk, events, begin: Instant::now(), stop };
        bench.until("all services", |page| {
            use domain::screen::Availability::Ready;
            matches!(page, Page::Welcome(welcome)
                if welcome.tickets == Ready && welcome.dossiers == Ready)
        })?;
        Ok(bench)
    }

    fn touch(&mut self, touch: Touch) {
        self.kiosk.step(Moment(self.begin.elapsed()), Some(Event::Touch(touch)));
    }

    fn until(&mut self, what: &str, wished: impl Fn(&Page) -> bool) -> Result<(), LabError> {
        let begin = Instant::now();
        while !wished(&self.kiosk.screen().page) {
            self.stop.check()?;
            if begin.elapsed() > Duration::from_secs(30) {
                return Err(LabError::Waited {
                    what: what.to_owned(),
                    waited: begin.elapsed(),
                    page: format!("{:?}", self.kiosk.screen().page),
                });
            }
            let event = self.events.recv_timeout(Duration::from_millis(20)).ok();
            self.kiosk.step(Moment(self.begin.elapsed()), event);
        }
        Ok(())
    }

    fn touch_to_printer(&mut self) -> Result<Duration, LabError> {
        self.touch(Touch::TakeTicket);
        let before = self.hall.simulator.printer.received().len();
        let begin = Instant::now();
        self.touch(Touch::Field("ho-tich".into()));
        while self.hall.simulator.printer.received().len() == before {
            let event = self.events.recv_timeout(Duration::from_micros(200)).ok();
            self.kiosk.step(Moment(self.begin.elapsed()), event);
            if begin.elapsed() > Duration::from_secs(30) {
                break;
            }
        }
        let took = begin.elapsed();
        self.until("a printed ticket", |page| {
            matches!(page, Page::Ticket(ticket) if matches!(ticket.state, TicketState::Printed(_)))
        })?;
        self.touch(Touch::Finish);
        self.touch(Touch::Next);
        Ok(took)
    }

    fn submit_to_received(&mut self) -> Result<Duration, LabError> {
        for touch in [Touch::FindProcedure, Touch::Procedure("1.004873".into()), Touch::Apply] {
            self.touch(touch);
        }
        let [(_, card), ..] = CODES;
        // The same code again so soon would count as still being held to the gun.
        std::thread::sleep(PRESENTATION);
        self.hall.simulator.gun.present(card.as_bytes());
        self.until("a known person", |page| {
            matches!(page, Page::Identify(identify)
                if matches!(identify.state, domain::screen::IdentifyState::Known(_)))
        })?;
        self.touch(Touch::Next);
        while let Page::Form(form) = self.kiosk.screen().page.clone() {
            for question in form.questions.iter().filter(|q| q.value.is_empty() && !q.optional) {
                let text = sample::answer(&question.kind, &question.id);
                self.touch(Touch::Answer { question: question.id.clone(), text });
            }
            self.touch(Touch::Next);
        }
        self.ten_pages()?;
        let begin = Instant::now();
        self.touch(Touch::Submit);
        self.until("the province's receipt", |page| {
            matches!(page, Page::Received(received)
                if matches!(received.place, DossierPlace::Province(_)))
        })?;
        let took = begin.elapsed();
        self.until("the slip", |page| {
            matches!(page, Page::Received(received)
                if received.slip != domain::screen::SlipState::Printing)
        })?;
        self.touch(Touch::Finish);
        self.touch(Touch::Next);
        Ok(took)
    }

    /// Ten pages for the first paper; papers that need not be there are skipped.
    fn ten_pages(&mut self) -> Result<(), LabError> {
        while let Page::Scan(scan) = self.kiosk.screen().page.clone() {
            let Some(at) = scan.papers.iter().position(|p| p.pages.is_empty() && !p.skipped) else {
                self.touch(Touch::Next);
                continue;
            };
            self.touch(Touch::FocusPaper(at));
            self.touch(Touch::SkipPaper(true));
            let Page::Scan(scan) = self.kiosk.screen().page.clone() else { break };
            if scan.papers.get(at).is_some_and(|paper| paper.skipped) {
                continue;
            }
            self.hall.simulator.scanner.load_forms(10);
            self.touch(Touch::Scan);
            self.until("ten pages", |page| {
                matches!(page, Page::Scan(scan)
                    if scan.papers.get(at).is_some_and(|paper| paper.pages.len() == 10)
                        && scan.scanner != domain::screen::ScannerState::Scanning)
            })?;
        }
        Ok(())
    }
}
