//! Programs that die with the lab, whatever ends it: the kernel kills them when the lab is gone.

use std::{ffi::OsStr, os::unix::process::CommandExt as _, process::Command};

/// Asked for its parent's death only now, a program would miss one that came before.
const STILL_THERE: &str = r#"[ "$PPID" = "$0" ] && exec "$@""#;

/// A command for `program` that dies with the thread that starts it, so with the lab at the
/// latest. A signal for the lab's terminal does not reach it: the lab ends it in its own order.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "KILL", "sh", "-c", STILL_THERE])
        .arg(std::process::id().to_string())
        .arg(program)
        .process_group(0);
    command
}
