//! How the tests open a token and sign.

use std::path::PathBuf;

use hardware_api::{LastTry, Pin, SignError, SignRequest, SigningIdentity, SigningToken};
use signing_token::{Pkcs11Token, Prober};

/// The program that tries modules.
pub fn prober() -> Prober {
    Prober::new(env!("CARGO_BIN_EXE_token-probe"), &[])
}

/// Opens `modules`, each of them in use or left out.
pub fn open(modules: &[PathBuf]) -> Pkcs11Token {
    let mut token = Pkcs11Token::open(modules, prober());
    token.settle();
    token
}

/// Signs `messages` in one go, never using up the last try.
pub fn sign(
    token: &mut Pkcs11Token,
    identity: &SigningIdentity,
    pin: &str,
    messages: &[&[u8]],
) -> Result<Vec<Vec<u8>>, SignError> {
    sign_daring(token, identity, pin, messages, LastTry::Refuse)
}

/// Signs `messages` in one go.
pub fn sign_daring(
    token: &mut Pkcs11Token,
    identity: &SigningIdentity,
    pin: &str,
    messages: &[&[u8]],
    last_try: LastTry,
) -> Result<Vec<Vec<u8>>, SignError> {
    token.sign(&SignRequest {
        identity: identity.clone(),
        pin: Pin::new(pin),
        last_try,
        messages: messages.iter().map(|message| message.to_vec()).collect(),
    })
}
