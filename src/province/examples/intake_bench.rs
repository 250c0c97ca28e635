//! Measures the intake: many kiosks deliver at once, everything is verified, stored and signed.
//!
//! ```text
//! cargo run --release -p province --example intake_bench [UPLOADS] [BYTES] [KIOSKS]
//! ```
//! Starts a province as a process of its own in a folder of its own, delivers UPLOADS packages of
//! BYTES from KIOSKS connections, checks each receipt, and prints one JSON line per figure. CPU
//! and memory are those of the province alone.

use std::{
    error::Error,
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{Evidence, Language, PersonalNumber};
use intake::{
    Applicant, Document, DocumentEntry, Manifest, ProcedureVersion, ReceiptAnswer, SealedDigest,
    UploadMetadata, Uploader, digest::sha256_hex,
};
use province::{
    Clock, ProvinceConfig,
    keys::{self, PublicKeys},
};
use tokio::net::TcpListener;
use wire::province::DocumentDigest;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Ticks of `/proc/PID/stat` in a second; 100 on every Linux of today.
const TICKS: f64 = 100.0;

struct Package {
    file: PathBuf,
    sealed: SealedDigest,
    manifest: Manifest,
}

/// The largest the province may become, whatever is sent to it.
const MOST_MB: f64 = 40.0;

#[tokio::main]
async fn main() -> Outcome<()> {
    if let Some(config) =
        std::env::args().nth(1).and_then(|word| word.strip_prefix("serve:").map(PathBuf::from))
    {
        return serve(&config).await;
    }
    let arguments: Vec<usize> =
        std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let at = |n: usize, default| arguments.get(n).copied().unwrap_or(default);
    let (uploads, bytes, kiosks) = (at(0, 200), at(1, 2_000_000), at(2, 8));
    let folder = tempfile::tempdir()?;
    let keys = keys::generate(folder.path())?;
    let packages =
        (0..uploads).map(|n| seal(folder.path(), &keys, n, bytes)).collect::<Outcome<Vec<_>>>()?;
    let mut server = start(folder.path())?;
    let result = measure(&mut server, &keys, packages, kiosks).await;
    server.child.kill()?;
    server.child.wait()?;
    result
}

struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// User and system time used so far.
    fn cpu(&self) -> Outcome<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: Vec<f64> = fields.skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(Duration::from_secs_f64(ticks.iter().sum::<f64>() / TICKS))
    }

    /// Most memory held at once, in MB.
    fn peak_mb(&self) -> Outcome<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb: f64 = line.unwrap_or("0 kB").trim().trim_end_matches(" kB").parse()?;
        Ok(kb / 1000.0)
    }
}

async fn measure(
    server: &mut Server,
    keys: &PublicKeys,
    packages: Vec<Package>,
    kiosks: usize,
) -> Outcome<()> {
    let count = f64::from(u32::try_from(packages.len())?);
    let bytes: u64 = packages.iter().map(|package| package.sealed.bytes).sum();
    let uploader =
        Uploader::new(reqwest::Client::new(), format!("{}/v1/uploads", server.url).parse()?);
    let (uploader, keys) = (Arc::new(uploader), Arc::new(keys.clone()));
    let packages = Arc::new(tokio::sync::Mutex::new(packages));
    let (cpu, begin) = (server.cpu()?, Instant::now());
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..kiosks {
        let (uploader, keys, packages) =
            (Arc::clone(&uploader), Arc::clone(&keys), Arc::clone(&packages));
        running.spawn(async move {
            let mut times = Vec::new();
            loop {
                let Some(package) = packages.lock().await.pop() else { return Ok(times) };
                let begin = Instant::now();
                deliver(&uploader, &keys, &package).await?;
                times.push(begin.elapsed());
            }
        });
    }
    let mut times: Vec<Duration> = Vec::new();
    while let Some(done) = running.join_next().await {
        let done: Outcome<Vec<Duration>> = done?;
        times.extend(done?);
    }
    let (wall, cpu) = (begin.elapsed().as_secs_f64(), (server.cpu()? - cpu).as_secs_f64());
    times.sort();
    let p95 = times.get(times.len() * 95 / 100).copied().unwrap_or_default();
    let mega = f64::from(u32::try_from(bytes / 1000)?) / 1000.0;
    tell("intake-uploads-per-cpu-second", count / cpu, "uploads/CPU-s", None)?;
    tell("intake-cpu-per-upload", cpu / count * 1000.0, "ms", None)?;
    tell("intake-uploads-per-second", count / wall, "1/s", None)?;
    tell("intake-bytes-per-second", mega / wall, "MB/s", None)?;
    tell("intake-delivery-p95", p95.as_secs_f64() * 1000.0, "ms", None)?;
    tell("intake-peak-memory", server.peak_mb()?, "MB", Some(MOST_MB))
}

async fn deliver(uploader: &Uploader, keys: &PublicKeys, package: &Package) -> Outcome<()> {
    let submission = &package.manifest.submission;
    let metadata = UploadMetadata {
        submission: submission.clone(),
        kiosk: package.manifest.kiosk.clone(),
        sha256: package.sealed.sha256.clone(),
    };
    uploader.deliver(&package.file, &metadata, None, |_| ()).await?;
    loop {
        match uploader.fetch_receipt(submission).await? {
            ReceiptAnswer::NotYet => tokio::time::sleep(Duration::from_millis(5)).await,
            ReceiptAnswer::Ready(receipt) => {
                let documents: Vec<DocumentDigest> = package
                    .manifest
                    .documents
                    .iter()
                    .map(|d| DocumentDigest { name: d.name.clone(), sha256: d.sha256.clone() })
                    .collect();
                let keys = [keys.receipt.clone()];
                intake::verify(&receipt, &keys, &package.sealed, submission, &documents)?;
                return Ok(());
            }
            ReceiptAnswer::Unknown => return Err("the province forgot a package".into()),
            ReceiptAnswer::Refused(problem) => return Err(problem.code.into()),
        }
    }
}

/// Prints a figure, with the most it may be where there is such a bound.
fn tell(name: &str, value: f64, unit: &str, most: Option<f64>) -> Outcome<()> {
    let value = (value * 100.0).round() / 100.0;
    let target = most.map_or(String::new(), |most| format!("≤ {most} {unit}"));
    let met = most.is_none_or(|most| value <= most);
    let line = serde_json::json!({
        "name": name, "value": value, "unit": unit, "target": target, "met": met,
    });
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// The province of this bench, as a process of its own.
async fn serve(config: &Path) -> Outcome<()> {
    let config = ProvinceConfig::read(config)?;
    let listener = TcpListener::bind(config.listen).await?;
    writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    let for_ever = std::future::pending();
    Ok(province::serve(config, listener, Clock::system(), for_ever).await?)
}

fn start(folder: &Path) -> Outcome<Server> {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/catalogue");
    let config = folder.join("province.toml");
    fs::write(
        &config,
        format!(
            "agency = \"H40.16\"\nname = {{ vi = \"Tỉnh\", en = \"Province\" }}\n\
             listen = \"127.0.0.1:0\"\ndata_dir = \"data\"\ncatalogue_dir = {catalogue:?}\n\
             keys = {{ opening = \"opening.key\", receipt = \"receipt.pem\" }}\n"
        ),
    )?;
    let mut child = Command::new(std::env::current_exe()?)
        .arg(format!("serve:{}", config.display()))
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let out = child.stdout.take().ok_or("no output")?;
    BufReader::new(out).read_line(&mut line)?;
    let url = line.trim().strip_prefix("listening on ").ok_or("the province did not start")?;
    Ok(Server { child, url: url.to_owned() })
}

/// A package of one document, different from all others.
fn seal(folder: &Path, keys: &PublicKeys, n: usize, bytes: usize) -> Outcome<Package> {
    let mut pdf = format!("%PDF-1.4 {n:08}").into_bytes();
    let mut state = u64::try_from(n)? + 1;
    while pdf.len() < bytes {
        // xorshift: the pages of a dossier do not compress.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        pdf.extend_from_slice(&state.to_le_bytes());
    }
    let manifest = Manifest {
        format: Manifest::FORMAT,
        submission: format!("{n:032x}").as_str().into(),
        kiosk: "bench".into(),
        submitted_at: "2026-11-21T02:00:00Z".parse()?,
        procedure: ProcedureVersion {
            code: "1.001193".into(),
            valid_from: jiff::civil::date(2025, 7, 1),
            edition: 1,
        },
        applicant: Applicant {
            personal_number: PersonalNumber::parse("037199000001")?,
            name: "Nguyễn Thị Ánh".to_owned(),
            birth_date: None,
            sex: None,
            residence: None,
            issue_date: None,
            evidence: Evidence::Typed,
        },
        language: Language::Vi,
        answers: Vec::new(),
        documents: vec![DocumentEntry::describe("to-khai.pdf", "to-khai", 1, &pdf)],
        slip_secret_sha256: sha256_hex(b"bench"),
    };
    let file = folder.join(format!("{n}.age"));
    let documents = [Document { name: "to-khai.pdf".to_owned(), bytes: pdf }];
    let sealed = intake::seal(&manifest, &documents, &keys.sealing, fs::File::create(&file)?)?;
    Ok(Package { file, sealed, manifest })
}
