//! Signing tokens by hand.

mod signer;

use std::{
    thread,
    time::{Duration, Instant},
};

use documents::trust;
use hardware_api::{
    LastTry, ModuleFault, ModuleReport, ModuleState, Pin, PinState, SignRequest, SigningToken,
    TokenStatus,
};
use journal::Event;
use signer::Signer;

use crate::{
    arguments::Token,
    failure::{Failure, Part},
    fleet::Fleet,
    output::Output,
    terminal,
};

/// What is signed: nothing that means anything.
const MESSAGE: &[u8] = b"kioskctl token test";
/// Longer than a module may take to be tried.
const TRYING: Duration = Duration::from_secs(20);
/// How often it is looked whether it came through.
const LOOK: Duration = Duration::from_millis(50);
/// What was tried on it.
pub(crate) const ASK: &str = "ask for signing tokens";

pub(crate) fn run(command: &Token, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    match command {
        Token::List => {
            let reports = settled(fleet.token()?.0.as_mut())?;
            for report in &reports {
                let words = format!("{}: {}", report.module, describe_module(report.state));
                out.say(&words, &report)?;
            }
            if reports.iter().any(|report| report.state == ModuleState::Usable) {
                return Ok(());
            }
            Err(Failure::unfit(Event::TokenModuleLeftOut, "no module can be used"))
        }
        Token::Status => {
            let (mut token, _) = fleet.token()?;
            let status = status(token.as_mut())?;
            out.say(describe(status), &status)?;
            match status {
                TokenStatus::Absent
                | TokenStatus::Present(PinState::Fresh | PinState::CountLow) => Ok(()),
                TokenStatus::Present(state) => Err(unready(state)),
            }
        }
        Token::Test { last_try } => {
            let dare = if *last_try { LastTry::Confirmed } else { LastTry::Refuse };
            test(dare, fleet, out)
        }
    }
}

/// The modules, once each of them is in use or left out: a worker that has just started is still
/// trying them.
pub(crate) fn settled(token: &mut dyn SigningToken) -> Result<Vec<ModuleReport>, Failure> {
    let until = Instant::now() + TRYING;
    loop {
        let reports = token.modules().map_err(Part::Token.could_not(ASK))?;
        let is_trying = reports.iter().any(|report| report.state == ModuleState::Trying);
        if !is_trying || Instant::now() > until {
            return Ok(reports);
        }
        thread::sleep(LOOK);
    }
}

fn status(token: &mut dyn SigningToken) -> Result<TokenStatus, Failure> {
    settled(token)?;
    token.status().map_err(Part::Token.could_not(ASK))
}

fn unready(state: PinState) -> Failure {
    let what = describe(TokenStatus::Present(state));
    let event = if state == PinState::Locked { Event::TokenLocked } else { Event::TokenLastTry };
    Failure::unfit(event, what)
}

fn test(last_try: LastTry, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let (mut token, trust) = fleet.token()?;
    match (status(token.as_mut())?, last_try) {
        (TokenStatus::Absent, _) => {
            return Err(Failure::unfit(Event::TokenAbsent, describe(TokenStatus::Absent)));
        }
        (TokenStatus::Present(state @ PinState::Locked), _)
        | (TokenStatus::Present(state @ PinState::FinalTry), LastTry::Refuse) => {
            return Err(unready(state));
        }
        (TokenStatus::Present(_), _) => {}
    }
    let identities = token.identities().map_err(Part::Token.could_not(ASK))?;
    let beside = token.authorities().map_err(Part::Token.could_not(ASK))?;
    if identities.is_empty() {
        let what = "the token holds no certificate with a key that may sign documents";
        return Err(Failure::unfit(Event::TokenFailed, what));
    }
    let typed = terminal::ask_secret("PIN: ")?;
    let typed = typed.ok_or_else(|| Failure::unfit(Event::TokenPinRefused, "no PIN was given"))?;
    let pin = Pin::new(&typed);
    let (mut wrong, mut may_sign) = (0_usize, false);
    for identity in identities {
        let signer = Signer::judged(&identity, &trust, &beside, fleet.now());
        let request =
            SignRequest { identity, pin: pin.clone(), last_try, messages: vec![MESSAGE.to_vec()] };
        // One that fails ends the test: the next key would cost another try of the same PIN.
        let signature = token.sign(&request).map_err(Failure::Sign)?.pop().unwrap_or_default();
        let is_right = trust::is_signed_by(&request.identity.certificate, MESSAGE, &signature);
        signer.say(&signature, is_right, out)?;
        wrong += usize::from(!is_right);
        may_sign |= signer.may_sign();
    }
    if wrong > 0 {
        let what = format!("{wrong} of the token's signatures are not those of its certificates");
        return Err(Failure::unfit(Event::TokenSignsWrong, what));
    }
    if !may_sign {
        let what = "the kiosk would let no certificate of this token sign";
        return Err(Failure::unfit(Event::TokenRefused, what));
    }
    Ok(())
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
