//! A province on a free port with a folder, a clock and a small catalogue of its own.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use ::intake::{
    Applicant, Document, DocumentEntry, Manifest, ProcedureVersion, ReceiptAnswer, SealedDigest,
    UploadMetadata, Uploader, digest::sha256_hex,
};
use domain::{Evidence, Language, PersonalNumber};
use jiff::{Timestamp, civil::date};
use province::{Clock, ProvinceConfig, keys::PublicKeys};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use wire::province::{DocumentDigest, Receipt, SignedReceipt};

pub const PASSWORD: &str = "mot-cua-lien-thong";
/// 2026-11-21 08:00 in Vietnam.
const START: i64 = 1_795_222_800_000;

pub struct Rig {
    pub folder: TempDir,
    pub keys: PublicKeys,
    pub client: reqwest::Client,
    address: SocketAddr,
    now: Arc<AtomicI64>,
    running: Option<Running>,
}

type Running = (oneshot::Sender<()>, JoinHandle<Result<(), province::ProvinceError>>);

/// A sealed package and what its kiosk remembers of it.
pub struct Sealed {
    pub bytes: Vec<u8>,
    pub digest: SealedDigest,
    pub manifest: Manifest,
}

impl Rig {
    pub async fn start() -> Self {
        Self::start_with("").await
    }

    /// Starts with more lines of configuration.
    pub async fn start_with(more: &str) -> Self {
        let mut rig = Self::prepare(more);
        rig.run().await;
        rig
    }

    /// Lays everything out without starting.
    pub fn prepare(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = province::keys::generate(folder.path()).unwrap();
        let rig = Self {
            keys,
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            address: ([127, 0, 0, 1], 0).into(),
            now: Arc::new(AtomicI64::new(START)),
            running: None,
            folder,
        };
        std::fs::create_dir(rig.path("catalogue")).unwrap();
        rig.write("catalogue/fields.toml", FIELDS);
        rig.write("catalogue/1.001193.toml", PROCEDURE);
        let hash = province::password::hash(PASSWORD).unwrap();
        rig.write("province.toml", &CONFIG.replace("HASH", &hash).replace("#MORE", more));
        rig
    }

    pub async fn run(&mut self) {
        let config = ProvinceConfig::read(&self.path("province.toml")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let now = Arc::clone(&self.now);
        let clock =
            Clock::new(move || Timestamp::from_millisecond(now.load(Ordering::Relaxed)).unwrap());
        let shutdown = async { stopped.await.unwrap_or(()) };
        let serving = tokio::spawn(province::serve(config, listener, clock, shutdown));
        self.running = Some((stop, serving));
        while self.client.get(self.url("/v1/health")).send().await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub async fn stop(&mut self) {
        let (stop, running) = self.running.take().unwrap();
        // Idle connections would keep a graceful server waiting.
        self.client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        stop.send(()).unwrap();
        running.await.unwrap().unwrap();
    }

    pub fn pass(&self, time: Duration) {
        self.now.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn uploader(&self) -> Uploader {
        Uploader::new(self.client.clone(), self.url("/v1/uploads").parse().unwrap())
    }

    /// Seals a package of one document.
    pub fn seal(&self, submission: &str, pdf: &[u8]) -> Sealed {
        self.seal_changed(submission, pdf, |_| ())
    }

    pub fn seal_changed(
        &self,
        submission: &str,
        pdf: &[u8],
        change: impl FnOnce(&mut Manifest),
    ) -> Sealed {
        seal(&self.keys, submission, pdf, change)
    }

    /// Uploads as a kiosk does and waits until it is settled.
    pub async fn deliver(&self, sealed: &Sealed) -> ReceiptAnswer {
        let file = self.path(&sha256_hex(&sealed.bytes));
        // Written once: deliveries of one package may run at the same time.
        if !file.exists() {
            std::fs::write(&file, &sealed.bytes).unwrap();
        }
        self.uploader().deliver(&file, &sealed.metadata(), None, |_| ()).await.unwrap();
        self.settled(sealed).await
    }

    /// Asks for the receipt until the answer is final.
    pub async fn settled(&self, sealed: &Sealed) -> ReceiptAnswer {
        loop {
            let answer = self.uploader().fetch_receipt(&sealed.manifest.submission).await.unwrap();
            if answer != ReceiptAnswer::NotYet {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Believes the receipt as a kiosk does.
    pub fn verify(&self, sealed: &Sealed, receipt: &SignedReceipt) -> Receipt {
        sealed.verify(&self.keys, receipt)
    }

    /// Asks the database behind the server's back.
    pub async fn count(&self, query: &'static str) -> i64 {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.path("data/province.sqlite3"))
            .read_only(true);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&pool).await.unwrap()
    }
}

impl Sealed {
    pub fn metadata(&self) -> UploadMetadata {
        UploadMetadata {
            submission: self.manifest.submission.clone(),
            kiosk: self.manifest.kiosk.clone(),
            sha256: self.digest.sha256.clone(),
        }
    }

    pub fn verify(&self, keys: &PublicKeys, receipt: &SignedReceipt) -> Receipt {
        let documents: Vec<DocumentDigest> = self
            .manifest
            .documents
            .iter()
            .map(|d| DocumentDigest { name: d.name.clone(), sha256: d.sha256.clone() })
            .collect();
        let keys = [keys.receipt.clone()];
        ::intake::verify(receipt, &keys, &self.digest, &self.manifest.submission, &documents)
            .unwrap()
    }
}

pub fn seal(
    keys: &PublicKeys,
    submission: &str,
    pdf: &[u8],
    change: impl FnOnce(&mut Manifest),
) -> Sealed {
    let mut manifest = Manifest {
        format: Manifest::FORMAT,
        submission: submission.into(),
        kiosk: "kiosk-1".into(),
        submitted_at: Timestamp::from_millisecond(START).unwrap(),
        procedure: ProcedureVersion {
            code: "1.001193".into(),
            valid_from: date(2025, 7, 1),
            edition: 1,
        },
        applicant: Applicant {
            personal_number: PersonalNumber::parse("037199000001").unwrap(),
            name: "Nguyễn Thị Ánh".into(),
            birth_date: None,
            sex: None,
            residence: None,
            issue_date: None,
            evidence: Evidence::Code,
        },
        language: Language::Vi,
        answers: vec![::intake::Answer { question: "copies".into(), value: "two".into() }],
        documents: vec![DocumentEntry::describe("to-khai.pdf", "to-khai", 1, pdf)],
        slip_secret_sha256: sha256_hex(b"slip-secret"),
    };
    change(&mut manifest);
    let documents = [Document { name: "to-khai.pdf".into(), bytes: pdf.to_vec() }];
    let mut bytes = Vec::new();
    let digest = ::intake::seal(&manifest, &documents, &keys.sealing, &mut bytes).unwrap();
    Sealed { bytes, digest, manifest }
}

pub fn submission(n: u32) -> String {
    format!("{n:032x}")
}

const CONFIG: &str = r#"
agency = "H40.16"
name = { vi = "Tỉnh Ninh Bình", en = "Ninh Binh Province" }
listen = "127.0.0.1:0"
reached_by = "http"
data_dir = "data"
catalogue_dir = "catalogue"
keys = { opening = "opening.key", receipt = "receipt.pem" }
#MORE
[[officers]]
account = "lan"
name = "Trần Thị Lan"
password = "HASH"
"#;

const FIELDS: &str = r#"
[[fields]]
code = "ho-tich"
letter = "A"
name = { vi = "Hộ tịch", en = "Civil status" }
"#;

pub const PROCEDURE: &str = r#"
code = "1.001193"
valid_from = "2025-07-01"
field = "ho-tich"
name = { vi = "Thủ tục đăng ký khai sinh", en = "Birth registration" }
online = "whole"
competent = { vi = "UBND cấp xã", en = "Commune People's Committee" }
fee = { kind = "free" }
time = { kind = "same-day" }
legal_basis = "Luật Hộ tịch"

[[papers]]
id = "to-khai"
name = { vi = "Tờ khai", en = "Declaration" }

[[form.sections]]
title = { vi = "Yêu cầu", en = "Request" }

[[form.sections.questions]]
id = "copies"
label = { vi = "Số bản sao", en = "Copies" }
answer = { kind = "choice", options = [{ id = "two", label = { vi = "Hai bản", en = "Two copies" } }] }
"#;
