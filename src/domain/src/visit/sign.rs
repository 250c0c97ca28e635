//! The citizen's signature with a token.

use std::time::Duration;

use zeroize::Zeroizing;

use super::{
    Effect, TokenNews, Visit,
    citizen::{SignStage, Stage, TokenFacts},
    effect::LastTry,
};
use crate::{catalogue::Signature, screen::PinWarning, touch::Touch};

/// PKCS#11 tokens in use take PINs of up to this many digits.
const LONGEST_PIN: usize = 16;

impl Visit {
    fn wants_signature(&self) -> Signature {
        self.citizen.draft.as_ref().map_or(Signature::None, |draft| draft.procedure.signature)
    }

    /// Signing, or the summary when none is wanted.
    pub(super) fn sign_or_later(&mut self) -> Vec<Effect> {
        if self.wants_signature() == Signature::None || self.nothing_to_sign() {
            self.go(Stage::Summary { failed: false });
            return vec![];
        }
        self.show_sign()
    }

    fn nothing_to_sign(&self) -> bool {
        self.citizen.draft.as_ref().is_none_or(|draft| draft.papers().is_empty())
    }

    fn show_sign(&mut self) -> Vec<Effect> {
        let signed = self.citizen.draft.as_ref().is_some_and(|draft| draft.signed_by.is_some());
        if signed {
            self.go(Stage::Sign(SignStage::Signed));
            return vec![];
        }
        self.go(Stage::Sign(SignStage::Waiting));
        vec![Effect::WatchToken]
    }

    /// One page back from the summary.
    pub(super) fn before_summary(&mut self) -> Vec<Effect> {
        let papers = self.citizen.draft.as_ref().map_or(0, |draft| draft.papers.len());
        let sections = self.citizen.draft.as_ref().map_or(0, super::draft::Draft::sections);
        if self.wants_signature() != Signature::None && !self.nothing_to_sign() {
            self.show_sign()
        } else if papers > 0 {
            self.show_scan();
            vec![]
        } else {
            self.form(sections.saturating_sub(1))
        }
    }

    pub(super) fn touch_sign(&mut self, touch: &Touch) -> Vec<Effect> {
        let optional = self.wants_signature() != Signature::Required;
        let Stage::Sign(stage) = &mut self.citizen.stage else { return vec![] };
        match (stage, touch) {
            (SignStage::Signing(_), _) => vec![],
            (_, Touch::Back) => {
                self.show_scan();
                vec![Effect::StopToken]
            }
            (SignStage::Signed, Touch::Next) => {
                self.go(Stage::Summary { failed: false });
                vec![]
            }
            (_, Touch::WithoutSignature) if optional => {
                self.go(Stage::Summary { failed: false });
                vec![Effect::StopToken]
            }
            (SignStage::Pin { token, pin, warning, last_try }, touch) if token.may_sign() => {
                if *warning == Some(PinWarning::FinalTry) && *last_try == LastTry::Refuse {
                    if *touch == Touch::TryLast {
                        *last_try = LastTry::Confirmed;
                    }
                    return vec![];
                }
                if let Touch::PinDigit(digit) = touch
                    && *digit < 10
                    && pin.len() < LONGEST_PIN
                {
                    pin.push(char::from(b'0' + *digit));
                } else if *touch == Touch::PinErase {
                    pin.pop();
                } else if *touch == Touch::OtherCertificate {
                    token.choose_next();
                } else if *touch == Touch::PinEnter {
                    return self.sign();
                }
                vec![]
            }
            _ => vec![],
        }
    }

    fn sign(&mut self) -> Vec<Effect> {
        let (Stage::Sign(SignStage::Pin { token, pin, warning, last_try }), Some(draft)) =
            (&mut self.citizen.stage, &self.citizen.draft)
        else {
            return vec![];
        };
        if pin.is_empty() || *warning == Some(PinWarning::Locked) {
            return vec![];
        }
        let (pin, token, last_try) = (std::mem::take(pin), token.clone(), *last_try);
        let (certificate, papers) = (token.chosen, draft.papers());
        self.go(Stage::Sign(SignStage::Signing(token)));
        vec![Effect::Sign { pin, certificate, last_try, papers }]
    }

    fn ask_pin(&mut self, token: TokenFacts, warning: Option<PinWarning>) {
        let pin = Zeroizing::default();
        self.go(Stage::Sign(SignStage::Pin { token, pin, warning, last_try: LastTry::Refuse }));
    }

    pub(super) fn sign_news(&mut self, news: TokenNews) -> Vec<Effect> {
        let Stage::Sign(stage) = &mut self.citizen.stage else { return vec![] };
        match (news, stage) {
            (
                TokenNews::Present { certificates, warning },
                SignStage::Waiting | SignStage::Left,
            ) if !certificates.is_empty() => {
                self.ask_pin(TokenFacts { certificates, chosen: 0 }, warning);
                vec![]
            }
            (TokenNews::Absent, stage @ SignStage::Pin { .. }) => {
                *stage = SignStage::Waiting;
                vec![]
            }
            (TokenNews::Left, SignStage::Signing(_)) => {
                self.go(Stage::Sign(SignStage::Left));
                vec![]
            }
            (TokenNews::Signed { holder }, SignStage::Signing(_)) => {
                if let Some(draft) = &mut self.citizen.draft {
                    draft.signed_by = Some(holder);
                }
                self.go(Stage::Sign(SignStage::Signed));
                vec![Effect::StopToken]
            }
            (TokenNews::NotSigned(why), SignStage::Signing(token)) => {
                let token = token.clone();
                self.ask_pin(token, Some(why));
                vec![]
            }
            _ => vec![],
        }
    }

    pub(super) fn sign_deadline(&mut self, waited: Duration) -> Option<Vec<Effect>> {
        let Stage::Sign(SignStage::Signing(_)) = &self.citizen.stage else { return None };
        (waited >= self.timing.signing)
            .then(|| self.sign_news(TokenNews::NotSigned(PinWarning::Failed)))
    }
}
