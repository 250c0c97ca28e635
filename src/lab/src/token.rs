//! A slot from which the software token can be pulled, which the token itself cannot imitate.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use hardware_api::{
    DeviceError, ModuleReport, SignError, SignRequest, SigningIdentity, SigningToken, TokenStatus,
};

/// The PKCS#11 module of the software token.
const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// Through what a hall's kiosk reaches tokens, and whom it trusts.
#[derive(Debug, Clone, Default)]
pub struct TokenSetup {
    /// PKCS#11 modules.
    pub modules: Vec<PathBuf>,
    /// Certificates of trusted authorities.
    pub roots: Vec<PathBuf>,
    /// Lists of revoked certificates.
    pub revoked: Vec<PathBuf>,
}

impl TokenSetup {
    /// The software token in the folder where `make-token.sh` left it; `None` when it did not.
    #[must_use]
    pub fn software(folder: &Path) -> Option<Self> {
        let root = folder.join("ca.pem");
        root.exists().then(|| Self {
            modules: vec![SOFTHSM.into()],
            roots: vec![root],
            revoked: vec![],
        })
    }
}

/// The slot as the bench sees it.
#[derive(Debug, Clone)]
pub struct TokenSlot(Arc<AtomicBool>);

impl TokenSlot {
    /// An empty slot.
    pub(crate) fn empty() -> Self {
        Self(Arc::new(AtomicBool::new(false)))
    }

    /// Puts the token in, or pulls it.
    pub fn set_inserted(&self, inserted: bool) {
        self.0.store(inserted, Ordering::SeqCst);
    }

    /// Whether it is in.
    #[must_use]
    pub fn is_inserted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Puts the slot before a token.
    pub(crate) fn around(&self, token: Box<dyn SigningToken>) -> Box<dyn SigningToken> {
        Box::new(Slotted { slot: self.clone(), token })
    }
}

struct Slotted {
    slot: TokenSlot,
    token: Box<dyn SigningToken>,
}

impl Slotted {
    fn reach(&mut self) -> Result<&mut dyn SigningToken, DeviceError> {
        if self.slot.is_inserted() {
            Ok(self.token.as_mut())
        } else {
            Err(DeviceError::Gone { device: "signing token".to_owned() })
        }
    }
}

impl SigningToken for Slotted {
    fn status(&mut self) -> Result<TokenStatus, DeviceError> {
        self.reach().map_or(Ok(TokenStatus::Absent), SigningToken::status)
    }

    fn identities(&mut self) -> Result<Vec<SigningIdentity>, DeviceError> {
        self.reach()?.identities()
    }

    fn authorities(&mut self) -> Result<Vec<Vec<u8>>, DeviceError> {
        self.reach()?.authorities()
    }

    fn sign(&mut self, request: &SignRequest) -> Result<Vec<Vec<u8>>, SignError> {
        self.reach().map_err(|_| SignError::Left)?.sign(request)
    }

    fn modules(&mut self) -> Result<Vec<ModuleReport>, DeviceError> {
        self.token.modules()
    }
}
