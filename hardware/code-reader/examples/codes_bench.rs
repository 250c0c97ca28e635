//! Measures the reading of QR codes on a set of pictures with their truth.
//!
//! ```text
//! MOTCUA_QR_SET=FOLDER cargo run --release -p code-reader --example codes_bench [--misses]
//! ```
//! The folder holds pictures and a `manifest.jsonl`, one line for each picture: `file`, `kind`
//! (`pos`: a code, `neg`: none, `video`: a frame of a sequence), `cls`, `grade`, `payload`, `seq`.
//! Prints a table for people and one JSON line per figure. Times are CPU times of this thread,
//! without the decoding of the file.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use code_reader::Frame;
use code_reader::decode::{Budget, Reader, read_still};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Deserialize)]
struct Picture {
    file: PathBuf,
    kind: Kind,
    cls: String,
    grade: String,
    payload: Option<String>,
    seq: Option<u32>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Pos,
    Neg,
    Video,
}

/// A figure with the target it has to meet.
struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    target: Target,
}

fn figure(name: &'static str, value: f64, unit: &'static str, target: Target) -> Figure {
    Figure { name, value, unit, target }
}

enum Target {
    AtLeast(f64),
    AtMost(f64),
}

fn main() -> Outcome<()> {
    let Some(set) = std::env::var_os("MOTCUA_QR_SET").map(PathBuf::from) else {
        return Err("no pictures: MOTCUA_QR_SET must name a folder with a manifest.jsonl".into());
    };
    let list_misses = std::env::args().any(|word| word == "--misses");
    let manifest = fs::read_to_string(set.join("manifest.jsonl"))?;
    let pictures: Vec<Picture> =
        manifest.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut figures = stills(&set, &pictures, list_misses)?;
    figures.extend(sequences(&set, &pictures, list_misses)?);
    figures.extend(waiting(&set, &pictures)?);
    let mut out = io::stdout().lock();
    for Figure { name, value, unit, target } in figures {
        let (target, met) = match target {
            Target::AtLeast(least) => (format!("≥ {least}"), value >= least),
            Target::AtMost(most) => (format!("≤ {most}"), value <= most),
        };
        let value = (value * 100.0).round() / 100.0;
        let line =
            json!({"name": name, "value": value, "unit": unit, "target": target, "met": met});
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Every picture on its own, with all that can be tried.
fn stills(set: &Path, pictures: &[Picture], list_misses: bool) -> Outcome<Vec<Figure>> {
    let mut table: BTreeMap<(&str, &str), (u32, u32)> = BTreeMap::new();
    let (mut wrong, mut false_positives) = (0.0, 0.0);
    let (mut with_code, mut without) = (Vec::new(), Vec::new());
    for picture in pictures.iter().filter(|picture| picture.kind != Kind::Video) {
        let frame = load(set, picture)?;
        let view = frame.luma().ok_or("a frame without pixels")?;
        let start = cpu_ms();
        let codes = read_still(&view);
        let took = cpu_ms() - start;
        let Some(payload) = &picture.payload else {
            false_positives += if codes.is_empty() { 0.0 } else { 1.0 };
            without.push(took);
            continue;
        };
        with_code.push(took);
        let is_read = codes.iter().any(|code| code == payload.as_bytes());
        wrong += if codes.iter().any(|code| code != payload.as_bytes()) { 1.0 } else { 0.0 };
        let row = table.entry((&picture.cls, &picture.grade)).or_default();
        row.1 += 1;
        row.0 += u32::from(is_read);
        if list_misses && !is_read {
            writeln!(io::stderr(), "not read: {} ({took:.1} ms)", picture.file.display())?;
        }
    }
    print_rates(&table)?;
    let (read, all) = table.values().fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    let rate = 100.0 * f64::from(read) / f64::from(all.max(1));
    Ok(vec![
        figure("codes read exactly", rate, "%", Target::AtLeast(94.0)),
        figure("wrong payloads", wrong, "", Target::AtMost(0.0)),
        figure("codes read where none is", false_positives, "", Target::AtMost(0.0)),
        figure("CPU on a picture, median", share(&mut with_code, 0.5), "ms", Target::AtMost(5.0)),
        figure("CPU on a picture, p95", share(&mut with_code, 0.95), "ms", Target::AtMost(60.0)),
        figure("CPU on one without, median", share(&mut without, 0.5), "ms", Target::AtMost(60.0)),
        figure("CPU on one without, p95", share(&mut without, 0.95), "ms", Target::AtMost(150.0)),
    ])
}

/// Sequences as a camera gives them.
fn sequences(set: &Path, pictures: &[Picture], list_misses: bool) -> Outcome<Vec<Figure>> {
    let mut sequences: BTreeMap<u32, Vec<&Picture>> = BTreeMap::new();
    for picture in pictures {
        if let Some(sequence) = picture.seq {
            sequences.entry(sequence).or_default().push(picture);
        }
    }
    let (mut read_by, mut wrong, mut times) = ([0_u32; 8], 0.0, Vec::new());
    for (number, frames) in &sequences {
        let mut reader = Reader::new();
        let mut read_at = None;
        for (index, picture) in frames.iter().enumerate() {
            let payload = picture.payload.as_deref().unwrap_or_default().as_bytes();
            for code in look(&mut reader, set, picture, &mut times)? {
                wrong += if code == payload { 0.0 } else { 1.0 };
                read_at = read_at.or(Some(index));
            }
        }
        let from = read_at.unwrap_or(read_by.len());
        read_by.iter_mut().skip(from).for_each(|count| *count += 1);
        if list_misses && read_at.is_none() {
            let class = frames.first().map_or("", |picture| &picture.cls);
            writeln!(io::stderr(), "not read: sequence {number} ({class})")?;
        }
    }
    writeln!(io::stderr(), "sequences read by frame 1 to 8 of {}: {read_by:?}", sequences.len())?;
    let [.., read] = read_by;
    let rate = 100.0 * f64::from(read) / f64::from(u32::try_from(sequences.len())?.max(1));
    let slowest = share(&mut times, 0.95);
    Ok(vec![
        figure("hard sequences read by frame 8", rate, "%", Target::AtLeast(90.0)),
        figure("wrong payloads in sequences", wrong, "", Target::AtMost(0.0)),
        figure("preview: CPU on a hard frame, p95", slowest, "ms", Target::AtMost(30.0)),
    ])
}

/// The class of pictures with all patterns of a code but random data: a code that is in sight
/// and cannot be read.
const UNREADABLE: &str = "brokenqr";

/// Pictures without a code, as a camera sees them that waits.
fn waiting(set: &Path, pictures: &[Picture]) -> Outcome<Vec<Figure>> {
    let (mut reader, mut seen) = (Reader::new(), 0.0);
    let (mut waiting, mut trying) = (Vec::new(), Vec::new());
    for picture in pictures.iter().filter(|picture| picture.kind == Kind::Neg) {
        let times = if picture.cls == UNREADABLE { &mut trying } else { &mut waiting };
        let codes = look(&mut reader, set, picture, times)?;
        seen += if codes.is_empty() { 0.0 } else { 1.0 };
    }
    let mean = waiting.iter().sum::<f64>() / f64::from(u32::try_from(waiting.len())?.max(1));
    let (median, p95) = (share(&mut waiting, 0.5), share(&mut waiting, 0.95));
    let unreadable = share(&mut trying, 0.95);
    Ok(vec![
        figure("preview: codes where none is", seen, "", Target::AtMost(0.0)),
        figure("preview: CPU without a code, mean", mean, "ms", Target::AtMost(15.0)),
        figure("preview: CPU without a code, median", median, "ms", Target::AtMost(15.0)),
        figure("preview: CPU without a code, p95", p95, "ms", Target::AtMost(15.0)),
        figure("preview: CPU, unreadable code, p95", unreadable, "ms", Target::AtMost(30.0)),
    ])
}

fn look(
    reader: &mut Reader,
    set: &Path,
    picture: &Picture,
    times: &mut Vec<f64>,
) -> Outcome<Vec<Vec<u8>>> {
    let frame = load(set, picture)?;
    let view = frame.luma().ok_or("a frame without pixels")?;
    let start = cpu_ms();
    let look = reader.frame(&view, Budget::PREVIEW);
    times.push(cpu_ms() - start);
    Ok(look.codes.into_iter().map(|code| code.bytes).collect())
}

fn load(set: &Path, picture: &Picture) -> Outcome<Frame> {
    let file = fs::read(set.join(&picture.file))?;
    Frame::decode(&file).ok_or_else(|| format!("no picture: {}", picture.file.display()).into())
}

/// Read of all for each class, one column a grade.
fn print_rates(table: &BTreeMap<(&str, &str), (u32, u32)>) -> Outcome<()> {
    let mut lines: BTreeMap<&str, String> = BTreeMap::new();
    let mut sums: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for ((class, grade), (read, all)) in table {
        let line = lines.entry(class).or_default();
        line.push_str(&format!("  {grade} {read:>2}/{all}"));
        let sum = sums.entry(grade).or_default();
        (sum.0, sum.1) = (sum.0 + read, sum.1 + all);
    }
    let total: String =
        sums.iter().map(|(grade, (read, all))| format!("  {grade} {read}/{all}")).collect();
    let mut out = io::stderr().lock();
    for (class, line) in lines {
        writeln!(out, "{class:<12}{line}")?;
    }
    writeln!(out, "{:<12}{total}", "all")?;
    Ok(())
}

/// The value below which this share of all lies.
fn share(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
    let below = |index: &usize| {
        u32::try_from(*index).is_ok_and(|at| f64::from(at) <= share * f64::from(count))
    };
    let index = (0..values.len()).take_while(below).last().unwrap_or(0);
    values.get(index).copied().unwrap_or(f64::NAN)
}

fn cpu_ms() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let (seconds, nanoseconds) = (now.tv_sec, now.tv_nsec);
    let seconds = u32::try_from(seconds).map_or(f64::NAN, f64::from);
    seconds * 1e3 + u32::try_from(nanoseconds).map_or(f64::NAN, f64::from) / 1e6
}
