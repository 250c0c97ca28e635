//! A document scanner with glass and feeder that speaks eSCL over HTTP, as AirScan devices do.

#[cfg(test)]
mod against_scanimage;
mod escl;
mod http;
mod page;
mod sane;
mod service;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::sleep;

use crate::SimulatorError;
use crate::worker::{Stop, TICK, Worker, lock};
use service::Device;

pub use escl::{ScanSettings, scan_settings};
pub use sane::write_sane_config;

/// Ways in which the scanner fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScannerFault {
    /// Paper is stuck in the feeder.
    Jammed,
    /// The feeder does not see its paper.
    Empty,
    /// The feeder's lid is open.
    CoverOpen,
    /// Another computer holds it.
    Busy,
    /// Pages end in the middle of the picture.
    Truncated,
    /// It takes connections and answers nothing.
    Silent,
    /// Nobody is there.
    Unplugged,
}

impl ScannerFault {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Jammed,
        Self::Empty,
        Self::CoverOpen,
        Self::Busy,
        Self::Truncated,
        Self::Silent,
        Self::Unplugged,
    ];
}

/// A simulated scanner.
pub struct ScannerSim {
    address: SocketAddr,
    device: Arc<Mutex<Device>>,
    _worker: Worker,
}

impl ScannerSim {
    /// Switches the scanner on, at a free loopback TCP port, with an empty feeder and a form on
    /// the glass.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start() -> Result<Self, SimulatorError> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let failed = |source| SimulatorError::Listen { address: wanted.to_string(), source };
        let listener = listen(wanted).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let device = Arc::new(Mutex::new(Device::default()));
        let shared = Arc::clone(&device);
        let worker = Worker::start(move |stop| serve(address, listener, &shared, &stop));
        Ok(Self { address, device, _worker: worker })
    }

    /// Where eSCL clients find it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/eSCL/", self.address)
    }

    /// Lays pages (JPEG, best at the size and resolution they will be asked for) into the
    /// feeder, behind those that are there. Their backs are empty.
    pub fn load(&self, pages: Vec<Vec<u8>>) {
        lock(&self.device).feeder.extend(pages.into_iter().map(Some));
    }

    /// Lays blank forms into the feeder; each is drawn at the size it is asked for.
    pub fn load_forms(&self, count: usize) {
        lock(&self.device).feeder.extend(std::iter::repeat_n(None, count));
    }

    /// Lays a page (JPEG) on the glass, or the form again with `None`.
    pub fn lay_on_glass(&self, page: Option<Vec<u8>>) {
        lock(&self.device).glass = page;
    }

    /// Takes all paper out of the feeder.
    pub fn unload(&self) {
        lock(&self.device).feeder.clear();
    }

    /// Sheets in the feeder.
    #[must_use]
    pub fn loaded(&self) -> usize {
        lock(&self.device).feeder.len()
    }

    /// Breaks the scanner, or mends it with `None`; takes back what [`Self::fail_after`] planned.
    pub fn set_fault(&self, fault: Option<ScannerFault>) {
        let mut device = lock(&self.device);
        device.fault = fault;
        device.later = None;
    }

    /// Breaks the scanner once it has delivered so many more pages.
    pub fn fail_after(&self, pages: usize, fault: ScannerFault) {
        lock(&self.device).later = Some((pages, fault));
    }

    /// How it is broken now.
    #[must_use]
    pub fn fault(&self) -> Option<ScannerFault> {
        lock(&self.device).fault
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves connections until asked to stop; a connection's thread ends before this returns.
fn serve(address: SocketAddr, first: TcpListener, device: &Mutex<Device>, stop: &Stop) {
    let mut listener = Some(first);
    std::thread::scope(|connections| {
        while !stop.is_asked() {
            if lock(device).fault == Some(ScannerFault::Unplugged) {
                listener = None;
            } else if listener.is_none() {
                listener = listen(address).ok();
            }
            match listener.as_ref().map(TcpListener::accept) {
                Some(Ok((stream, _))) => {
                    connections.spawn(move || converse(&stream, device, stop));
                }
                _ => sleep(TICK),
            }
        }
    });
}

/// One request, one answer, then the connection is closed.
fn converse(stream: &TcpStream, device: &Mutex<Device>, stop: &Stop) {
    let gone = || stop.is_asked() || lock(device).fault == Some(ScannerFault::Unplugged);
    let Some(request) = http::receive(stream, &gone) else { return };
    while lock(device).fault == Some(ScannerFault::Silent) {
        if stop.is_asked() {
            return;
        }
        sleep(TICK);
    }
    if !gone() {
        let answer = service::answer(device, &request);
        http::send(stream, &answer);
    }
}
