//! Citizens' signing tokens through PKCS#11.
//!
//! Tokens come and go while the kiosk runs: a citizen brings one, signs and takes it away. So
//! what is opened is the list of PKCS#11 modules that the center has installed, and each call
//! looks for the token anew. A session lives for one call, is logged out before it ends, and the
//! PIN with it.
//!
//! Modules are other people's code in this process. They block without a deadline and crash, and
//! most may not be linked to free software: host this crate in a worker process that can be
//! ended, one worker for all modules.

mod failure;
mod identity;
mod module;
mod signature;

use std::path::PathBuf;

use hardware_api::{DeviceError, SignError, SigningIdentity, SigningToken, TokenStatus};

use module::Module;

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

/// Loads the modules and lists the tokens present. A module that does not load lists nothing.
pub fn list(modules: &[PathBuf]) -> Vec<Found> {
    let loaded = modules.iter().filter_map(|path| Module::load(path).ok());
    loaded.flat_map(|mut module| module.found()).collect()
}

/// The signing token of whoever is at the kiosk.
#[derive(Debug)]
pub struct Pkcs11Token {
    modules: Vec<Module>,
    unusable: Vec<PathBuf>,
}

impl Pkcs11Token {
    /// Loads all modules; with OpenSC that takes more than a second. Fails only when none loads,
    /// with the reason of the first.
    pub fn open(modules: &[PathBuf]) -> Result<Self, DeviceError> {
        let mut token = Self { modules: Vec::new(), unusable: Vec::new() };
        let mut first_failure = None;
        for path in modules {
            match Module::load(path) {
                Ok(module) => token.modules.push(module),
                Err(failure) => {
                    token.unusable.push(path.clone());
                    first_failure.get_or_insert(failure);
                }
            }
        }
        match first_failure {
            Some(failure) if token.modules.is_empty() => Err(failure),
            Some(_) | None => Ok(token),
        }
    }

    /// The first module's answer that is one. A module that fails must not keep citizens from the
    /// tokens of another, so its failure is told only when no module works.
    fn first<T>(
        &mut self,
        mut ask: impl FnMut(&mut Module) -> Result<Option<T>, DeviceError>,
    ) -> Result<Option<T>, DeviceError> {
        let mut works = false;
        let mut first_failure = None;
        for module in &mut self.modules {
            match ask(module) {
                Ok(Some(answer)) => return Ok(Some(answer)),
                Ok(None) => works = true,
                Err(failure) => {
                    first_failure.get_or_insert(failure);
                }
            }
        }
        first_failure.filter(|_| !works).map_or(Ok(None), Err)
    }

    /// The modules that could not be loaded, for the operator.
    pub fn unusable(&self) -> &[PathBuf] {
        &self.unusable
    }
}

impl SigningToken for Pkcs11Token {
    /// With several tokens present, the state of the first.
    fn status(&mut self) -> Result<TokenStatus, DeviceError> {
        let pin = self.first(|module| Ok(module.tokens()?.first().map(|token| token.pin)))?;
        Ok(pin.map_or(TokenStatus::Absent, TokenStatus::Present))
    }

    fn identities(&mut self) -> Result<Vec<SigningIdentity>, DeviceError> {
        let mut identities = Vec::new();
        self.first(|module| {
            for token in module.tokens()? {
                identities.extend(identity::all(module, token.slot)?);
            }
            Ok(None::<()>)
        })?;
        identities.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(identities)
    }

    fn sign(
        &mut self,
        identity: &SigningIdentity,
        pin: &str,
        message: &[u8],
    ) -> Result<Vec<u8>, SignError> {
        let signed = self.first(|module| {
            for token in module.tokens()? {
                let session = module.session(token.slot)?;
                // The slot is known by the certificate, not by its place: the token may have
                // been swapped since it was listed, and a PIN must not go to another one.
                if identity::is_on(module, &session, identity)? {
                    module.forget();
                    let slot = token.slot;
                    let signed = signature::make(module, slot, &session, identity, pin, message);
                    return Ok(Some(signed));
                }
            }
            Ok(None)
        })?;
        signed.unwrap_or_else(|| {
            let device = "token with the chosen certificate".to_owned();
            Err(DeviceError::Gone { device }.into())
        })
    }
}
