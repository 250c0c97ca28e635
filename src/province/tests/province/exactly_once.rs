//! The real program is killed at random moments while kiosks deliver; in the end there is
//! exactly one dossier for each submission, and every receipt verifies.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use intake::{ReceiptAnswer, UploadError, UploadUrl, Uploader};
use proptest::prelude::Rng;
use tokio::sync::watch;

use crate::rig::{Rig, Sealed, submission};

const KIOSKS: u32 = 3;
const EACH: u32 = 4;

/// Starts the program and learns where it listens.
fn start(config: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_province"))
        .args(["serve", "--log", "error", "--config"])
        .arg(config)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").expect("the program listens").to_owned();
    (child, url)
}

/// One kiosk's outbox: tries until it holds a receipt. The address may change at any time.
async fn deliver(
    file: &Path,
    sealed: &Sealed,
    address: &mut watch::Receiver<String>,
) -> ReceiptAnswer {
    let mut known: Option<UploadUrl> = None;
    loop {
        let base = address.borrow_and_update().clone();
        let uploader =
            Uploader::new(reqwest::Client::new(), format!("{base}/v1/uploads").parse().unwrap());
        // The port changes with each start; a real province keeps its name.
        let here = known.take().map(|url| {
            let path = url.0.splitn(4, '/').nth(3).unwrap().to_owned();
            UploadUrl(format!("{base}/{path}"))
        });
        match uploader.fetch_receipt(&sealed.manifest.submission).await {
            Ok(ReceiptAnswer::Unknown) => {}
            Ok(ReceiptAnswer::NotYet) | Err(UploadError::Later { .. }) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                known = here;
                continue;
            }
            Ok(answer) => return answer,
            Err(error) => panic!("{error}"),
        }
        let mut remembered = here.clone();
        let delivered = uploader
            .deliver(file, &sealed.metadata(), here, |url| remembered = Some(url.clone()))
            .await;
        match delivered {
            Ok(()) | Err(UploadError::Later { .. }) => known = remembered,
            Err(UploadError::StartAnew) => known = None,
            Err(error) => panic!("{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_whenever_each_submission_is_one_dossier() {
    let rig = Rig::prepare("");
    let config = rig.path("province.toml");
    let (mut child, url) = start(&config);
    let (tell, address) = watch::channel(url);
    let mut kiosks = Vec::new();
    for kiosk in 0..KIOSKS {
        let mut address = address.clone();
        let packages: Vec<_> = (0..EACH)
            .map(|n| {
                let pdf = [b"%PDF-1.4 ".as_slice(), &vec![b'x'; 700_000]].concat();
                let sealed = rig.seal(&submission(kiosk * 100 + n), &pdf);
                let file = rig.path(&format!("{kiosk}-{n}.age"));
                std::fs::write(&file, &sealed.bytes).unwrap();
                (file, sealed)
            })
            .collect();
        kiosks.push(tokio::spawn(async move {
            let mut done = Vec::new();
            for (file, sealed) in packages {
                let answer = deliver(&file, &sealed, &mut address).await;
                done.push((sealed, answer));
            }
            done
        }));
    }
    let mut kills = 0;
    while kiosks.iter().any(|kiosk| !kiosk.is_finished()) {
        let pause = proptest::test_runner::TestRunner::default().rng().next_u64() % 120;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        let started = start(&config);
        child = started.0;
        tell.send(started.1).unwrap();
        // Long enough now and then for something to be finished.
        if kills % 3 == 0 {
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
        assert!(kills < 1000, "nothing gets through");
    }
    assert!(kills >= 3, "it was killed {kills} times");
    let mut codes = Vec::new();
    for kiosk in kiosks {
        for (sealed, answer) in kiosk.await.unwrap() {
            let ReceiptAnswer::Ready(receipt) = answer else { panic!("{answer:?}") };
            codes.push(rig.verify(&sealed, &receipt).dossier);
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), usize::try_from(KIOSKS * EACH).unwrap());
    assert_eq!(rig.count("SELECT count(*) FROM dossiers").await, i64::from(KIOSKS * EACH));
    assert_eq!(rig.count("SELECT count(*) FROM refusals").await, 0);
}
