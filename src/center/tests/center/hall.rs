//! A center on a free port with a folder of its own, a clock that can be set, and its callers.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use center::{CenterConfig, CenterError, Counter, Officer, PasswordHash};
use domain::{Bilingual, CounterNo, TicketNo, catalogue::Field};
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use wire::center::{CounterState, TicketIssued};

pub const PASSWORD: &str = "mot-cua-lien-thong";
/// 08:00 on 21 November 2026 in Viet Nam.
pub const MORNING: i64 = 1_795_222_800;

pub struct Hall {
    pub address: SocketAddr,
    pub folder: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), CenterError>>,
}

/// Two fields; counters 1 to 8, an officer `quayN` at each, all serving both.
pub fn config(data_dir: &std::path::Path, address: SocketAddr) -> CenterConfig {
    let field = |code: &str, letter, vi, en| Field {
        code: code.into(),
        letter,
        name: Bilingual::new(vi, en),
    };
    let fields = vec![
        field("ho-tich", 'A', "Hộ tịch", "Civil status"),
        field("dat-dai", 'B', "Đất đai", "Land"),
    ];
    let counters = (1..=8).map(|number| Counter {
        number: CounterNo(number),
        name: Bilingual::new(format!("Quầy {number}"), format!("Counter {number}")),
        fields: fields.iter().map(|field| field.code.clone()).collect(),
    });
    let officers = (1..=8).map(|number| Officer {
        login: format!("quay{number}"),
        password: hash(PASSWORD),
        counter: CounterNo(number),
    });
    CenterConfig {
        id: "hcc-thu".into(),
        name: Bilingual::new("Trung tâm thử", "Test center"),
        listen: address,
        data_dir: data_dir.to_owned(),
        public_url: Some("https://motcua.example.vn/".to_owned()),
        console: center::CookieTransport::Http,
        counters: counters.collect(),
        officers: officers.collect(),
        fields,
    }
}

/// A hash that is quick to compute.
fn hash(password: &str) -> PasswordHash {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version, password_hash};
    let params = Params::new(8, 1, 1, None).unwrap();
    let salt = password_hash::SaltString::encode_b64(b"eight or more").unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    PasswordHash(argon2.hash_password(password.as_bytes(), &salt).unwrap().to_string())
}

impl Hall {
    pub async fn open() -> Self {
        Self::open_in(tempfile::tempdir().unwrap()).await
    }

    pub async fn open_in(folder: tempfile::TempDir) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let clock = Arc::new(AtomicI64::new(MORNING));
        let told = Arc::clone(&clock);
        let now = move || Timestamp::from_second(told.load(Ordering::Relaxed)).unwrap();
        let (stop, stopped) = oneshot::channel();
        let until = async move {
            let _ = stopped.await;
        };
        let config = config(folder.path(), address);
        let serving = tokio::spawn(center::serve(config, listener, Arc::new(now), until));
        Self { address, folder, clock, stop, serving }
    }

    pub fn set_clock(&self, second: i64) {
        self.clock.store(second, Ordering::Relaxed);
    }

    /// Stops as on SIGTERM and gives the folder back.
    pub async fn close(self) -> tempfile::TempDir {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
        self.folder
    }

    pub fn caller(&self) -> Caller {
        Caller::new(self.address)
    }
}

/// A kiosk, an officer's browser or anybody else on the network.
#[derive(Clone)]
pub struct Caller {
    pub web: Client,
    pub url: String,
    cookie: Option<String>,
}

impl Caller {
    pub fn new(address: SocketAddr) -> Self {
        let web = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        Self { web: web.build().unwrap(), url: format!("http://{address}"), cookie: None }
    }

    pub async fn get(&self, path: &str) -> Response {
        let mut request = self.web.get(format!("{}{path}", self.url));
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        request.send().await.unwrap()
    }

    pub async fn json(&self, path: &str, body: Value) -> Response {
        self.web.post(format!("{}{path}", self.url)).json(&body).send().await.unwrap()
    }

    pub async fn draw(&self, wish: u128, field: &str) -> TicketIssued {
        self.try_draw(wish, field).await.unwrap()
    }

    /// A ticket, or nothing when the center is gone.
    pub async fn try_draw(&self, wish: u128, field: &str) -> Option<TicketIssued> {
        let body = serde_json::json!({
            "request": format!("{wish:032x}"), "kiosk": "ki-ot-1", "field": field
        });
        let request = self.web.post(format!("{}/v1/tickets", self.url)).json(&body);
        request.send().await.ok()?.error_for_status().ok()?.json().await.ok()
    }

    /// A form as a browser sends it from the center's own page.
    pub fn form(&self, path: &str, body: &str) -> RequestBuilder {
        let request = self.web.post(format!("{}{path}", self.url));
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        request
            .header(header::ORIGIN, &self.url)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(body.to_owned())
    }

    pub async fn log_in(&self, login: &str, password: &str) -> Response {
        let body = format!("login={login}&password={password}");
        self.form("/console/login", &body).send().await.unwrap()
    }

    /// The same caller with an officer's session.
    pub async fn on_duty(&self, login: &str) -> Self {
        let response = self.log_in(login, PASSWORD).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().map(ToOwned::to_owned);
        Self { cookie, ..self.clone() }
    }

    /// Presses a key; the number then open, or the status of the refusal.
    pub async fn press(&self, key: &str, body: &str) -> Result<Option<TicketNo>, StatusCode> {
        let answer = self.form(&format!("/console/{key}"), body).send().await;
        let answer = answer.map_err(|_| StatusCode::BAD_GATEWAY)?;
        if !answer.status().is_success() {
            return Err(answer.status());
        }
        let state = answer.json::<CounterState>().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        Ok(state.open)
    }

    pub async fn next(&self, open: Option<TicketNo>) -> Result<Option<TicketNo>, StatusCode> {
        let open = open.map(|number| number.to_string()).unwrap_or_default();
        self.press("next", &format!("open={open}")).await
    }
}

/// The changes in all daybooks of a folder, in order: what happened to which number.
pub fn daybook(folder: &std::path::Path) -> Vec<(String, TicketNo)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "jsonl"))
        .collect();
    files.sort();
    let text: String = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let whole = &text[..text.rfind('\n').map_or(0, |at| at + 1)];
    let lines = whole.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let changes = lines.filter_map(|line| line["body"]["changes"].as_array().cloned()).flatten();
    let told = changes.map(|change| {
        let text = |key: &str| change[key].as_str().unwrap().to_owned();
        (text("what"), text("ticket").parse().unwrap())
    });
    told.collect()
}
