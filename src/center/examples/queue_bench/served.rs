//! The center under test, in a process of its own: this program, started again.

use std::{
    io::Write as _,
    path::Path,
    process::Stdio,
    sync::Arc,
    time::{Duration, SystemTime},
};

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version, password_hash::SaltString};
use center::{CenterConfig, Counter, Officer, PasswordHash};
use domain::{Bilingual, CounterNo};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

use crate::{Failure, callers::PASSWORD};

/// Officers, each at a counter of their own that serves every field.
pub const OFFICERS: u16 = 8;

/// The started center; gone when dropped.
pub struct Served {
    child: Child,
    folder: std::path::PathBuf,
    /// Where it listens.
    pub url: String,
}

impl Served {
    /// Starts it on a free port.
    pub async fn start() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("queue-bench-{}", std::process::id()));
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve").arg(&folder).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.kill_on_drop(true).spawn()?;
        let out = child.stdout.take().ok_or("no standard output")?;
        let url = BufReader::new(out).lines().next_line().await?.ok_or("it did not start")?;
        Ok(Self { child, folder, url })
    }

    /// User and system time it has used.
    pub fn cpu_time(&self) -> Result<Duration, Failure> {
        cpu_time(&self.child.id().ok_or("the center is gone")?.to_string())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // What stays behind is a folder in the machine's temporary one.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// User and system time of a process, from the kernel's own account in ticks of 10 ms.
pub fn cpu_time(process: &str) -> Result<Duration, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process name in the stat file")?;
    // Fields 14 and 15 of the manual; the first after the name is field 3.
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Ok(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>()?))
}

/// Serves a center in `folder` until killed; says where on standard output.
pub fn serve(folder: &Path) -> Result<(), Failure> {
    let config = config(folder)?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
        center::serve(config, listener, Arc::new(now), std::future::pending()).await?;
        Ok(())
    })
}

#[expect(clippy::disallowed_methods, reason = "the one place where this program reads the clock")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::try_from(SystemTime::now()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

fn config(folder: &Path) -> Result<CenterConfig, Failure> {
    let mut config = CenterConfig::parse(include_str!("../../../../config/center.example.toml"))?;
    config.data_dir = folder.to_owned();
    let hash = hash()?;
    let fields: Vec<_> = config.fields.iter().map(|field| field.code.clone()).collect();
    let counter = |number| Counter {
        number: CounterNo(number),
        name: Bilingual::new("Quầy", "Counter"),
        fields: fields.clone(),
    };
    let officer = |number| Officer {
        login: format!("quay{number}"),
        password: hash.clone(),
        counter: CounterNo(number),
    };
    config.counters = (1..=OFFICERS).map(counter).collect();
    config.officers = (1..=OFFICERS).map(officer).collect();
    Ok(config)
}

/// A hash that is quick to compute: log-ins are not what is measured.
fn hash() -> Result<PasswordHash, Failure> {
    let params = Params::new(8, 1, 1, None).map_err(|error| error.to_string())?;
    let salt = SaltString::encode_b64(b"eight or more").map_err(|error| error.to_string())?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(PASSWORD.as_bytes(), &salt);
    Ok(PasswordHash(hash.map_err(|error| error.to_string())?.to_string()))
}
