//! Takes connections: bounded in number, in the time a request may take to arrive, and in the
//! time they may linger when the center stops.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
};

use super::{Center, router};

/// Boards, kiosks, consoles and phones at once; further ones wait in the listener's backlog.
const CONNECTIONS: usize = 8192;
/// A head that takes longer to arrive is given up.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// What is under way may take this long when the center stops.
const GRACE: Duration = Duration::from_secs(3);
/// Pause after a failed accept (out of file descriptors, mostly).
const BREATHER: Duration = Duration::from_millis(50);
/// How soon a new day is noticed when nobody asks for anything.
const CLOCK_LOOK: Duration = Duration::from_secs(5);

/// Serves until the center is told to stop.
pub async fn serve(center: Center, listener: TcpListener) {
    let mut stopped = center.stop.subscribe();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let look = tokio::spawn(look_at_the_clock(center.clone()));
    let app = router(center);
    let mut connections = JoinSet::new();
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let served = connection(app.clone(), stream, peer, stopped.clone());
                connections.spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) => {
                journal::record!(journal::Event::CenterAccept, %error);
                tokio::time::sleep(BREATHER).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    // Whoever still holds a connection after the grace loses it with the set.
    let _ = tokio::time::timeout(GRACE, all).await;
    look.abort();
}

async fn connection(
    app: Router,
    stream: TcpStream,
    peer: SocketAddr,
    mut stopped: watch::Receiver<bool>,
) {
    // Small answers should not wait for a full segment; without it they are only later.
    let _ = stream.set_nodelay(true);
    let service = KnowingPeer { app: TowerToHyperService::new(app), peer };
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN);
    let mut served = pin!(server.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // A broken connection is the peer's matter.
        _ = served.as_mut() => return,
        _ = stopped.wait_for(|stop| *stop) => served.as_mut().graceful_shutdown(),
    }
    let _ = served.await;
}

async fn look_at_the_clock(center: Center) {
    while center.desk.look_at_the_clock().await.is_ok() {
        tokio::time::sleep(CLOCK_LOOK).await;
    }
}

/// Tells handlers who is at the other end.
struct KnowingPeer {
    app: TowerToHyperService<Router>,
    peer: SocketAddr,
}

impl Service<Request<Incoming>> for KnowingPeer {
    type Response = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Response;
    type Error = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Error;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.app.call(request)
    }
}
