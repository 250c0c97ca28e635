//! Everything known of the citizen before the screen. Dropping it is the wipe.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{IssuedTicket, Moment, ScanNo, draft::Draft, effect::LastTry};
use crate::{
    Bilingual, ChipAccess, ChipKey, Language, SubmissionId,
    catalogue::Procedure,
    screen::{
        CameraView, CertificateView, ChipFault, CodeFault, DossierPlace, DossierStatus, HelpTopic,
        KeyFault, LookUp, PinWarning, ProcedureRow, Rating, ScannerState, Shortcoming, SlipState,
        StaffCall, Submitting,
    },
    text::Concealed,
};

/// The citizen, or nobody.
#[derive(Debug, Clone, Default)]
pub(super) struct Citizen {
    pub(super) language: Language,
    pub(super) stage: Stage,
    pub(super) draft: Option<Draft>,
    /// How often a chip refused its key in this visit.
    pub(super) wrong_keys: u8,
    pub(super) help: Option<HelpTopic>,
    pub(super) staff: StaffCall,
    /// When an officer was called.
    pub(super) staff_since: Moment,
    /// What the camera sees, while a code is waited for.
    pub(super) camera: Option<CameraView>,
    /// The last scan of this visit.
    pub(super) scan: ScanNo,
    /// How often this visit's paper was sent to the printer.
    pub(super) prints: u8,
    /// The submission of this visit, for the rating.
    pub(super) submitted: Option<SubmissionId>,
}

impl Citizen {
    /// Whether nobody has done anything yet.
    pub(super) fn is_untouched(&self) -> bool {
        matches!(self.stage, Stage::Welcome | Stage::Goodbye)
            && self.language == Language::default()
            && self.help.is_none()
            && self.staff == StaffCall::None
            || matches!(self.stage, Stage::Goodbye)
    }
}

/// Where in the visit.
#[derive(Debug, Clone, Default)]
pub(super) enum Stage {
    #[default]
    Welcome,
    ChooseField,
    Ticket(TicketStage),
    Find {
        query: String,
        rows: Arc<[ProcedureRow]>,
    },
    Info(Arc<Procedure>),
    Identify(IdentifyStage),
    Form {
        section: usize,
        focused: usize,
    },
    Scan(ScanStage),
    Sign(SignStage),
    Summary {
        failed: bool,
    },
    Submitting(SubmittingStage),
    Received(ReceivedStage),
    LookUp(LookUp),
    Status(DossierStatus),
    Rate(Option<Rating>),
    Goodbye,
}

impl Stage {
    /// Whether the kiosk is at work and the citizen can only wait.
    pub(super) fn is_working(&self) -> bool {
        match self {
            Self::Ticket(ticket) => {
                matches!(ticket, TicketStage::Issuing { .. } | TicketStage::Printing(_))
            }
            Self::Scan(scan) => scan.scanner == ScannerState::Scanning,
            Self::Identify(IdentifyStage::Chip(ChipStage::Reading { .. })) => true,
            Self::Sign(SignStage::Signing(_)) | Self::Submitting(_) => true,
            Self::Received(received) => received.slip == SlipState::Printing,
            Self::LookUp(look_up) => look_up.state == crate::screen::LookUpState::Asking,
            Self::Sign(_)
            | Self::Welcome
            | Self::ChooseField
            | Self::Find { .. }
            | Self::Info(_)
            | Self::Identify(_)
            | Self::Form { .. }
            | Self::Summary { .. }
            | Self::Status(_)
            | Self::Rate(_)
            | Self::Goodbye => false,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) enum TicketStage {
    Issuing { name: Bilingual },
    NoNumber { name: Bilingual },
    Printing(IssuedTicket),
    Printed(IssuedTicket),
    NotPrinted(IssuedTicket, Shortcoming),
}

#[derive(Debug, Clone)]
pub(super) enum IdentifyStage {
    Waiting { fault: Option<CodeFault> },
    Typing { focused: usize },
    Known,
    Chip(ChipStage),
}

/// Reading the chip of an ID card.
#[derive(Debug, Clone)]
pub(super) enum ChipStage {
    /// What opens it is wanted: the card's code, or six digits.
    Key {
        key: ChipKey,
        fault: Option<KeyFault>,
    },
    /// What the card's lines say is wanted, again if the chip refused it.
    Lines {
        focused: usize,
        refused: bool,
    },
    /// The card is to be laid on the reader, again if it was taken away.
    Lay {
        access: ChipAccess,
        removed: bool,
    },
    Reading {
        access: ChipAccess,
        percent: u8,
    },
    Failed {
        access: ChipAccess,
        fault: ChipFault,
    },
}

#[derive(Debug, Clone)]
pub(super) struct ScanStage {
    pub(super) focused: usize,
    pub(super) scanner: ScannerState,
    pub(super) missing: bool,
}

#[derive(Debug, Clone)]
pub(super) enum SignStage {
    Waiting,
    /// Waiting again, because it was pulled while it signed.
    Left,
    Pin {
        token: TokenFacts,
        pin: Zeroizing<String>,
        warning: Option<PinWarning>,
        last_try: LastTry,
    },
    Signing(TokenFacts),
    Signed,
}

/// The token that is there.
#[derive(Debug, Clone)]
pub(super) struct TokenFacts {
    /// One at least.
    pub(super) certificates: Vec<CertificateView>,
    pub(super) chosen: usize,
}

impl TokenFacts {
    pub(super) fn certificate(&self) -> Option<&CertificateView> {
        self.certificates.get(self.chosen)
    }

    pub(super) fn may_sign(&self) -> bool {
        self.certificate().is_some_and(|it| it.standing.may_sign())
    }

    /// The next one that may sign, after the last the first.
    pub(super) fn choose_next(&mut self) {
        let usable = self.certificates.iter().filter(|it| it.standing.may_sign()).count();
        self.chosen = (self.chosen + 1).checked_rem(usable).unwrap_or(0);
    }
}

#[derive(Debug, Clone)]
pub(super) struct SubmittingStage {
    pub(super) at: Submitting,
    /// Keeping took too long and was asked to be given up.
    pub(super) abandoned: bool,
    pub(super) procedure: Bilingual,
    /// Known once the dossier is kept.
    pub(super) spoken: String,
    pub(super) code: Concealed,
}

#[derive(Debug, Clone)]
pub(super) struct ReceivedStage {
    pub(super) place: DossierPlace,
    pub(super) procedure: Bilingual,
    pub(super) spoken: String,
    pub(super) code: Concealed,
    pub(super) slip: SlipState,
}
