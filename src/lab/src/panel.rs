//! The bench panel: every simulated device on one page, and each act as an HTTP call, so that a
//! person, a script and a test do the same. In the lab only; on loopback only.

mod page;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use simulator::{CameraFault, GunFault, PrinterFault, ScannerFault, Simulator};
use tokio::net::TcpListener;

use crate::{Cable, CardField, TokenSlot, code_picture, hall::Addresses, paper_picture};

/// Codes of made-up citizens, and of things held to the reader by mistake.
pub(crate) const CODES: [(&str, &str); 4] = [
    (
        "Căn cước: Nguyễn Văn An",
        "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử, Hoàn Kiếm, Hà Nội|20052021",
    ),
    (
        "Căn cước 2024: Y Blắc Niê",
        "066204000003||Y Blắc Niê|29022004|Nam|Buôn Thử, Xã Ea Mẫu, Tỉnh Đắk Lắk|04102024||||",
    ),
    (
        "VietQR",
        "00020101021138560010A0000007270126000697041501121133666688880208QRIBFTTA53037045802VN6304F443",
    ),
    ("Unreadable", "not a code of ours"),
];

/// What the panel can reach.
#[derive(Clone)]
pub(crate) struct Bench {
    pub(crate) simulator: Arc<Simulator>,
    pub(crate) center: Cable,
    pub(crate) province: Cable,
    pub(crate) token: TokenSlot,
    pub(crate) card: Option<CardField>,
    pub(crate) addresses: Addresses,
}

/// Serves the panel until told to stop.
pub(crate) async fn serve(
    bench: Bench,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let app = Router::new()
        .route("/", get(page::page))
        .route("/panel.js", get(page::script))
        .route("/state", get(state))
        .route("/paper.png", get(paper))
        .route("/fault", post(fault))
        .route("/present", post(present))
        .route("/scanner/load", post(load))
        .route("/token", post(token))
        .route("/card", post(card))
        .route("/card-reader", post(reader))
        .route("/cable", post(cable))
        .with_state(bench);
    let served = axum::serve(listener, app).with_graceful_shutdown(stop).await;
    if let Err(error) = served {
        journal::record!(journal::Event::EffectDropped, desk = "bench panel", %error);
    }
}

/// Which device an act is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Device {
    Printer,
    Scanner,
    Gun,
    Camera,
}

#[derive(Deserialize)]
struct Fault {
    device: Device,
    /// Name of the fault; none mends the device.
    fault: Option<String>,
}

fn named<F: Copy + std::fmt::Debug>(all: &[F], name: &str) -> Option<F> {
    all.iter().copied().find(|fault| format!("{fault:?}") == name)
}

/// Breaks a device in one of its ways, or mends it.
async fn fault(State(bench): State<Bench>, Json(wish): Json<Fault>) -> Response {
    let sim = &bench.simulator;
    let name = wish.fault.as_deref();
    let known = match wish.device {
        Device::Printer => {
            let fault = name.map(|name| named(&PrinterFault::ALL, name));
            set(fault, |fault| sim.printer.set_fault(fault))
        }
        Device::Scanner => {
            let fault = name.map(|name| named(&ScannerFault::ALL, name));
            set(fault, |fault| sim.scanner.set_fault(fault))
        }
        Device::Gun => {
            let fault = name.map(|name| named(&GunFault::ALL, name));
            set(fault, |fault| sim.gun.set_fault(fault))
        }
        Device::Camera => {
            let fault = name.map(|name| named(&CameraFault::ALL, name));
            set(fault, |fault| {
                let _unwritable = sim.camera.set_fault(fault);
            })
        }
    };
    known.into_response()
}

/// `None` mends, an unknown name is refused.
fn set<F>(fault: Option<Option<F>>, apply: impl FnOnce(Option<F>)) -> StatusCode {
    match fault {
        Some(None) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(fault) => {
            apply(fault);
            StatusCode::NO_CONTENT
        }
        None => {
            apply(None);
            StatusCode::NO_CONTENT
        }
    }
}

#[derive(Deserialize)]
struct Present {
    device: Device,
    /// What the code says; none takes it away from the camera.
    code: Option<String>,
}

/// Holds a code to the gun or before the camera.
async fn present(State(bench): State<Bench>, Json(wish): Json<Present>) -> StatusCode {
    let camera = &bench.simulator.camera;
    match (wish.device, wish.code) {
        (Device::Gun, Some(code)) => {
            bench.simulator.gun.present(code.as_bytes());
            StatusCode::NO_CONTENT
        }
        (Device::Camera, Some(code)) => match code_picture(&code).map(|png| camera.hold(&png)) {
            Some(Ok(())) => StatusCode::NO_CONTENT,
            Some(Err(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            None => StatusCode::UNPROCESSABLE_ENTITY,
        },
        (Device::Camera, None) => match camera.remove() {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        },
        (Device::Gun | Device::Printer | Device::Scanner, _) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

#[derive(Deserialize)]
struct Load {
    pages: usize,
}

/// Puts papers into the feeder; none empties it.
async fn load(State(bench): State<Bench>, Json(wish): Json<Load>) -> StatusCode {
    if wish.pages > 50 {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    match wish.pages {
        0 => bench.simulator.scanner.unload(),
        pages => bench.simulator.scanner.load_forms(pages),
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Token {
    inserted: bool,
}

/// Puts the token in, or pulls it.
async fn token(State(bench): State<Bench>, Json(wish): Json<Token>) -> StatusCode {
    bench.token.set_inserted(wish.inserted);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Reader {
    plugged_in: bool,
}

/// Pulls the plug of the card reader, or plugs it in.
async fn reader(State(bench): State<Bench>, Json(wish): Json<Reader>) -> StatusCode {
    let Some(field) = bench.card else { return StatusCode::NOT_FOUND };
    let done = if wish.plugged_in { field.plug_in() } else { field.unplug() };
    if done.is_ok() { StatusCode::NO_CONTENT } else { StatusCode::INTERNAL_SERVER_ERROR }
}

#[derive(Deserialize)]
struct Card {
    lying: bool,
    /// What happens to it, in the chip's words.
    #[serde(default)]
    fault: String,
}

/// Lays the ID card on the reader, or takes it away.
async fn card(State(bench): State<Bench>, Json(wish): Json<Card>) -> StatusCode {
    let Some(field) = bench.card else { return StatusCode::NOT_FOUND };
    if !wish.lying {
        field.pull();
        return StatusCode::NO_CONTENT;
    }
    match field.lay(&wish.fault) {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Far {
    Center,
    Province,
}

#[derive(Deserialize)]
struct CableWish {
    to: Far,
    connected: bool,
}

/// Cuts or joins a cable.
async fn cable(State(bench): State<Bench>, Json(wish): Json<CableWish>) -> StatusCode {
    let cable = match wish.to {
        Far::Center => &bench.center,
        Far::Province => &bench.province,
    };
    if wish.connected {
        cable.join();
    } else {
        cable.cut();
    }
    StatusCode::NO_CONTENT
}

#[derive(Serialize)]
struct BenchState {
    printer: Option<String>,
    scanner: Option<String>,
    gun: Option<String>,
    camera: Option<String>,
    code_before_camera: bool,
    papers_in_feeder: usize,
    papers_printed: usize,
    token_inserted: bool,
    card_lying: bool,
    card_reader_plugged_in: bool,
    center_connected: bool,
    province_connected: bool,
}

async fn state(State(bench): State<Bench>) -> Json<BenchState> {
    let sim = &bench.simulator;
    Json(BenchState {
        printer: sim.printer.fault().map(|fault| format!("{fault:?}")),
        scanner: sim.scanner.fault().map(|fault| format!("{fault:?}")),
        gun: sim.gun.fault().map(|fault| format!("{fault:?}")),
        camera: sim.camera.fault().map(|fault| format!("{fault:?}")),
        code_before_camera: sim.camera.is_held(),
        papers_in_feeder: sim.scanner.loaded(),
        papers_printed: sim.printer.tickets().len(),
        token_inserted: bench.token.is_inserted(),
        card_lying: bench.card.as_ref().is_some_and(CardField::is_lying),
        card_reader_plugged_in: bench.card.as_ref().is_some_and(CardField::is_plugged_in),
        center_connected: bench.center.is_connected(),
        province_connected: bench.province.is_connected(),
    })
}

/// The paper that came out last.
async fn paper(State(bench): State<Bench>) -> Response {
    match bench.simulator.printer.tickets().last().and_then(paper_picture) {
        Some(png) => ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
