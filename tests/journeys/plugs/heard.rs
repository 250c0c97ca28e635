//! What staff are told: the coded events of this process, as they come.

use std::{
    collections::BTreeSet,
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

/// The events since they were last forgotten, each as its code and its other fields, and which
/// devices were said to be gone and not yet to be back.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Told>>);

#[derive(Default)]
struct Told {
    events: Vec<String>,
    gone: BTreeSet<String>,
}

/// Codes that say that something is gone, and those that say that it is back.
const GONE: [&str; 6] = ["PRT-005", "SCN-001", "COD-001", "CRD-001", "CEN-001", "PRV-001"];
const BACK: [&str; 6] = ["PRT-006", "SCN-004", "COD-002", "CRD-002", "CEN-002", "PRV-002"];

impl Heard {
    /// Begins the log of this process, with an ear at it. It also goes where it always goes, but
    /// without the chatter of the network's libraries: that of many minutes is long.
    pub fn begin() -> Self {
        let heard = Self::default();
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_target(false)
            .with_filter(EnvFilter::new("info,app=trace,domain=trace,kiosk=trace,ui=trace"));
        tracing_subscriber::registry().with(lines).with(heard.clone()).init();
        heard
    }

    /// Forgets what was heard until now.
    pub fn forget(&self) {
        self.0.lock().unwrap().events.clear();
    }

    /// How often this code was heard beside these words.
    pub fn count(&self, code: &str, beside: &str) -> usize {
        let all = self.0.lock().unwrap();
        all.events.iter().filter(|it| it.starts_with(code) && it.contains(beside)).count()
    }

    /// All that was heard.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().events.clone()
    }

    /// Whether all of this group of codes that were said to be gone were said to be back.
    pub fn are_back(&self, group: &str) -> bool {
        !self.0.lock().unwrap().gone.iter().any(|it| it.starts_with(group))
    }
}

impl<S: Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        if let Some(code) = fields.code {
            let mut told = self.0.lock().unwrap();
            // There are two code readers, which their number tells apart.
            let which = |code: &str| format!("{} {}", code.get(..3).unwrap(), fields.reader);
            if GONE.contains(&code.as_str()) {
                told.gone.insert(which(&code));
            } else if BACK.contains(&code.as_str()) {
                told.gone.remove(&which(&code));
            }
            told.events.push(format!("{code}{}", fields.others));
        }
    }
}

#[derive(Default)]
struct Fields {
    code: Option<String>,
    reader: String,
    others: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "code" {
            self.code = Some(value.to_owned());
        } else {
            self.record_debug(field, &value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "reader" {
            self.reader = format!("{value:?}");
        }
        write!(self.others, " {}={value:?}", field.name()).unwrap();
    }
}
