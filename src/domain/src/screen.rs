//! What stands on the kiosk's screen: one value in, drawn by the `ui` crate.
//!
//! A `Screen` holds no words of the interface (those are translated where they are drawn) and
//! no language of its own beyond the one chosen: data comes in both languages and the drawing
//! side picks. Two equal screens draw the same picture.

mod camera;
mod filling;
mod identify;
mod outcome;
mod procedure;
mod ticket;

use std::sync::Arc;

use crate::{Bilingual, Language};
pub use camera::{CameraView, CodeHint};
pub use filling::{
    CertificatePurpose, CertificateStanding, CertificateView, FormPage, PageVerdict, PageView,
    PaperView, PinWarning, QuestionView, ScanPage, ScanTrouble, ScannerState, SignPage, SignState,
    Summary, SummarySection,
};
pub use identify::{ChipFault, ChipPage, CodeFault, Identify, IdentifyState, KeyFault, Person};
pub use outcome::{
    DossierPlace, DossierStatus, HistoryRow, LookUp, LookUpField, LookUpState, Rate, Rating,
    Received, SlipState, Submitting,
};
pub use procedure::{FindProcedure, PaperRow, ProcedureInfo, ProcedureRow};
pub use ticket::{ChooseField, FieldTile, Issued, TicketPage, TicketState, Welcome};

/// Everything that stands on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Screen {
    /// The language chosen.
    pub language: Language,
    /// The name of the center, for the head of the screen.
    pub center: Bilingual,
    /// The page.
    pub page: Page,
    /// A citizen has gone quiet: cover the page with a question.
    pub idle: Option<IdleWarning>,
    /// Help lies over the page.
    pub help: Option<HelpTopic>,
    /// What became of the call for an officer.
    pub staff: StaffCall,
    /// What the camera sees, on pages where a code may be presented.
    pub camera: Option<CameraView>,
}

/// What became of a call for an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StaffCall {
    /// There was none.
    #[default]
    None,
    /// The center is being told.
    Calling,
    /// The center knows: an officer is on the way.
    OnTheWay,
    /// The center could not be told: the citizen must go there.
    Unreachable,
}

/// The question whether anybody is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdleWarning {
    /// Seconds until everything is wiped.
    pub seconds_left: u64,
}

/// Which help text to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HelpTopic {
    /// What can be done here.
    General,
    /// How tickets work.
    Tickets,
    /// How to find a procedure.
    Finding,
    /// How to hold the card.
    Identifying,
    /// How to type.
    Form,
    /// How to lay papers.
    Scanning,
    /// What signing is.
    Signing,
    /// What submitting means.
    Submitting,
    /// Where the code of a dossier stands.
    LookingUp,
}

/// The pages.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// The start.
    Welcome(Welcome),
    /// For which field a number is wanted.
    ChooseField(ChooseField),
    /// A number: being made, printed, or not printed.
    Ticket(TicketPage),
    /// Search among procedures.
    FindProcedure(FindProcedure),
    /// What a procedure needs.
    ProcedureInfo(Arc<ProcedureInfo>),
    /// Who is applying.
    Identify(Identify),
    /// One section of the form.
    Form(FormPage),
    /// The papers.
    Scan(ScanPage),
    /// The citizen's signature.
    Sign(SignPage),
    /// Everything once more.
    Summary(Summary),
    /// On its way.
    Submitting(Submitting),
    /// Kept or received.
    Received(Received),
    /// Which dossier.
    LookUp(LookUp),
    /// How the dossier stands.
    DossierStatus(DossierStatus),
    /// How was it.
    Rate(Rate),
    /// Thanks, and goodbye: everything entered is gone.
    Goodbye,
    /// Nothing works here now.
    OutOfService,
}

/// Whether a service can be used now, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Yes.
    Ready,
    /// Yes, with a shortcoming the citizen should know.
    Limited(Shortcoming),
    /// No.
    Down(Shortcoming),
}

/// What is wrong with a service; the screen has a sentence and a next step for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shortcoming {
    /// No paper: numbers are shown on the screen.
    NoPaper,
    /// The printer is not there or does not answer.
    NoPrinter,
    /// The queue cannot be reached.
    NoCenter,
    /// The province cannot be reached: dossiers are kept and sent later.
    NoProvince,
    /// The scanner is not there or does not answer.
    NoScanner,
    /// The catalogue is not there yet.
    NoCatalogue,
    /// The kiosk cannot write to its own disk, so it takes no dossiers.
    NoStorage,
}

/// Where one stands in handing in, "2 of 5".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// This one, from 1.
    pub at: usize,
    /// All.
    pub of: usize,
}

/// A small picture, RGB, three bytes a pixel, rows without padding.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels per row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples.
    pub rgb: Arc<[u8]>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{})", self.width, self.height)
    }
}
