//! A network cable that can be cut: a forwarder on loopback.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    runtime::Handle,
    sync::watch,
};

/// A cable from a port of its own to a server.
#[derive(Debug, Clone)]
pub struct Cable {
    address: SocketAddr,
    connected: watch::Sender<bool>,
}

impl Cable {
    /// Lays a cable to `server`.
    pub(crate) fn lay(runtime: &Handle, server: SocketAddr) -> std::io::Result<Self> {
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let (connected, state) = watch::channel(true);
        runtime.spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, server, state.clone()));
            }
        });
        Ok(Self { address, connected })
    }

    /// Where the near end is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts the cable: every connection through it ends at once and none is made.
    pub fn cut(&self) {
        self.connected.send_replace(false);
    }

    /// Joins it again.
    pub fn join(&self) {
        self.connected.send_replace(true);
    }

    /// Whether it is whole.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        *self.connected.borrow()
    }
}

async fn carry(mut near: TcpStream, server: SocketAddr, mut connected: watch::Receiver<bool>) {
    if !*connected.borrow() {
        return;
    }
    let Ok(mut far) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ended = copy_bidirectional(&mut near, &mut far) => {}
        _cut = connected.wait_for(|whole| !whole) => {}
    }
}
