//! Which sockets may be opened, by a filter of system calls.
//!
//! Landlock knows TCP, and that only since Linux 6.7; the filter has been there for as long as
//! any kernel that can run the kiosk, and refuses everything else that reaches another machine as
//! well. It says nothing of what other people's libraries need: besides sockets it refuses two
//! calls that go past such rules.

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};
use worker::Gap;

use super::needs::{Network, Sockets};

/// Calls of the other interface for programs of 32-bit pointers carry this bit.
const X32: i64 = 0x4000_0000;
/// The bits of a socket's kind that are no flags.
const KIND: u64 = 0xF;

/// Places of the arguments of `socket`.
const FAMILY_AT: u8 = 0;
const KIND_AT: u8 = 1;
const PROTOCOL_AT: u8 = 2;

/// Shuts what is not needed, and tells when the kernel refuses to.
pub fn shut(sockets: &Sockets) -> Vec<Gap> {
    match program(sockets).and_then(|program| apply_filter(&program)) {
        Ok(()) => vec![],
        Err(_) => vec![Gap::Network],
    }
}

fn program(sockets: &Sockets) -> Result<BpfProgram, seccompiler::Error> {
    let refused = refused_sockets(sockets)?;
    let calls = [
        (libc::SYS_socket, refused),
        // A ring carries out what would be refused here.
        (libc::SYS_io_uring_setup, vec![]),
        // Landlock learnt to refuse it with Linux 6.2: it cuts files that may only be read.
        (libc::SYS_truncate, vec![]),
    ];
    let both =
        calls.into_iter().flat_map(|(call, rules)| [(call, rules.clone()), (call | X32, rules)]);
    let refuse = SeccompAction::Errno(libc::EACCES.unsigned_abs());
    let arch = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(both.collect(), SeccompAction::Allow, refuse, arch)?;
    Ok(filter.try_into()?)
}

/// A socket that fits any of these is refused.
fn refused_sockets(sockets: &Sockets) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let (kinds, protocols): (&[i32], &[i32]) = match sockets.network {
        Network::None => (&[], &[]),
        Network::Port { by_name: false, .. } => (&[libc::SOCK_STREAM], &[0, libc::IPPROTO_TCP]),
        Network::Port { by_name: true, .. } | Network::Any => {
            (&[libc::SOCK_STREAM, libc::SOCK_DGRAM], &[0, libc::IPPROTO_TCP, libc::IPPROTO_UDP])
        }
    };
    let internet: &[i32] =
        if sockets.network == Network::None { &[] } else { &[libc::AF_INET, libc::AF_INET6] };
    let local = sockets.local.then_some(libc::AF_UNIX);
    let kernel = sockets.kernel.then_some(libc::AF_NETLINK);
    let families: Vec<i32> = local.into_iter().chain(kernel).chain(internet.to_vec()).collect();
    if families.is_empty() {
        return Ok(vec![]);
    }
    let mut rules = vec![none_of(FAMILY_AT, &families)?];
    for family in internet {
        let family = is(FAMILY_AT, SeccompCmpOp::Eq, value(*family))?;
        let mut strangers = none_of(PROTOCOL_AT, protocols)?;
        strangers.insert(0, family.clone());
        rules.push(strangers);
        for kind in (0..=KIND).filter(|kind| !kinds.iter().any(|known| value(*known) == *kind)) {
            let kind = is(KIND_AT, SeccompCmpOp::MaskedEq(KIND), kind)?;
            rules.push(vec![family.clone(), kind]);
        }
    }
    rules.into_iter().map(SeccompRule::new).collect()
}

/// The argument is none of these.
fn none_of(at: u8, values: &[i32]) -> Result<Vec<SeccompCondition>, seccompiler::BackendError> {
    values.iter().map(|it| is(at, SeccompCmpOp::Ne, value(*it))).collect()
}

fn is(
    at: u8,
    how: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(at, SeccompCmpArgLen::Dword, how, value)
}

/// Numbers of families, kinds and protocols are small and not negative.
fn value(number: i32) -> u64 {
    number.unsigned_abs().into()
}
