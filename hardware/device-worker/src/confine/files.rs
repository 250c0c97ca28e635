//! Files, devices, ports and signals, by Landlock.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, LandlockStatus, NetPort, RestrictionStatus, Ruleset,
    RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope,
    path_beneath_rules,
};
use worker::Gap;

use super::{
    needs::{Needs, Network},
    nodes::{FOR_ALL, Let},
};

/// What rules are written for; older kernels take the part they know.
const KNOWN: ABI = ABI::V6;

/// Programs, libraries and their configuration; devices as the system describes them.
const SYSTEM: [&str; 10] =
    ["/usr", "/bin", "/lib", "/lib64", "/etc", "/opt", "/sys", "/run", "/proc/self", "/proc/sys"];

/// Shuts what the device does not need, and tells what the kernel could not shut.
pub fn shut(needs: &Needs, devices: &Let) -> Vec<Gap> {
    let status = try_shut(needs, devices);
    let known = match status {
        Ok(RestrictionStatus { ruleset: RulesetStatus::NotEnforced, .. }) | Err(_) => {
            ABI::Unsupported
        }
        Ok(RestrictionStatus { landlock, .. }) => match landlock {
            LandlockStatus::Available { effective_abi, .. } => effective_abi,
            LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => ABI::Unsupported,
        },
    };
    gaps(known, needs.sockets.network)
}

fn gaps(known: ABI, network: Network) -> Vec<Gap> {
    let wanted = [
        (ABI::V1, Gap::Files, true),
        (ABI::V4, Gap::Ports, network != Network::None),
        (ABI::V6, Gap::Signals, true),
    ];
    let open = wanted.into_iter().filter(|(since, _, matters)| *matters && known < *since);
    open.map(|(_, gap, _)| gap).collect()
}

fn try_shut(needs: &Needs, devices: &Let) -> Result<RestrictionStatus, RulesetError> {
    let read = AccessFs::from_read(KNOWN);
    let all = AccessFs::from_all(KNOWN);
    let device = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::IoctlDev | AccessFs::ReadDir;
    let mut rules = Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::BindTcp)?
        .scope(Scope::Signal | Scope::AbstractUnixSocket)?;
    if needs.sockets.network != Network::Any {
        rules = rules.handle_access(AccessNet::ConnectTcp)?;
    }
    let mut rules = rules
        .create()?
        .add_rules(path_beneath_rules(SYSTEM, read))?
        .add_rules(path_beneath_rules(["/dev"], AccessFs::ReadDir))?
        .add_rules(path_beneath_rules(FOR_ALL, device))?
        .add_rules(path_beneath_rules(devices.files(), device))?
        .add_rules(path_beneath_rules(&needs.read, read))?
        .add_rules(path_beneath_rules(&needs.write, all))?;
    if let Network::Port { port, .. } = needs.sockets.network {
        rules = rules.add_rule(NetPort::new(port, AccessNet::ConnectTcp))?;
    }
    rules.restrict_self()
}
