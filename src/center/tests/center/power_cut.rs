//! The real program is killed at wild moments; what it once told stays true.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::Path,
    process::Stdio,
    time::Duration,
};

use domain::TicketNo;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::hall::{self, Caller, daybook};

const ROUNDS: u64 = 6;
const KIOSKS: u128 = 6;

async fn start(folder: &Path) -> (Child, SocketAddr) {
    let config = hall::config(&folder.join("data"), "127.0.0.1:0".parse().unwrap());
    let file = folder.join("center.toml");
    std::fs::write(&file, toml::to_string(&config).unwrap()).unwrap();
    let mut center = Command::new(env!("CARGO_BIN_EXE_center"))
        .arg("--config")
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(center.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("the center did not start");
    let address = line.strip_prefix("listening on http://").unwrap().parse().unwrap();
    (center, address)
}

/// Draws numbers until the center is gone; what it was told.
async fn draw_until_dead(
    kiosk: Caller,
    wishes: impl Iterator<Item = u128>,
) -> Vec<(u128, TicketNo)> {
    let mut told = Vec::new();
    for wish in wishes {
        let Some(ticket) = kiosk.try_draw(wish, "ho-tich").await else { break };
        told.push((wish, ticket.number));
    }
    told
}

/// Calls until the center is gone; whom.
async fn call_until_dead(officer: Caller) -> Vec<TicketNo> {
    let (mut called, mut open) = (Vec::new(), None);
    while let Ok(next) = officer.next(open).await {
        called.extend(next);
        open = next;
    }
    called
}

#[tokio::test(flavor = "multi_thread")]
async fn no_number_is_lost_or_doubled_when_the_power_fails() {
    let folder = tempfile::tempdir().unwrap();
    let mut told: BTreeMap<u128, TicketNo> = BTreeMap::new();
    let mut called: BTreeSet<TicketNo> = BTreeSet::new();
    for round in 0..ROUNDS {
        let (mut center, address) = start(folder.path()).await;
        let kiosk = Caller::new(address);
        for (wish, number) in &told {
            let again = kiosk.draw(*wish, "ho-tich").await.number;
            assert_eq!(again, *number, "round {round}: a number that was told has changed");
        }
        let first = u128::from(round) * 1_000_000;
        let kiosks: Vec<_> = (0..KIOSKS)
            .map(|kiosk| {
                let wishes = (first + kiosk * 10_000)..;
                tokio::spawn(draw_until_dead(Caller::new(address), wishes))
            })
            .collect();
        // Each round another counter: what was open when the power failed stays open there.
        let officer = Caller::new(address).on_duty(&format!("quay{}", round + 1)).await;
        let officer = tokio::spawn(call_until_dead(officer));
        tokio::time::sleep(Duration::from_millis(60 + round * 97 % 240)).await;
        center.kill().await.unwrap();
        for kiosk in kiosks {
            told.extend(kiosk.await.unwrap());
        }
        for number in officer.await.unwrap() {
            assert!(called.insert(number), "round {round}: {number} was called twice");
        }
    }
    assert!(told.len() > 50, "the test drew too few numbers to mean anything: {}", told.len());
    let numbers: BTreeSet<_> = told.values().collect();
    assert_eq!(numbers.len(), told.len(), "a number was told twice");

    let book = daybook(&folder.path().join("data"));
    let with = |what: &str| -> Vec<TicketNo> {
        book.iter().filter(|(w, _)| w == what).map(|(_, number)| *number).collect()
    };
    let ordinals: Vec<u32> = with("issued").iter().map(|number| number.ordinal).collect();
    let expected: Vec<u32> = (1..).take(ordinals.len()).collect();
    assert_eq!(ordinals, expected, "numbers are issued without gaps");
    let in_book = with("called");
    assert_eq!(in_book.iter().collect::<BTreeSet<_>>().len(), in_book.len());
    assert!(called.iter().all(|number| in_book.contains(number)), "a call was forgotten");
}

#[tokio::test]
async fn a_second_center_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_center, _) = start(folder.path()).await;
    let file = folder.path().join("center.toml");
    let second =
        Command::new(env!("CARGO_BIN_EXE_center")).arg("--config").arg(file).output().await;
    let second = second.unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && said.contains("another center already runs"), "{said}");
}
