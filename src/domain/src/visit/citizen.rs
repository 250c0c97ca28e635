//! Everything known of the citizen before the screen. Dropping it is the wipe.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{IssuedTicket, draft::Draft};
use crate::{
    Bilingual, Language, SubmissionId,
    catalogue::Procedure,
    screen::{
        CodeFault, DossierPlace, DossierStatus, HelpTopic, LookUp, Picture, PinWarning,
        ProcedureRow, Rating, ScannerState, Shortcoming, SlipState, Submitting,
    },
    text::Concealed,
};

/// The citizen, or nobody.
#[derive(Debug, Clone, Default)]
pub(super) struct Citizen {
    pub(super) language: Language,
    pub(super) stage: Stage,
    pub(super) draft: Option<Draft>,
    pub(super) help: Option<HelpTopic>,
    pub(super) staff_called: bool,
    /// The submission of this visit, for the rating.
    pub(super) submitted: Option<SubmissionId>,
}

impl Citizen {
    /// Whether nobody has done anything yet.
    pub(super) fn is_untouched(&self) -> bool {
        matches!(self.stage, Stage::Welcome | Stage::Goodbye)
            && self.language == Language::default()
            && self.help.is_none()
            && !self.staff_called
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
            Self::Sign(SignStage::Signing { .. }) | Self::Submitting(_) => true,
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
    Waiting { fault: Option<CodeFault>, preview: Option<Picture> },
    Typing { focused: usize },
    Known,
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
    Pin { holder: String, issuer: String, pin: Zeroizing<String>, warning: Option<PinWarning> },
    Signing { holder: String, issuer: String },
    Signed,
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
