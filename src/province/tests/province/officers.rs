//! The officers' pages over HTTP: who may do what, and what is written down.

use std::time::Duration;

use intake::ReceiptAnswer;
use reqwest::{RequestBuilder, Response};

use crate::rig::{PASSWORD, Rig, submission};

/// A browser with its cookie.
struct Browser<'a> {
    rig: &'a Rig,
    cookie: String,
}

impl<'a> Browser<'a> {
    async fn log_in(rig: &'a Rig) -> Self {
        let response = try_log_in(rig, "lan", PASSWORD).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()["location"]),
            (303, &"/dossiers".parse().unwrap())
        );
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(word), "{cookie}");
        }
        Self { rig, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    async fn get(&self, path: &str) -> Response {
        self.with_cookie(self.rig.client.get(self.rig.url(path))).send().await.unwrap()
    }

    async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = own(self.rig, self.rig.client.post(self.rig.url(path)));
        self.with_cookie(request).body(encode(form)).send().await.unwrap()
    }

    fn with_cookie(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("cookie", &self.cookie)
    }

    async fn csrf(&self) -> String {
        let page = self.page("/dossiers").await;
        page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }
}

fn encode(form: &[(&str, &str)]) -> String {
    let plain = |text: &str| text.replace('%', "%25").replace('&', "%26").replace(' ', "+");
    form.iter().map(|(k, v)| format!("{k}={}", plain(v))).collect::<Vec<_>>().join("&")
}

/// As a browser sends a form of our own page.
fn own(rig: &Rig, request: RequestBuilder) -> RequestBuilder {
    request
        .header("origin", format!("http://{}", rig.address()))
        .header("content-type", "application/x-www-form-urlencoded")
}

async fn try_log_in(rig: &Rig, account: &str, password: &str) -> Response {
    let request = own(rig, rig.client.post(rig.url("/log-in")));
    request.body(encode(&[("account", account), ("password", password)])).send().await.unwrap()
}

/// A province with `n` dossiers; the code of the last.
async fn with_dossiers(n: u32) -> (Rig, String) {
    let rig = Rig::start().await;
    let mut code = String::new();
    for n in 1..=n {
        let sealed = rig.seal(&submission(n), b"%PDF-1.4 of a test");
        let ReceiptAnswer::Ready(signed) = rig.deliver(&sealed).await else { panic!() };
        code = rig.verify(&sealed, &signed).dossier.0;
    }
    (rig, code)
}

#[tokio::test]
async fn without_a_session_there_is_only_the_log_in_page() {
    let (rig, code) = with_dossiers(1).await;
    for path in [
        "/dossiers",
        &format!("/dossiers/{code}"),
        &format!("/dossiers/{code}/documents/to-khai.pdf"),
    ] {
        for cookie in ["", "motcua=00", "motcua="] {
            let request = rig.client.get(rig.url(path)).header("cookie", cookie);
            let response = request.send().await.unwrap();
            assert_eq!(
                (response.status().as_u16(), &response.headers()["location"]),
                (303, &"/log-in".parse().unwrap())
            );
        }
    }
}

#[tokio::test]
async fn wrong_passwords_are_refused_and_then_locked_out() {
    let rig = Rig::start().await;
    for (account, password) in [("lan", "wrong"), ("nobody", PASSWORD), ("lan", "")] {
        assert_eq!(try_log_in(&rig, account, password).await.status(), 403, "{account}");
    }
    for _ in 0..3 {
        try_log_in(&rig, "lan", "wrong").await;
    }
    assert_eq!(try_log_in(&rig, "lan", PASSWORD).await.status(), 429);
    rig.pass(Duration::from_secs(5 * 60));
    assert_eq!(try_log_in(&rig, "LAN ", PASSWORD).await.status(), 303);
}

#[tokio::test]
async fn forms_of_other_sites_or_sessions_do_nothing() {
    let (rig, code) = with_dossiers(1).await;
    let browser = Browser::log_in(&rig).await;
    let form = format!("csrf={}&to=2", browser.csrf().await);
    let status = rig.url(&format!("/dossiers/{code}/status"));
    for (header, value) in [
        ("origin", "http://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("x-nothing", "without any origin"),
    ] {
        let request = browser.with_cookie(rig.client.post(&status)).header(header, value);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(request.body(form.clone()).send().await.unwrap().status(), 403, "{value}");
    }
    for csrf in ["", "00"] {
        for (path, more) in [("status", "2"), ("personal-number", "")] {
            let path = format!("/dossiers/{code}/{path}");
            let response = browser.post(&path, &[("csrf", csrf), ("to", more)]).await;
            assert_eq!(response.status(), 403, "{path}");
        }
    }
    assert_eq!(rig.count("SELECT count(*) FROM status_changes").await, 1);
}

#[tokio::test]
async fn a_dossier_goes_its_legal_way_and_no_other() {
    let (rig, code) = with_dossiers(2).await;
    let browser = Browser::log_in(&rig).await;
    let csrf = browser.csrf().await;
    let path = format!("/dossiers/{code}/status");
    for (to, expected) in [
        ("4", 409),
        ("5", 409),
        ("77", 409),
        ("2", 303),
        ("2", 409),
        ("3", 409),
        ("4", 303),
        ("9", 303),
        ("10", 303),
        ("1", 409),
    ] {
        let form = [("csrf", csrf.as_str()), ("to", to), ("reason", "x")];
        assert_eq!(browser.post(&path, &form).await.status(), expected, "to {to}");
    }
    let other = code.replace("0000002", "0000001");
    let path = format!("/dossiers/{other}/status");
    for (reason, expected) in [("", 422), ("  ", 422), ("Thiếu giấy", 303), ("again", 409)] {
        let form = [("csrf", csrf.as_str()), ("to", "3"), ("reason", reason)];
        assert_eq!(browser.post(&path, &form).await.status(), expected, "{reason}");
    }
    let page = browser.page(&format!("/dossiers/{other}")).await;
    assert!(page.contains("Thiếu giấy") && page.contains("Trần Thị Lan"));
    assert_eq!(rig.count("SELECT count(*) FROM status_changes WHERE officer = 'lan'").await, 5);
    // The citizen reads the reason.
    let ask = serde_json::json!({ "code": other, "factor": { "last-four": "0001" } });
    let report = rig.client.post(rig.url("/v1/look-ups")).json(&ask).send().await.unwrap();
    let report: serde_json::Value = report.json().await.unwrap();
    assert_eq!((&report["status"], &report["reason"]), (&3.into(), &"Thiếu giấy".into()));
}

#[tokio::test]
async fn every_look_at_personal_data_is_written_down() {
    let (rig, code) = with_dossiers(1).await;
    let browser = Browser::log_in(&rig).await;
    let list = browser.page("/dossiers").await;
    assert!(list.contains(&code) && !list.contains("Nguyễn") && !list.contains("037"));
    let page = browser.page(&format!("/dossiers/{code}")).await;
    assert!(page.contains("Nguyễn Thị Ánh") && page.contains("037******001"));
    assert!(page.contains("Số bản sao") && page.contains("Hai bản"), "words of the catalogue");
    assert!(!page.contains("037199000001"));
    let csrf = browser.csrf().await;
    let path = format!("/dossiers/{code}/personal-number");
    let shown = browser.post(&path, &[("csrf", &csrf)]).await.text().await.unwrap();
    assert!(shown.contains("037199000001"));
    let pdf = browser.get(&format!("/dossiers/{code}/documents/to-khai.pdf")).await;
    assert_eq!(pdf.headers()["content-type"], "application/pdf");
    assert!(pdf.headers()["content-disposition"].to_str().unwrap().starts_with("inline"));
    assert_eq!(pdf.bytes().await.unwrap(), "%PDF-1.4 of a test");
    for what in ["dossier", "personal-number", "document:to-khai.pdf"] {
        let query = match what {
            "dossier" => "SELECT count(*) FROM accesses WHERE officer = 'lan' AND what = 'dossier'",
            "personal-number" => "SELECT count(*) FROM accesses WHERE what = 'personal-number'",
            _ => "SELECT count(*) FROM accesses WHERE what = 'document:to-khai.pdf'",
        };
        assert_eq!(rig.count(query).await, 1, "{what}");
    }
    let missing = browser.get(&format!("/dossiers/{code}/documents/other.pdf")).await;
    assert_eq!(missing.status(), 404);
}

#[tokio::test]
async fn the_list_is_filtered_by_status_and_by_the_beginning_of_a_code() {
    let (rig, code) = with_dossiers(3).await;
    let browser = Browser::log_in(&rig).await;
    let csrf = browser.csrf().await;
    browser.post(&format!("/dossiers/{code}/status"), &[("csrf", &csrf), ("to", "2")]).await;
    for (query, expected) in [
        ("", 3),
        ("?status=1", 2),
        ("?status=2", 1),
        ("?status=9", 0),
        ("?code=h40.16-20261121-0000002", 1),
        ("?code=H40.16", 3),
        ("?code=%25", 3),
        ("?page=1", 0),
        ("?status=x", 3),
    ] {
        let page = browser.page(&format!("/dossiers{query}")).await;
        assert_eq!(page.matches("<td class=\"code\">").count(), expected, "{query}");
    }
}

#[tokio::test]
async fn pages_carry_a_strict_policy_and_both_languages() {
    let rig = Rig::start().await;
    let page = rig.client.get(rig.url("/log-in?lang=en")).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    assert_eq!(page.headers()["cache-control"], "no-store");
    let cookie =
        page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let text = page.text().await.unwrap();
    assert!(text.contains("<html lang=\"en\">") && text.contains("Log in"));
    assert!(!text.contains(" style=") && !text.contains("<script>"));
    let kept = rig.client.get(rig.url("/log-in")).header("cookie", cookie).send().await.unwrap();
    assert!(kept.text().await.unwrap().contains("Log in"));
    let plain = rig.client.get(rig.url("/log-in")).send().await.unwrap().text().await.unwrap();
    assert!(plain.contains("<html lang=\"vi\">") && plain.contains("Đăng nhập"));
}

#[tokio::test]
async fn a_session_ends_by_log_out_by_time_and_with_the_account() {
    let mut rig = Rig::start().await;
    {
        let browser = Browser::log_in(&rig).await;
        let csrf = browser.csrf().await;
        assert_eq!(browser.post("/log-out", &[("csrf", &csrf)]).await.status(), 303);
        assert_eq!(browser.get("/dossiers").await.status(), 303);
        let browser = Browser::log_in(&rig).await;
        rig.pass(Duration::from_secs(10 * 3600));
        assert_eq!(browser.get("/dossiers").await.status(), 303);
    }
    let cookie = Browser::log_in(&rig).await.cookie;
    rig.stop().await;
    let config = std::fs::read_to_string(rig.path("province.toml")).unwrap();
    rig.write("province.toml", &config.replace("\"lan\"", "\"hoa\""));
    rig.run().await;
    let browser = Browser { rig: &rig, cookie };
    assert_eq!(browser.get("/dossiers").await.status(), 303);
}
