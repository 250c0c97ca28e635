//! The stream of news for boards, consoles and phones: server-sent events.
//!
//! `resync` comes first and tells everything; then `call`, `queue` and `help` as they happen. A listener
//! that fell too far behind gets a fresh `resync` instead of what it missed. Each event is
//! encoded once for all listeners.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};

use wire::center::Beat;

use super::Center;
use crate::shown::event;

/// A beat this often tells listeners and proxies that the line still stands. It is an event, not
/// a comment: scripts do not see comments, and a board must notice when the line is dead.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// How long a browser waits before it comes back.
const HELLO: &[u8] = b"retry: 1000\n\n";

struct Listener {
    center: Center,
    stopped: watch::Receiver<bool>,
    news: Option<broadcast::Receiver<Bytes>>,
    greeted: bool,
}

pub async fn stream(State(center): State<Center>) -> Response {
    let stopped = center.stop.subscribe();
    let listener = Listener { center, stopped, news: None, greeted: false };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would hold events back in its buffer.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(events)).into_response()
}

async fn stop(stopped: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: the same as a stop.
    let _ = stopped.wait_for(|stop| *stop).await;
}

impl Listener {
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            return Some(Bytes::from_static(HELLO));
        }
        let Some(news) = &mut self.news else { return Some(self.resync()) };
        let heard = tokio::select! {
            heard = news.recv() => heard,
            () = stop(&mut self.stopped) => Err(RecvError::Closed),
            () = tokio::time::sleep(KEEP_ALIVE) => Ok(self.beat()),
        };
        match heard {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(_)) => Some(self.resync()),
            Err(RecvError::Closed) => None,
        }
    }

    fn beat(&self) -> Bytes {
        event("beat", &Beat { at: (self.center.clock)() }).into()
    }

    fn resync(&mut self) -> Bytes {
        let (everything, news) = self.center.desk.shown.follow(&self.center.config);
        self.news = Some(news);
        everything
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::KioskId;
    use jiff::Timestamp;

    use super::*;
    use crate::{config::CenterConfig, desk};

    fn center(folder: &std::path::Path) -> Center {
        let example = include_str!("../../../../config/center.example.toml");
        let mut config = CenterConfig::parse(example).unwrap();
        config.data_dir = folder.to_owned();
        let (config, clock) = (Arc::new(config), Arc::new(|| Timestamp::UNIX_EPOCH));
        let (desk, _writer) = desk::open(Arc::clone(&config), clock.clone()).unwrap();
        Center::new(config, clock, desk)
    }

    async fn name(listener: &mut Listener) -> String {
        let event = String::from_utf8(listener.next().await.unwrap().to_vec()).unwrap();
        event.lines().next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn who_falls_behind_is_told_everything_anew_and_then_follows_again() {
        let folder = tempfile::tempdir().unwrap();
        let center = center(folder.path());
        let stopped = center.stop.subscribe();
        let mut listener = Listener { center: center.clone(), stopped, news: None, greeted: false };
        assert_eq!(name(&mut listener).await, "retry: 1000");
        assert_eq!(name(&mut listener).await, "event: resync");
        let shown = &center.desk.shown;
        for _ in 0..1000 {
            shown.answer_help(&KioskId::from("nobody"));
        }
        assert_eq!(name(&mut listener).await, "event: resync");
        shown.answer_help(&KioskId::from("nobody"));
        assert_eq!(name(&mut listener).await, "event: help");
        center.stop.send_replace(true);
        assert!(listener.next().await.is_none(), "the stream ends when the center stops");
        center.desk.stop().await;
    }
}
