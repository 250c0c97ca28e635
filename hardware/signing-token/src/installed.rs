//! The installed modules: being tried, in use, or left out for a while.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hardware_api::{DeviceError, ModuleFault, ModuleReport, ModuleState};

use crate::module::Module;
use crate::probe::{Probe, Prober};

/// Longest rest of a module that keeps failing. A module mended in the morning serves by then.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// A module of the settings.
#[derive(Debug)]
pub(crate) struct Installed {
    path: PathBuf,
    standing: Standing,
    failures: u32,
}

#[derive(Debug)]
enum Standing {
    Untried,
    Trying(Probe),
    Usable(Module),
    LeftOut { fault: ModuleFault, until: Instant },
}

impl Installed {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), standing: Standing::Untried, failures: 0 }
    }

    /// Takes what came out of a probe, and starts the next one when it is due. Never waits.
    pub(crate) fn refresh(&mut self, prober: &Prober, now: Instant) {
        let due = match &mut self.standing {
            Standing::Untried => true,
            Standing::LeftOut { until, .. } => *until <= now,
            Standing::Usable(_) => false,
            Standing::Trying(probe) => {
                if let Some(verdict) = probe.verdict(now) {
                    match verdict.and_then(|()| Module::load(&self.path).map_err(|e| fault(&e))) {
                        Ok(module) => {
                            self.standing = Standing::Usable(module);
                            self.failures = 0;
                        }
                        Err(fault) => self.leave_out(fault, prober, now),
                    }
                }
                false
            }
        };
        if due {
            match prober.start(&self.path, now) {
                Ok(probe) => self.standing = Standing::Trying(probe),
                Err(fault) => self.leave_out(fault, prober, now),
            }
        }
    }

    fn leave_out(&mut self, fault: ModuleFault, prober: &Prober, now: Instant) {
        let until = now + pause(prober.first_pause(), self.failures);
        self.failures = self.failures.saturating_add(1);
        self.standing = Standing::LeftOut { fault, until };
    }

    pub(crate) fn usable(&mut self) -> Option<&mut Module> {
        match &mut self.standing {
            Standing::Usable(module) => Some(module),
            Standing::Untried | Standing::Trying(_) | Standing::LeftOut { .. } => None,
        }
    }

    pub(crate) fn is_open_question(&self) -> bool {
        matches!(self.standing, Standing::Untried | Standing::Trying(_))
    }

    pub(crate) fn report(&self) -> ModuleReport {
        let state = match &self.standing {
            Standing::Untried | Standing::Trying(_) => ModuleState::Trying,
            Standing::Usable(_) => ModuleState::Usable,
            Standing::LeftOut { fault, .. } => ModuleState::LeftOut(*fault),
        };
        ModuleReport { module: self.path.display().to_string(), state }
    }
}

/// It came through the probe and then failed here.
fn fault(error: &DeviceError) -> ModuleFault {
    let not_there = matches!(error, DeviceError::Gone { .. });
    if not_there { ModuleFault::NotLoaded } else { ModuleFault::Nonsense }
}

fn pause(first: Duration, failures: u32) -> Duration {
    let doubled = 2u32.checked_pow(failures).and_then(|times| first.checked_mul(times));
    doubled.map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_ten_minutes() {
        let seconds = |failures| pause(Duration::from_secs(10), failures).as_secs();
        assert_eq!([0, 1, 2, 5, 6, 40, u32::MAX].map(seconds), [10, 20, 40, 320, 600, 600, 600]);
    }

    #[test]
    fn a_failing_module_is_left_out_and_tried_again_when_its_pause_is_over() {
        // `false` is no prober, so whatever it is asked about has crashed.
        let prober = Prober::new("false", &[]);
        let mut module = Installed::new(Path::new("any.so"));
        let mut now = Instant::now();
        for pause in [10, 20, 40] {
            module.refresh(&prober, now);
            assert_eq!(module.report().state, ModuleState::Trying);
            while module.report().state == ModuleState::Trying {
                std::thread::sleep(Duration::from_millis(5));
                module.refresh(&prober, now);
            }
            assert_eq!(module.report().state, ModuleState::LeftOut(ModuleFault::Crashed));
            module.refresh(&prober, now + Duration::from_secs(pause - 1));
            assert_eq!(module.report().state, ModuleState::LeftOut(ModuleFault::Crashed));
            now += Duration::from_secs(pause);
        }
    }

    #[test]
    fn without_a_prober_nothing_is_loaded() {
        let mut module = Installed::new(Path::new("/usr/lib/softhsm/libsofthsm2.so"));
        module.refresh(&Prober::new("/nowhere/token-probe", &[]), Instant::now());
        assert_eq!(module.report().state, ModuleState::LeftOut(ModuleFault::NotLoaded));
        assert!(module.usable().is_none());
    }
}
