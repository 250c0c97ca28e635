//! The domain's closed kinds as the pages name them.

use domain::{
    Evidence, Language,
    catalogue::{CopyKind, Signature},
    form::{AnswerFault, AnswerKind},
    screen::{
        Availability, CertificateStanding, ChipFault, CodeFault, CodeHint, HelpTopic, LookUpState,
        Page, PageVerdict, PinWarning, Rating, ScanTrouble, Shortcoming, StaffCall, Submitting,
    },
};

use crate::generated as g;

macro_rules! same_names {
    ($from:ident => $to:ident { $($name:ident),+ $(,)? }) => {
        impl From<$from> for g::$to {
            fn from(kind: $from) -> Self {
                match kind {
                    $($from::$name => Self::$name),+
                }
            }
        }
    };
}

same_names!(Language => Lang { Vi, En });
same_names!(HelpTopic => HelpKind {
    General, Tickets, Finding, Identifying, Form, Scanning, Signing, Submitting, LookingUp,
});
same_names!(Shortcoming => ShortcomingKind {
    NoPaper, NoPrinter, NoCenter, NoProvince, NoScanner, NoCatalogue, NoStorage,
});
same_names!(StaffCall => StaffKind { None, Calling, OnTheWay, Unreachable });
same_names!(CodeHint => CodeHintKind { Closer, Tilt, Glare, HoldStill });
same_names!(CodeFault => CodeFaultKind {
    Payment, HealthCard, AppToken, Ours, Garbled, Unknown, OtherCard, ChipCard, UnreadableCard,
    RemovedCard, NoReader,
});
same_names!(ChipFault => ChipFaultKind {
    WrongKey, Removed, Silent, Unreadable, NotGenuine, NotAnIdCard, NoReader,
});
same_names!(AnswerFault => AnswerFaultKind {
    Missing, TooLong, NotAName, NotADate, InTheFuture, NotAPersonalNumber, NotAPhone, NotANumber,
    OutOfRange, NotAnOption,
});
same_names!(Evidence => EvidenceKind { Typed, Code, ChipIntegrity, ChipTrusted });
same_names!(ScanTrouble => ScanTroubleKind { NoPaper, Jammed, DoubleFeed, CoverOpen, Busy, Unreadable, NoScanner });
same_names!(PageVerdict => VerdictKind { Good, Blank, Dark, Blurred });
same_names!(PinWarning => PinWarningKind { WrongPin, FinalTry, Locked, Failed });
same_names!(CertificateStanding => StandingKind {
    Good, RevocationUnknown, Expired, NotYetValid, Revoked, Untrusted,
});
same_names!(LookUpState => LookUpKind {
    Typing, Asking, NotACode, NotAFactor, NotFound, Locked, NoProvince, ProvinceFails, NoReader,
});
same_names!(Signature => SignatureKind { None, Offered, Required });
same_names!(CopyKind => CopyKind { Original, Copy });
same_names!(Submitting => SubmitKind { Sealing, Sending });
same_names!(Rating => RatingKind {
    VerySatisfied, Satisfied, Neutral, Dissatisfied, VeryDissatisfied,
});

impl From<Availability> for g::Avail {
    fn from(availability: Availability) -> Self {
        let (usable, shortcoming) = match availability {
            Availability::Ready => (true, g::ShortcomingKind::None),
            Availability::Limited(shortcoming) => (true, shortcoming.into()),
            Availability::Down(shortcoming) => (false, shortcoming.into()),
        };
        Self { usable, shortcoming }
    }
}

impl From<&Page> for g::PageKind {
    fn from(page: &Page) -> Self {
        match page {
            Page::Welcome(_) => Self::Welcome,
            Page::ChooseField(_) => Self::ChooseField,
            Page::Ticket(_) => Self::Ticket,
            Page::FindProcedure(_) => Self::FindProcedure,
            Page::ProcedureInfo(_) => Self::ProcedureInfo,
            Page::Identify(_) => Self::Identify,
            Page::Form(_) => Self::Form,
            Page::Scan(_) => Self::Scan,
            Page::Sign(_) => Self::Sign,
            Page::Summary(_) => Self::Summary,
            Page::Submitting(_) => Self::Submitting,
            Page::Received(_) => Self::Received,
            Page::LookUp(_) => Self::LookUp,
            Page::DossierStatus(_) => Self::DossierStatus,
            Page::Rate(_) => Self::Rate,
            Page::Goodbye => Self::Goodbye,
            Page::OutOfService => Self::OutOfService,
        }
    }
}

impl From<&AnswerKind> for g::InputKind {
    fn from(kind: &AnswerKind) -> Self {
        match kind {
            AnswerKind::Text { .. } => Self::Text,
            AnswerKind::PersonName => Self::Name,
            AnswerKind::Date => Self::Date,
            AnswerKind::PersonalNumber => Self::PersonalNumber,
            AnswerKind::Phone => Self::Phone,
            AnswerKind::Address => Self::Address,
            AnswerKind::Money => Self::Money,
            AnswerKind::Number { .. } => Self::Number,
            AnswerKind::Choice { .. } => Self::Choice,
            AnswerKind::YesNo => Self::YesNo,
        }
    }
}
