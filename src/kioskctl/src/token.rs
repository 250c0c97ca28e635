//! Signing tokens by hand.

use hardware_api::{
    LastTry, ModuleFault, ModuleState, Pin, PinState, SignAlgorithm, SignRequest, SigningIdentity,
    TokenStatus,
};
use serde_json::json;

use crate::{arguments::Token, failure::Failure, fleet::Fleet, output::Output, terminal};

/// What is signed: nothing that means anything.
const MESSAGE: &[u8] = b"kioskctl token test";

pub(crate) fn run(command: &Token, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let mut token = fleet.token()?;
    match command {
        Token::List => {
            for report in token.modules()? {
                let words = format!("{}: {}", report.module, describe_module(report.state));
                out.say(&words, &report)?;
            }
            Ok(())
        }
        Token::Status => {
            let status = token.status()?;
            out.say(describe(status), &status)
        }
        Token::Test => {
            let identities = token.identities()?;
            if identities.is_empty() {
                return Err(Failure::Unfit("there is no token with a key to sign with".to_owned()));
            }
            let pin = Pin::new(&terminal::ask_secret("PIN: ")?);
            for identity in identities {
                let words = said_of(&identity);
                let algorithm = format!("{:?}", identity.algorithm);
                let request = SignRequest {
                    identity,
                    pin: pin.clone(),
                    last_try: LastTry::Refuse,
                    messages: vec![MESSAGE.to_vec()],
                };
                let signatures = token.sign(&request)?;
                let bytes = signatures.first().map_or(0, Vec::len);
                out.say(
                    &format!("{words}: signed, {bytes} bytes"),
                    &json!({ "algorithm": algorithm, "bytes": bytes }),
                )?;
            }
            Ok(())
        }
    }
}

/// Neither holder nor number: both are personal.
fn said_of(identity: &SigningIdentity) -> String {
    let algorithm = match identity.algorithm {
        SignAlgorithm::RsaPkcs1Sha256 => "RSA with SHA-256",
        SignAlgorithm::EcdsaP256Sha256 => "ECDSA on P-256",
        SignAlgorithm::EcdsaP384Sha384 => "ECDSA on P-384",
    };
    format!("a key by {}, {algorithm}", identity.issuer)
}

/// In words.
pub(crate) fn describe(status: TokenStatus) -> &'static str {
    match status {
        TokenStatus::Absent => "there is no token",
        TokenStatus::Present(PinState::Fresh) => "a token is there",
        TokenStatus::Present(PinState::CountLow) => "a token is there; a wrong PIN was given",
        TokenStatus::Present(PinState::FinalTry) => "a token is there with one try left",
        TokenStatus::Present(PinState::Locked) => "a token is there and locked",
    }
}

/// In words.
pub(crate) fn describe_module(state: ModuleState) -> &'static str {
    match state {
        ModuleState::Trying => "is being tried",
        ModuleState::Usable => "can be used",
        ModuleState::LeftOut(ModuleFault::NotLoaded) => "left out: it cannot be loaded",
        ModuleState::LeftOut(ModuleFault::Crashed) => "left out: it crashed when tried",
        ModuleState::LeftOut(ModuleFault::Silent) => "left out: it did not answer when tried",
        ModuleState::LeftOut(ModuleFault::Nonsense) => "left out: it answers nonsense",
    }
}
