//! A card reader of the journey's own, with a pcscd of its own: both have one place on a machine,
//! so the journey runs in namespaces where it is alone, and they end with it.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::project;

/// OpenSC's PKCS#11 module.
pub const OPENSC: &str = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";

/// What runs in the namespaces before the journey.
const PREPARED: &str = r#"
set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
pcscd --foreground > /dev/null 2>&1 &
for _ in $(seq 200); do [ -S /run/pcscd/pcscd.comm ] && break; sleep 0.05; done
exec "$@"
"#;

/// The command that runs what stands after it alone with a reader.
pub fn alone() -> Vec<&'static str> {
    let namespaces = "unshare --map-root-user --mount --net --pid --fork --kill-child";
    let words = namespaces.split(' ').chain(["bash", "-c", PREPARED, "stage"]);
    words.collect()
}

/// A card in the reader, pulled when dropped.
pub struct Inserted(Child);

/// Puts a card in: one of `tests/rig` that keeps itself in `folder`.
pub fn insert(card: &str, folder: &Path, options: &[&str]) -> Inserted {
    let folder = folder.display().to_string();
    lay(card, &[&[folder.as_str()], options].concat())
}

/// Lays a card of `tests/rig` on the reader.
pub fn lay(card: &str, options: &[&str]) -> Inserted {
    let mut command = Command::new(python());
    command.arg(project().join("tests/rig").join(card)).args(options);
    Inserted(command.stdout(Stdio::null()).spawn().unwrap())
}

/// The Python with the pinned packages.
pub fn python() -> PathBuf {
    let python = std::env::var_os("MOTCUA_PYTHON").map(PathBuf::from);
    python.unwrap_or_else(|| project().join(".venv/bin/python"))
}

impl Drop for Inserted {
    fn drop(&mut self) {
        // One that a fault took out has ended already.
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }
}
