//! Devices whose drivers can only be opened while the device is there: opened at first use, and
//! again after they left. A kiosk starts in the morning whether or not the scanner is on.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use document_scanner::{Canceller, SaneScanner};
use hardware_api::{
    DeviceError, DocumentScanner, ScanEnd, ScanRequest, ScannedPage, ScannerStatus, SignError,
    SigningIdentity, SigningToken, TokenStatus,
};
use signing_token::Pkcs11Token;

/// A scanner that may come later.
pub(crate) struct LateScanner {
    name: String,
    open: Option<SaneScanner>,
    cancel: LateCanceller,
}

/// Ends a running scan, whichever handle it runs on.
#[derive(Clone, Default)]
pub(crate) struct LateCanceller(Arc<Mutex<Option<Canceller>>>);

impl LateCanceller {
    pub(crate) fn cancel(&self) {
        if let Some(canceller) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            canceller.cancel();
        }
    }

    fn set(&self, canceller: Canceller) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(canceller);
    }
}

impl LateScanner {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), open: None, cancel: LateCanceller::default() }
    }

    pub(crate) fn canceller(&self) -> LateCanceller {
        self.cancel.clone()
    }

    /// Runs `use_it` on the open scanner; one that has left is opened anew at the next use.
    fn with<T>(
        &mut self,
        use_it: impl FnOnce(&mut SaneScanner) -> Result<T, DeviceError>,
    ) -> Result<T, DeviceError> {
        let mut scanner = match self.open.take() {
            Some(scanner) => scanner,
            None => {
                let scanner = SaneScanner::open(&self.name)?;
                self.cancel.set(scanner.canceller());
                scanner
            }
        };
        let result = use_it(&mut scanner);
        if !matches!(result, Err(DeviceError::Gone { .. } | DeviceError::Silent { .. })) {
            self.open = Some(scanner);
        }
        result
    }
}

impl DocumentScanner for LateScanner {
    fn status(&mut self, deadline: Duration) -> Result<ScannerStatus, DeviceError> {
        self.with(|scanner| scanner.status(deadline))
    }

    fn scan(
        &mut self,
        request: &ScanRequest,
        deadline: Duration,
        on_page: &mut dyn FnMut(ScannedPage) -> bool,
    ) -> Result<ScanEnd, DeviceError> {
        self.with(|scanner| scanner.scan(request, deadline, on_page))
    }
}

/// A token whose modules are loaded at first use, which can take more than a second.
pub(crate) struct LateToken {
    modules: Vec<PathBuf>,
    open: Option<Pkcs11Token>,
}

impl LateToken {
    pub(crate) fn new(modules: Vec<PathBuf>) -> Self {
        Self { modules, open: None }
    }

    fn token(&mut self) -> Result<&mut Pkcs11Token, DeviceError> {
        let token = match self.open.take() {
            Some(token) => token,
            None => Pkcs11Token::open(&self.modules)?,
        };
        Ok(self.open.insert(token))
    }
}

impl SigningToken for LateToken {
    fn status(&mut self) -> Result<TokenStatus, DeviceError> {
        self.token()?.status()
    }

    fn identities(&mut self) -> Result<Vec<SigningIdentity>, DeviceError> {
        self.token()?.identities()
    }

    fn sign(
        &mut self,
        identity: &SigningIdentity,
        pin: &str,
        message: &[u8],
    ) -> Result<Vec<u8>, SignError> {
        self.token()?.sign(identity, pin, message)
    }
}
