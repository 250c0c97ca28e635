//! What the worker of each class needs, as far as its settings tell.

use std::{
    env,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use settings::{CodePort, PrinterPort, Token};

/// All devices at the USB; one that is plugged in again is another file in there.
const USB: &str = "/dev/bus/usb";
/// Locks that scanner backends take.
const LOCKS: &str = "/run/lock";

/// What one worker needs beyond the system's files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Files and folders it reads.
    pub read: Vec<PathBuf>,
    /// Files and folders it changes.
    pub write: Vec<PathBuf>,
    /// Where its device is.
    pub devices: Devices,
    /// How it may speak to others.
    pub sockets: Sockets,
}

/// The files below `/dev` that are its device.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum Devices {
    /// None: the device is reached in another way.
    #[default]
    None,
    /// The file at this path, or what the link there leads to.
    At(PathBuf),
    /// Everything in this folder.
    Below(PathBuf),
    /// The cameras: which of them has the wanted name, only opening tells.
    Cameras,
}

/// Families of sockets.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sockets {
    /// To services of this machine, through files: pcscd, the resolver.
    pub local: bool,
    /// From the kernel: what is plugged in.
    pub kernel: bool,
    /// To other machines.
    pub network: Network,
}

/// Connections to other machines.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// None.
    #[default]
    None,
    /// TCP to one port; datagrams only where a name must be resolved.
    Port { port: u16, by_name: bool },
    /// TCP and UDP, wherever the library finds its device.
    Any,
}

/// A printer by USB or serial line needs no network; one in the network its own port.
pub fn printer(port: &PrinterPort) -> Needs {
    let (devices, sockets) = match port {
        PrinterPort::Tcp(address) => (Devices::None, to_printer(address)),
        PrinterPort::Serial { path, .. } => (Devices::At(path.into()), Sockets::default()),
        PrinterPort::Usb { .. } => {
            (Devices::Below(USB.into()), Sockets { kernel: true, ..Sockets::default() })
        }
        PrinterPort::None => (Devices::None, Sockets::default()),
    };
    Needs { devices, sockets, ..Needs::default() }
}

fn to_printer(address: &str) -> Sockets {
    let by_name = address.parse::<SocketAddr>().is_err();
    let port = address.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    let network = port.map_or(Network::Any, |port| Network::Port { port, by_name });
    Sockets { local: by_name, kernel: by_name, network }
}

/// SANE's backends for the network say so in the name; of those that can do both, the rest of the
/// name tells.
pub fn scanner(name: &str) -> Needs {
    const NETWORK: [&str; 4] = ["airscan", "escl", "net", "dell1600n_net"];
    const BOTH: [&str; 9] = [
        "brother3",
        "brother4",
        "epson2",
        "epsonds",
        "hpaio",
        "kodakaio",
        "magicolor",
        "pixma",
        "xerox_mfp",
    ];
    let (backend, place) = name.split_once(':').unwrap_or((name, ""));
    let at_usb = place.contains("usb") || place.starts_with("bus");
    let in_network = NETWORK.contains(&backend) || (BOTH.contains(&backend) && !at_usb);
    let devices = match place.find("/dev/").and_then(|at| place.get(at..)) {
        _ if in_network || backend == "test" => Devices::None,
        Some(node) => Devices::At(node.into()),
        None => Devices::Below(USB.into()),
    };
    Needs {
        read: named_by("SANE_CONFIG_DIR"),
        write: if devices == Devices::None { vec![] } else { vec![LOCKS.into()] },
        devices,
        sockets: Sockets {
            local: true,
            kernel: true,
            network: if in_network { Network::Any } else { Network::None },
        },
    }
}

/// A picture that stands for a camera lies in a folder of its own, which goes when the camera is
/// pulled and comes back as another: what stays is the folder above.
pub fn code(port: &CodePort) -> Needs {
    let (read, devices) = match port {
        CodePort::Image(path) => {
            let above = path.ancestors().nth(2).map(Path::to_owned);
            (above.into_iter().collect(), Devices::None)
        }
        CodePort::Serial { path, .. } | CodePort::Wedge(path) => (vec![], Devices::At(path.into())),
        CodePort::Camera(place) if place.starts_with('/') => (vec![], Devices::At(place.into())),
        CodePort::Camera(_) => (vec![], Devices::Cameras),
    };
    Needs { read, devices, ..Needs::default() }
}

/// The service of the card readers is reached through its socket, and holds the device.
pub fn card() -> Needs {
    Needs { sockets: Sockets { local: true, ..Sockets::default() }, ..Needs::default() }
}

/// Modules of makers, and where a token in software keeps its keys. Some modules go through
/// pcscd, others to the USB themselves, and share memory between programs.
pub fn token(settings: &Token, program: &Path) -> Needs {
    let folders = settings.modules.iter().filter_map(|module| module.parent());
    let mut read: Vec<PathBuf> = folders.map(Path::to_owned).collect();
    read.push(program.to_owned());
    let soft =
        named_by("SOFTHSM2_CONF").into_iter().filter_map(|file| file.parent().map(Path::to_owned));
    let write = soft.chain(["/var/lib/softhsm", "/dev/shm"].map(PathBuf::from)).collect();
    Needs {
        read,
        write,
        devices: Devices::Below(USB.into()),
        sockets: Sockets { local: true, kernel: true, network: Network::None },
    }
}

#[expect(clippy::disallowed_methods, reason = "libraries read it themselves; it is only let pass")]
fn named_by(variable: &str) -> Vec<PathBuf> {
    env::var(variable).ok().map(PathBuf::from).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_has_the_network_or_a_device_and_never_both() {
        let usb = Devices::Below(USB.into());
        for (name, devices, network) in [
            ("genesys:libusb:001:004", usb.clone(), Network::None),
            ("epson2:libusb:001:004", usb.clone(), Network::None),
            ("hpaio:/usb/ScanJet?serial=1", usb.clone(), Network::None),
            ("brother4:bus3;dev1", usb.clone(), Network::None),
            ("fujitsu:ScanSnap iX1500:7", usb, Network::None),
            ("avision:/dev/sg0", Devices::At("/dev/sg0".into()), Network::None),
            ("test:0", Devices::None, Network::None),
            ("epson2:net:192.168.1.9", Devices::None, Network::Any),
            ("hpaio:/net/laserjet?ip=10.0.0.2", Devices::None, Network::Any),
            ("pixma:MF4800_192.168.1.5", Devices::None, Network::Any),
            ("net:localhost:test:0", Devices::None, Network::Any),
            ("airscan:e0:Scanner", Devices::None, Network::Any),
            ("escl:http://10.0.0.2:80", Devices::None, Network::Any),
        ] {
            let needs = scanner(name);
            assert_eq!((needs.devices, needs.sockets.network), (devices, network), "{name}");
        }
    }

    #[test]
    fn a_printer_in_the_network_has_its_own_port_and_datagrams_only_for_its_name() {
        for (address, port, by_name) in [
            ("192.168.1.8:9100", 9100, false),
            ("[fe80::1]:9101", 9101, false),
            ("printer.local:9100", 9100, true),
        ] {
            let Needs { devices, sockets, .. } = printer(&PrinterPort::Tcp(address.to_owned()));
            assert_eq!(sockets.network, Network::Port { port, by_name }, "{address}");
            assert_eq!((devices, sockets.local), (Devices::None, by_name));
        }
    }
}
