//! Citizens' signing tokens through PKCS#11.
//!
//! Tokens come and go while the kiosk runs: a citizen brings one, signs and takes it away. So
//! what is opened is the list of PKCS#11 modules that the center has installed, and each call
//! looks for the token anew. A session lives for one call, is logged out before it ends, and the
//! PIN with it.
//!
//! Modules are other people's code in this process. They block without a deadline and crash, and
//! most may not be linked to free software: host this crate in a worker process that can be
//! ended, one worker for all modules. So that one bad module does not end that process again and
//! again, each is tried in a child first and left out for a while when it fails there.

mod certificate;
mod failure;
mod identity;
mod installed;
mod mechanism;
mod module;
mod probe;
mod signature;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use hardware_api::{
    DeviceError, ModuleReport, SignError, SignRequest, SigningIdentity, SigningToken, TokenStatus,
};

use installed::Installed;
use module::Module;

pub use probe::{Prober, probe};

/// A token that was seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The module it was seen through.
    pub module: PathBuf,
    /// Its label, as its owner or issuer set it: may be personal.
    pub label: String,
    /// Maker and model, for the operator.
    pub model: String,
}

impl std::fmt::Debug for Found {
    /// Leaves the label out, as owners put their names there.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Found({} through {})", self.model, self.module.display())
    }
}

/// Tries the modules and lists the tokens present. A module that is left out lists nothing.
pub fn list(modules: &[PathBuf], prober: Prober) -> Vec<Found> {
    let mut token = Pkcs11Token::open(modules, prober);
    token.settle();
    token.modules.iter_mut().filter_map(Installed::usable).flat_map(Module::found).collect()
}

/// The signing token of whoever is at the kiosk.
#[derive(Debug)]
pub struct Pkcs11Token {
    modules: Vec<Installed>,
    prober: Prober,
}

impl Pkcs11Token {
    /// Begins to try all modules and returns at once. Until a module came through, which takes
    /// more than a second with OpenSC, its tokens count as absent.
    #[must_use]
    pub fn open(modules: &[PathBuf], prober: Prober) -> Self {
        let modules = modules.iter().map(|path| Installed::new(path)).collect();
        let mut token = Self { modules, prober };
        token.refresh();
        token
    }

    /// Waits until every module is in use or left out, at most as long as one may take.
    pub fn settle(&mut self) {
        let until = Instant::now() + self.prober.deadline() + Duration::from_secs(1);
        self.refresh();
        while self.modules.iter().any(Installed::is_open_question) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
            self.refresh();
        }
    }

    fn refresh(&mut self) {
        let now = Instant::now();
        for module in &mut self.modules {
            module.refresh(&self.prober, now);
        }
    }

    /// The first module's answer that is one. A module that fails must not keep citizens from the
    /// tokens of another, so its failure is told only when no module works.
    fn first<T>(
        &mut self,
        mut ask: impl FnMut(&mut Module) -> Result<Option<T>, DeviceError>,
    ) -> Result<Option<T>, DeviceError> {
        self.refresh();
        let mut works = self.modules.iter().any(Installed::is_open_question);
        let mut failure = (!works && !self.modules.is_empty())
            .then(|| DeviceError::Gone { device: "PKCS#11 module".to_owned() });
        for module in self.modules.iter_mut().filter_map(Installed::usable) {
            match ask(module) {
                Ok(Some(answer)) => return Ok(Some(answer)),
                Ok(None) => works = true,
                Err(error) => failure = Some(error),
            }
        }
        failure.filter(|_| !works).map_or(Ok(None), Err)
    }

    /// What every module answers for every token present.
    fn gather<T>(
        &mut self,
        ask: impl Fn(&Module, cryptoki::slot::Slot) -> Result<Vec<T>, DeviceError>,
    ) -> Result<Vec<T>, DeviceError> {
        let mut all = Vec::new();
        self.first(|module| {
            for token in module.tokens()? {
                all.extend(ask(module, token.slot)?);
            }
            Ok(None::<()>)
        })?;
        Ok(all)
    }
}

impl SigningToken for Pkcs11Token {
    /// With several tokens present, the state of the first.
    fn status(&mut self) -> Result<TokenStatus, DeviceError> {
        let pin = self.first(|module| Ok(module.tokens()?.first().map(|token| token.pin)))?;
        Ok(pin.map_or(TokenStatus::Absent, TokenStatus::Present))
    }

    fn identities(&mut self) -> Result<Vec<SigningIdentity>, DeviceError> {
        let mut identities = self.gather(identity::all)?;
        identities.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(identities)
    }

    fn authorities(&mut self) -> Result<Vec<Vec<u8>>, DeviceError> {
        self.gather(identity::authorities)
    }

    fn sign(&mut self, request: &SignRequest) -> Result<Vec<Vec<u8>>, SignError> {
        let signed = self.first(|module| {
            for token in module.tokens()? {
                let session = module.session(token.slot)?;
                // The slot is known by the certificate, not by its place: the token may have
                // been swapped since it was listed, and a PIN must not go to another one.
                if identity::is_on(module, &session, &request.identity)? {
                    module.forget();
                    return Ok(Some(signature::make(module, token.slot, &session, request)));
                }
            }
            Ok(None)
        })?;
        signed.unwrap_or(Err(SignError::Left))
    }

    fn modules(&mut self) -> Result<Vec<ModuleReport>, DeviceError> {
        self.refresh();
        Ok(self.modules.iter().map(Installed::report).collect())
    }
}
