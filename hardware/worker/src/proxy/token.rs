//! A signing token in a worker.

use std::{borrow::Cow, io, time::Duration};

use hardware_api::{
    DeviceError, ModuleReport, SignError, SignRequest, SigningIdentity, SigningToken, TokenStatus,
};

use crate::{Launch, message::TokenCall, session::NoParts, supervisor::Supervisor};

/// Loading modules is part of the first question, and a card is read slowly.
const LOOK: Duration = Duration::from_secs(10);
/// A token's log-in, and the first signature of a key of 4096 bits on a slow card.
const SIGN: Duration = Duration::from_secs(20);
/// Each further signature.
const SIGN_MORE: Duration = Duration::from_secs(5);

/// A signing token in a worker.
pub struct TokenProxy(Supervisor);

impl TokenProxy {
    /// Starts the worker; what it cannot do yet, its first calls wait for.
    ///
    /// # Errors
    /// When the system gives no thread to watch it.
    pub fn start(launch: Launch) -> io::Result<Self> {
        Supervisor::start(launch).map(Self)
    }
}

impl SigningToken for TokenProxy {
    fn status(&mut self) -> Result<TokenStatus, DeviceError> {
        self.0.call::<Result<_, _>>(TokenCall::Status, LOOK, &mut NoParts)?
    }

    fn identities(&mut self) -> Result<Vec<SigningIdentity>, DeviceError> {
        self.0.call::<Result<_, _>>(TokenCall::Identities, LOOK, &mut NoParts)?
    }

    fn authorities(&mut self) -> Result<Vec<Vec<u8>>, DeviceError> {
        self.0.call::<Result<_, _>>(TokenCall::Authorities, LOOK, &mut NoParts)?
    }

    fn sign(&mut self, request: &SignRequest) -> Result<Vec<Vec<u8>>, SignError> {
        let further = u32::try_from(request.messages.len()).unwrap_or(u32::MAX);
        let limit = SIGN.saturating_add(SIGN_MORE.saturating_mul(further));
        let call = TokenCall::Sign(Cow::Borrowed(request));
        self.0.call::<Result<_, _>>(call, limit, &mut NoParts)?
    }

    fn modules(&mut self) -> Result<Vec<ModuleReport>, DeviceError> {
        self.0.call::<Result<_, _>>(TokenCall::Modules, LOOK, &mut NoParts)?
    }
}
