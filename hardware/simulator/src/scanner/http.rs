//! As much HTTP/1.1 as eSCL clients use: one request and one answer per connection.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Larger requests are none of a scanner's clients.
const MOST_BYTES: usize = 64 << 10;
/// A client that pauses longer has left.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub method: String,
    pub path: String,
    pub host: String,
    pub body: String,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Bytes of the body that are really sent; the header always promises all.
    pub sent: usize,
}

impl Answer {
    pub(super) fn of(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), sent: 0 }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn body(mut self, kind: &'static str, body: Vec<u8>) -> Self {
        self.sent = body.len();
        self.body = body;
        self.with("Content-Type", kind)
    }
}

/// Reads a request; `None` when the client leaves, pauses too long, or `gone` says so.
pub(super) fn receive(mut stream: &TcpStream, gone: &dyn Fn() -> bool) -> Option<Request> {
    const PAUSE: Duration = Duration::from_millis(50);
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(PAUSE)).ok()?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let mut waited = Duration::ZERO;
    while bytes.len() < MOST_BYTES && waited < PATIENCE && !gone() {
        match stream.read(&mut chunk) {
            Ok(0) => return None,
            Ok(count) => bytes.extend_from_slice(chunk.get(..count)?),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                waited += PAUSE;
            }
            Err(_) => return None,
        }
        if let Some(request) = parse(&String::from_utf8_lossy(&bytes)) {
            return Some(request);
        }
    }
    None
}

/// Understands a request once all of it is there.
fn parse(text: &str) -> Option<Request> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let (mut host, mut length, mut chunked) = (String::new(), 0, false);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "host" => value.clone_into(&mut host),
            "content-length" => length = value.parse().unwrap_or(0),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            _ => {}
        }
    }
    let whole = if chunked { body.ends_with("0\r\n\r\n") } else { body.len() >= length };
    whole.then(|| Request { method, path, host, body: body.to_owned() })
}

/// Sends an answer; a client that left loses it.
pub(super) fn send(mut stream: &TcpStream, answer: &Answer) {
    let reason = match answer.status {
        200 => "OK",
        201 => "Created",
        404 => "Not Found",
        409 => "Conflict",
        503 => "Service Unavailable",
        _ => "Answer",
    };
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", answer.body.len()));
    let body = answer.body.get(..answer.sent).unwrap_or_default();
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_understood_only_when_whole() {
        let whole = "POST /eSCL/ScanJobs HTTP/1.1\r\nHost: a:1\r\nContent-Length: 4\r\n\r\nbody";
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]), None);
        }
        let request = parse(whole).unwrap();
        assert_eq!((request.host.as_str(), request.body.as_str()), ("a:1", "body"));
    }
}
