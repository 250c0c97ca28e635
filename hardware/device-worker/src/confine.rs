//! What a worker may touch: less than the kiosk, and only what its device needs.
//!
//! First, before any library is loaded: it dies with the kiosk, leaves no core dump, gets no
//! rights by starting programs, and has a bound for its memory. Then, when its settings are
//! known, Landlock shuts the file system (no home, not the kiosk's own folders) and TCP. A kernel
//! that can less confines less: the kiosk's unit in `config/systemd` holds as well.

use std::{
    env, io,
    path::{Path, PathBuf},
};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, NetPort, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, Scope, path_beneath_rules,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use settings::{CodePort, PrinterPort, Token};

/// What rules are written for; older kernels take the part they know.
const KNOWN: ABI = ABI::V6;
/// Files a driver may have open at once; libraries leak them.
const OPEN_FILES: u64 = 256;

/// Programs, libraries and their configuration; devices as the system describes them.
const SYSTEM: [&str; 10] =
    ["/usr", "/bin", "/lib", "/lib64", "/etc", "/opt", "/sys", "/run", "/proc/self", "/proc/sys"];
/// Devices are told apart by their owners and by the unit's allow-list: a device that is plugged
/// in again is another file.
const DEVICES: [&str; 2] = ["/dev", "/run/lock"];

/// What one worker needs beyond the system's files.
#[derive(Debug, Default)]
pub struct Needs {
    read: Vec<PathBuf>,
    write: Vec<PathBuf>,
    tcp: Tcp,
}

/// Connections to other machines.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Tcp {
    /// None.
    #[default]
    None,
    /// To one port.
    Port(u16),
    /// Wherever the library finds its device.
    Any,
}

/// A printer by USB or serial line needs no network; one in the network its own port.
pub fn printer(port: &PrinterPort) -> Needs {
    let tcp = match port {
        PrinterPort::Tcp(address) => {
            let port = address.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
            port.map_or(Tcp::Any, Tcp::Port)
        }
        PrinterPort::None | PrinterPort::Serial { .. } | PrinterPort::Usb { .. } => Tcp::None,
    };
    Needs { tcp, ..Needs::default() }
}

/// SANE's backends for the network say so in the name.
pub fn scanner(name: &str) -> Needs {
    let backend = name.split(':').next().unwrap_or_default();
    let network = ["airscan", "escl", "net", "xerox_mfp", "hpaio", "epsonds", "epson2"];
    Needs {
        read: named_by("SANE_CONFIG_DIR"),
        write: vec![],
        tcp: if network.contains(&backend) { Tcp::Any } else { Tcp::None },
    }
}

/// A picture that stands for a camera lies in a folder of its own, which goes when the camera is
/// pulled and comes back as another: what stays is the folder above.
pub fn code(port: &CodePort) -> Needs {
    let read = match port {
        CodePort::Image(path) => path.ancestors().nth(2).map(Path::to_owned).into_iter().collect(),
        CodePort::Serial { .. } | CodePort::Camera(_) | CodePort::Wedge(_) => vec![],
    };
    Needs { read, ..Needs::default() }
}

/// The service of the card readers is reached through its socket.
pub fn card() -> Needs {
    Needs::default()
}

/// Modules of makers, and where a token in software keeps its keys.
pub fn token(settings: &Token, program: &Path) -> Needs {
    let folders = settings.modules.iter().filter_map(|module| module.parent());
    let mut read: Vec<PathBuf> = folders.map(Path::to_owned).collect();
    read.push(program.to_owned());
    let soft =
        named_by("SOFTHSM2_CONF").into_iter().filter_map(|file| file.parent().map(Path::to_owned));
    let write = soft.chain([PathBuf::from("/var/lib/softhsm")]).collect();
    Needs { read, write, tcp: Tcp::None }
}

#[expect(clippy::disallowed_methods, reason = "libraries read it themselves; it is only let pass")]
fn named_by(variable: &str) -> Vec<PathBuf> {
    env::var(variable).ok().map(PathBuf::from).into_iter().collect()
}

/// Limits that hold for whatever is loaded later.
pub fn before_anything(memory_mib: u64) -> io::Result<()> {
    // The pipe tells it too, but not to a worker that is stopped.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // A core would hold PINs and pages.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    rustix::thread::set_no_new_privs(true)?;
    let most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
    setrlimit(Resource::Core, most(0))?;
    setrlimit(Resource::As, most(memory_mib.saturating_mul(1 << 20)))?;
    setrlimit(Resource::Nofile, most(OPEN_FILES))?;
    Ok(())
}

/// Shuts everything but what the device needs. To be called while there is one thread.
pub fn before_use(needs: &Needs) {
    // A kernel without Landlock, or one that is told not to use it, is no reason not to print.
    let _unconfined = shut(needs);
}

fn shut(needs: &Needs) -> Result<(), RulesetError> {
    let read = AccessFs::from_read(KNOWN);
    let all = AccessFs::from_all(KNOWN);
    let mut rules = Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::BindTcp)?
        .scope(Scope::Signal | Scope::AbstractUnixSocket)?;
    if needs.tcp != Tcp::Any {
        rules = rules.handle_access(AccessNet::ConnectTcp)?;
    }
    let mut rules = rules
        .create()?
        .add_rules(path_beneath_rules(SYSTEM, read))?
        .add_rules(path_beneath_rules(&needs.read, read))?
        .add_rules(path_beneath_rules(DEVICES, all))?
        .add_rules(path_beneath_rules(&needs.write, all))?;
    if let Tcp::Port(port) = needs.tcp {
        rules = rules.add_rule(NetPort::new(port, AccessNet::ConnectTcp))?;
    }
    rules.restrict_self()?;
    Ok(())
}
