//! All that can happen to a visit: each touch, each answer, all news of the world, with values that
//! lead to different places. A variant that is new and not here breaks the build, then the test.

use std::collections::BTreeSet;

use super::*;
use crate::{
    Language, SubmissionId,
    dossier::Status,
    ids::DossierCode,
    screen::{
        CertificateStanding, ChipFault, DossierStatus, LookUpField, PinWarning, Rating,
        ScanTrouble, Shortcoming,
    },
};

pub fn touches() -> Vec<Touch> {
    vec![
        Touch::StillHere,
        Touch::Language(Language::En),
        Touch::Language(Language::Vi),
        Touch::Help,
        Touch::CloseHelp,
        Touch::CallStaff,
        Touch::Back,
        Touch::Next,
        Touch::Finish,
        Touch::TakeTicket,
        Touch::FindProcedure,
        Touch::LookUpDossier,
        Touch::Field("ho-tich".into()),
        Touch::Field("nowhere".into()),
        Touch::PrintAgain,
        Touch::Search("1.001612".into()),
        Touch::Procedure("1.004873".into()),
        Touch::Procedure("1.001612".into()),
        Touch::Apply,
        Touch::TypeInstead,
        Touch::CodeInstead,
        Touch::ChipInstead,
        Touch::Answer { question: "dien-thoai".into(), text: "0900000001".into() },
        Touch::FocusQuestion(1),
        Touch::FocusQuestion(99),
        Touch::FocusPaper(1),
        Touch::FocusPaper(99),
        Touch::Scan,
        Touch::CancelScan,
        Touch::RemovePage(0),
        Touch::SkipPaper(true),
        Touch::PinDigit(1),
        Touch::PinErase,
        Touch::Answer { question: "card-expiry".into(), text: "15/01/2039".into() },
        Touch::PinEnter,
        Touch::TryLast,
        Touch::OtherCertificate,
        Touch::WithoutSignature,
        Touch::Submit,
        Touch::LookUpText(LookUpField::Code, "H40.16-20261121-0000001".into()),
        Touch::LookUpText(LookUpField::Factor, "0001".into()),
        Touch::LookUpFocus(LookUpField::Factor),
        Touch::Rate(Rating::Neutral),
    ]
}

pub fn answers(scan: ScanNo) -> Vec<Answer> {
    let mut all = vec![
        Answer::Issued(issued()),
        Answer::NotIssued,
        Answer::Paper(PrintOutcome::Printed),
        Answer::Paper(PrintOutcome::Failed(Shortcoming::NoPaper)),
        Answer::Preview(camera_view()),
        page(scan),
        Answer::ScanEnded(scan, ScanEnded::Done),
        Answer::ScanEnded(ScanNo(u64::MAX), ScanEnded::Done),
        Answer::Kept { submission: SubmissionId("s".into()), spoken: "S".into(), code: "C".into() },
        Answer::NotKept,
        Answer::Delivered(DossierCode("H40-1".into())),
        Answer::Staff(StaffAnswer::Told),
        Answer::Staff(StaffAnswer::NotTold),
    ];
    all.extend(codes().into_iter().map(Answer::Code));
    let troubles = scan_troubles().into_iter().map(ScanEnded::Trouble);
    all.extend(troubles.map(|ended| Answer::ScanEnded(scan, ended)));
    all.extend(token_news().into_iter().map(Answer::Token));
    all.extend(chip_news().into_iter().map(Answer::Chip));
    all.extend(look_ups().into_iter().map(Answer::LookedUp));
    all
}

fn codes() -> Vec<PresentedCode> {
    vec![
        PresentedCode::IdCard(card()),
        PresentedCode::GarbledIdCard,
        PresentedCode::Slip { submission: SubmissionId("0".repeat(32)), secret: "s".into() },
        PresentedCode::Dossier("H40.16-20261121-0000001".into()),
        PresentedCode::Ticket,
        PresentedCode::Payment,
        PresentedCode::HealthCard,
        PresentedCode::AppToken,
        PresentedCode::OtherCard,
        PresentedCode::ChipCard,
        PresentedCode::UnreadableCard,
        PresentedCode::RemovedCard,
        PresentedCode::Unknown,
    ]
}

fn scan_troubles() -> Vec<ScanTrouble> {
    use ScanTrouble::*;
    vec![NoPaper, Jammed, DoubleFeed, CoverOpen, Busy, Unreadable, NoScanner]
}

fn pin_warnings() -> Vec<PinWarning> {
    vec![PinWarning::WrongPin, PinWarning::FinalTry, PinWarning::Locked, PinWarning::Failed]
}

fn standings() -> Vec<CertificateStanding> {
    use CertificateStanding::*;
    vec![Good, RevocationUnknown, Expired, NotYetValid, Revoked, Untrusted]
}

fn token_news() -> Vec<TokenNews> {
    let present = |standing, warning| TokenNews::Present {
        certificates: vec![certificate(standing); 2],
        warning,
    };
    let mut all =
        vec![TokenNews::Absent, TokenNews::Left, TokenNews::Signed { holder: "A".into() }];
    all.extend(standings().into_iter().map(|standing| present(standing, None)));
    let warned = |warning| present(CertificateStanding::Good, Some(warning));
    all.extend(pin_warnings().into_iter().map(warned));
    all.extend(pin_warnings().into_iter().map(TokenNews::NotSigned));
    all
}

fn chip_faults() -> Vec<ChipFault> {
    use ChipFault::*;
    vec![WrongKey, Removed, Silent, Unreadable, NotGenuine, NotAnIdCard, NoReader]
}

fn chip_news() -> Vec<ChipNews> {
    let mut all =
        vec![ChipNews::Reading(50), ChipNews::Read(Box::new(chip_facts())), ChipNews::NeedsLines];
    all.extend(chip_faults().into_iter().map(ChipNews::Failed));
    all
}

fn look_ups() -> Vec<LookUpAnswer> {
    vec![
        LookUpAnswer::Found(DossierStatus {
            code: "H40.16-20261121-0000001".into(),
            procedure: text("1.004873"),
            status: Status::New,
            reason: None,
            history: vec![],
        }),
        LookUpAnswer::NotFound,
        LookUpAnswer::Locked,
        LookUpAnswer::NoProvince,
        LookUpAnswer::ProvinceFails,
    ]
}

pub fn world() -> Vec<WorldNews> {
    vec![
        WorldNews::Printer(Some(Shortcoming::NoPaper)),
        WorldNews::Printer(None),
        WorldNews::Scanner(false),
        WorldNews::CodeReader(false),
        WorldNews::CardReader(false),
        WorldNews::Center(None),
        WorldNews::Province(false),
        WorldNews::Outbox(false),
        WorldNews::Catalogue(Arc::default(), 2),
        WorldNews::Today(date(2027, 1, 1)),
    ]
}

/// Holds that each of the patterns, which are all there are, is met by one of `all`.
macro_rules! whole {
    ($all:expr, $($pattern:pat),+ $(,)?) => {{
        let met: BTreeSet<&str> =
            $all.iter().map(|it| match it { $($pattern => stringify!($pattern)),+ }).collect();
        assert_eq!(met, BTreeSet::from([$(stringify!($pattern)),+]));
    }};
}

#[test]
fn no_touch_is_missing_from_the_alphabet() {
    use Touch as T;
    whole!(
        touches(),
        T::StillHere,
        T::Language(_),
        T::Help,
        T::CloseHelp,
        T::CallStaff,
        T::Back,
        T::Next,
        T::Finish,
        T::TakeTicket,
        T::FindProcedure,
        T::LookUpDossier,
        T::Field(_),
        T::PrintAgain,
        T::Search(_),
        T::Procedure(_),
        T::Apply,
        T::TypeInstead,
        T::CodeInstead,
        T::ChipInstead,
        T::Answer { .. },
        T::FocusQuestion(_),
        T::FocusPaper(_),
        T::Scan,
        T::CancelScan,
        T::RemovePage(_),
        T::SkipPaper(_),
        T::PinDigit(_),
        T::PinErase,
        T::PinEnter,
        T::TryLast,
        T::OtherCertificate,
        T::WithoutSignature,
        T::Submit,
        T::LookUpText(..),
        T::LookUpFocus(_),
        T::Rate(_),
    );
}

#[test]
fn no_answer_and_no_news_are_missing_from_the_alphabet() {
    use Answer as A;
    whole!(
        answers(ScanNo(1)),
        A::Issued(_),
        A::NotIssued,
        A::Paper(_),
        A::Code(_),
        A::Preview(_),
        A::Page(..),
        A::ScanEnded(..),
        A::Token(_),
        A::Chip(_),
        A::Kept { .. },
        A::NotKept,
        A::Delivered(_),
        A::LookedUp(_),
        A::Staff(_),
    );
    use WorldNews as W;
    whole!(
        world(),
        W::Printer(_),
        W::Scanner(_),
        W::CodeReader(_),
        W::CardReader(_),
        W::Center(_),
        W::Province(_),
        W::Outbox(_),
        W::Catalogue(..),
        W::Today(_),
    );
}

#[test]
fn no_kind_of_answer_is_missing_from_the_alphabet() {
    use PresentedCode as C;
    whole!(
        codes(),
        C::IdCard(_),
        C::GarbledIdCard,
        C::Slip { .. },
        C::Dossier(_),
        C::Ticket,
        C::Payment,
        C::HealthCard,
        C::AppToken,
        C::OtherCard,
        C::ChipCard,
        C::UnreadableCard,
        C::RemovedCard,
        C::Unknown,
    );
    use ScanTrouble as S;
    whole!(
        scan_troubles(),
        S::NoPaper,
        S::Jammed,
        S::DoubleFeed,
        S::CoverOpen,
        S::Busy,
        S::Unreadable,
        S::NoScanner,
    );
    use PinWarning as P;
    whole!(pin_warnings(), P::WrongPin, P::FinalTry, P::Locked, P::Failed);
    use CertificateStanding as K;
    whole!(
        standings(),
        K::Good,
        K::RevocationUnknown,
        K::Expired,
        K::NotYetValid,
        K::Revoked,
        K::Untrusted,
    );
    use TokenNews as N;
    whole!(token_news(), N::Absent, N::Present { .. }, N::Left, N::Signed { .. }, N::NotSigned(_),);
    use ChipFault as F;
    whole!(
        chip_faults(),
        F::WrongKey,
        F::Removed,
        F::Silent,
        F::Unreadable,
        F::NotGenuine,
        F::NotAnIdCard,
        F::NoReader,
    );
    use ChipNews as H;
    whole!(chip_news(), H::Reading(_), H::Read(_), H::NeedsLines, H::Failed(_));
    use LookUpAnswer as L;
    whole!(look_ups(), L::Found(_), L::NotFound, L::Locked, L::NoProvince, L::ProvinceFails,);
}
