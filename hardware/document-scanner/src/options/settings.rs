//! What is asked of a scan, said in the options that a backend happens to have.

use hardware_api::{ScanRequest, Source};

use super::{Constraint, Descriptor, Kind, Unit, choice, find, settable};

/// A4, the paper of Vietnamese offices.
const PAGE_MM: [(&str, f64); 4] = [("tl-x", 0.0), ("tl-y", 0.0), ("br-x", 210.0), ("br-y", 297.0)];
/// Switches with which scanners look out for two sheets at once. Those that compare lengths are
/// left alone: papers of a dossier differ.
const DOUBLE_FEED: [&str; 3] = ["df-thickness", "double-feed", "dfeed"];

const MM_PER_INCH: f64 = 25.4;

/// Something to be set. Setting one may change which options there are, so that each is looked
/// up only when its turn comes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wish {
    /// Where the paper lies.
    Source,
    /// Sides, as a choice of its own.
    Sides(&'static str),
    /// Sides, as a switch of its own.
    BothSides,
    /// Colour or grey.
    Mode,
    /// 8 bits a sample.
    Depth,
    /// Dots per inch; the value in force counts for what follows.
    Resolution,
    /// Dots per inch down the page, where that is another option.
    ResolutionDown,
    /// An edge of the page, in millimetres.
    Edge(&'static str, f64),
    /// What happens when two sheets go in.
    DoubleFeedAction,
    /// A way to notice two sheets.
    DoubleFeed(&'static str),
}

/// A value for an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A raw word.
    Word(i32),
    /// A text.
    Text(String),
}

/// What is to be set now.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting<'a> {
    /// Which option.
    pub option: &'a Descriptor,
    /// To what.
    pub value: Value,
}

/// A request does not fit to this scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It cannot take paper from there.
    #[error("it has no such source of paper")]
    Source,
    /// It scans one side only.
    #[error("it scans one side only")]
    OneSide,
}

/// Everything there is to set, in order.
pub fn wishes() -> impl Iterator<Item = Wish> {
    let first = [
        Wish::Source,
        Wish::Sides("adf-mode"),
        Wish::Sides("adf_mode"),
        Wish::BothSides,
        Wish::Mode,
        Wish::Depth,
        Wish::Resolution,
        Wish::ResolutionDown,
    ];
    let edges = PAGE_MM.map(|(name, mm)| Wish::Edge(name, mm));
    first
        .into_iter()
        .chain(edges)
        .chain([Wish::DoubleFeedAction])
        .chain(DOUBLE_FEED.map(Wish::DoubleFeed))
}

/// What a wish comes to with these options; `None` when there is nothing to set.
///
/// # Errors
/// When the scanner has no such source of paper.
pub fn setting<'a>(
    wish: Wish,
    options: &'a [Descriptor],
    request: &ScanRequest,
    dpi: f64,
) -> Result<Option<Setting<'a>>, Unfit> {
    let both = request.source == Source::FeederBothSides;
    let setting = match wish {
        Wish::Source => source(options, request.source)?,
        Wish::Sides(name) => text(options, name, |modes| choice::sides(modes, both)),
        Wish::BothSides => switch(options, "duplex", both),
        Wish::Mode => text(options, "mode", |modes| choice::mode(modes, request.color)),
        Wish::Depth => number(options, "depth", 8.0),
        Wish::Resolution => number(options, "resolution", request.dpi.into()),
        Wish::ResolutionDown => number(options, "y-resolution", dpi),
        Wish::Edge(name, mm) => {
            let per_mm = match find(options, name).map(|option| option.unit) {
                Some(Unit::Pixel) => dpi / MM_PER_INCH,
                Some(Unit::Millimetre | Unit::Other) | None => 1.0,
            };
            number(options, name, mm * per_mm)
        }
        Wish::DoubleFeedAction => text(options, "df-action", |actions| {
            actions.iter().map(String::as_str).find(|action| action.eq_ignore_ascii_case("stop"))
        }),
        Wish::DoubleFeed(name) => switch(options, name, request.source != Source::Flatbed),
    };
    Ok(setting.filter(Setting::is_allowed))
}

/// A scanner that does not let one choose has one place for paper: the glass.
fn source(options: &[Descriptor], wanted: Source) -> Result<Option<Setting<'_>>, Unfit> {
    let texts = find(options, "source").map(Descriptor::texts).unwrap_or_default();
    let by_switch = || has_sides(options).then(|| choice::source(texts, Source::Feeder)).flatten();
    let name = match wanted {
        Source::Flatbed | Source::Feeder => choice::source(texts, wanted),
        Source::FeederBothSides => choice::source(texts, wanted).or_else(by_switch),
    };
    match (name, wanted) {
        (Some(name), _) => Ok(text(options, "source", |_| Some(name))),
        (None, Source::Flatbed) if texts.is_empty() => Ok(None),
        (None, Source::FeederBothSides) if choice::source(texts, Source::Feeder).is_some() => {
            Err(Unfit::OneSide)
        }
        (None, Source::Flatbed | Source::Feeder | Source::FeederBothSides) => Err(Unfit::Source),
    }
}

/// Whether both sides are asked for by an option apart from the source. One that is of no use
/// now may be of use once the source is the feeder.
pub(super) fn has_sides(options: &[Descriptor]) -> bool {
    let chosen = |name| {
        let modes = find(options, name).map(Descriptor::texts).unwrap_or_default();
        choice::sides(modes, true).is_some()
    };
    // Elsewhere "duplex" is what the scanner's own button says.
    let switch = settable(options, "duplex").is_some_and(|option| option.kind == Kind::Bool);
    chosen("adf-mode") || chosen("adf_mode") || switch
}

/// Whether two sheets at once can be noticed.
pub(super) fn has_double_feed(options: &[Descriptor]) -> bool {
    let is_switch = |name| settable(options, name).is_some_and(|one| one.kind == Kind::Bool);
    DOUBLE_FEED.into_iter().any(is_switch) || settable(options, "df-action").is_some()
}

fn text<'a>(
    options: &'a [Descriptor],
    name: &str,
    choose: impl Fn(&'a [String]) -> Option<&'a str>,
) -> Option<Setting<'a>> {
    let option = settable(options, name)?;
    let value = Value::Text(choose(option.texts())?.to_owned());
    Some(Setting { option, value })
}

fn switch<'a>(options: &'a [Descriptor], name: &str, on: bool) -> Option<Setting<'a>> {
    let option = settable(options, name).filter(|option| option.kind == Kind::Bool)?;
    Some(Setting { option, value: Value::Word(on.into()) })
}

/// The allowed value that comes nearest.
fn number<'a>(options: &'a [Descriptor], name: &str, wanted: f64) -> Option<Setting<'a>> {
    let option = settable(options, name)?;
    let word = choice::nearest(&option.constraint, wanted * option.scale()?);
    Some(Setting { option, value: Value::Word(word) })
}

impl Setting<'_> {
    /// Whether the backend's own description allows this value.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        match (&self.value, &self.option.constraint) {
            (Value::Text(text), Constraint::Texts(texts)) => texts.contains(text),
            (Value::Word(word), Constraint::Range { min, max, .. }) => {
                min > max || (min..=max).contains(&word)
            }
            (Value::Word(word), Constraint::Words(words)) => {
                words.is_empty() || words.contains(word)
            }
            (Value::Word(_) | Value::Text(_), Constraint::None) => true,
            (Value::Word(_), Constraint::Texts(_))
            | (Value::Text(_), Constraint::Range { .. } | Constraint::Words(_)) => false,
        }
    }
}
