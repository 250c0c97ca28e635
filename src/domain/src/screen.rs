//! What stands on the kiosk's screen: one value in, drawn by the `ui` crate.
//!
//! A `Screen` holds no words of the interface (those are translated where they are drawn) and
//! no language of its own beyond the one chosen: data comes in both languages and the drawing
//! side picks. Two equal screens draw the same picture.

use std::sync::Arc;

use jiff::civil::Date;

use crate::{
    Bilingual, Evidence, FieldCode, Language, ProcedureCode, TicketNo,
    catalogue::{CopyKind, Fee, Need, OnlineLevel, ProcessingTime, Signature},
    dossier::Status,
    form::{AnswerFault, AnswerKind},
};

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
    /// An officer was called and is on the way.
    pub staff_called: bool,
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

/// The start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Welcome {
    /// Queue numbers.
    pub tickets: Availability,
    /// Handing in.
    pub dossiers: Availability,
    /// Looking up.
    pub look_up: Availability,
}

/// For which field a number is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChooseField {
    /// The fields of this center.
    pub fields: Vec<FieldTile>,
    /// Paper is out: numbers will be shown on the screen only.
    pub paper: Availability,
}

/// One field as a tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTile {
    /// Its code, for the touch.
    pub code: FieldCode,
    /// Letter of its numbers.
    pub letter: char,
    /// Its name.
    pub name: Bilingual,
    /// Citizens waiting, where the center has said.
    pub waiting: Option<u32>,
}

/// A number: being made, printed, or not printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketPage {
    /// Name of the field.
    pub field: Bilingual,
    /// How far it is.
    pub state: TicketState,
}

/// How far a ticket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketState {
    /// The center is being asked.
    Issuing,
    /// The center gave no number; none was used up.
    NoNumber,
    /// The paper is coming.
    Printing(Issued),
    /// The paper is there.
    Printed(Issued),
    /// No paper came, but the number is valid.
    NotPrinted(Issued, Shortcoming),
}

/// A number as the center issued it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The number.
    pub number: TicketNo,
    /// How many are ahead.
    pub ahead: u32,
    /// What its code says, to be photographed when there is no paper.
    pub code: String,
}

/// Search among procedures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindProcedure {
    /// What was typed.
    pub query: String,
    /// The hits, best first.
    pub rows: Arc<[ProcedureRow]>,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureRow {
    /// Code, for the touch.
    pub code: ProcedureCode,
    /// Name.
    pub name: Bilingual,
    /// Name of its field.
    pub field: Bilingual,
    /// Fee.
    pub fee: Fee,
}

/// What a procedure needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureInfo {
    /// Code.
    pub code: ProcedureCode,
    /// Name.
    pub name: Bilingual,
    /// Name of its field.
    pub field: Bilingual,
    /// Who decides.
    pub competent: Bilingual,
    /// Level.
    pub online: OnlineLevel,
    /// Papers.
    pub papers: Vec<PaperRow>,
    /// Fee.
    pub fee: Fee,
    /// Time.
    pub time: ProcessingTime,
    /// Legal basis.
    pub legal_basis: String,
    /// Signature.
    pub signature: Signature,
    /// Whether it can be handed in at this kiosk now.
    pub can_submit: Availability,
}

/// A required paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// Name.
    pub name: Bilingual,
    /// Kind.
    pub copy: CopyKind,
    /// Need.
    pub need: Need,
}

/// Where one stands in handing in, "2 of 5".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// This one, from 1.
    pub at: usize,
    /// All.
    pub of: usize,
}

/// Who is applying.
#[derive(Debug, Clone, PartialEq)]
pub struct Identify {
    /// Progress.
    pub step: Step,
    /// Which way.
    pub state: IdentifyState,
}

/// The ways to say who one is.
#[derive(Debug, Clone, PartialEq)]
pub enum IdentifyState {
    /// Waiting for the code of an ID card.
    Waiting {
        /// What came instead, if something did.
        fault: Option<CodeFault>,
        /// What the camera sees, where there is one.
        preview: Option<Picture>,
    },
    /// Typing number, name and date of birth.
    Typing {
        /// The three questions.
        questions: Vec<QuestionView>,
        /// The one being answered.
        focused: usize,
    },
    /// Read; the citizen looks it over.
    Known(Person),
}

/// What came instead of an ID card's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeFault {
    /// A code for paying.
    Payment,
    /// A health-insurance card.
    HealthCard,
    /// A ticket or slip of ours, or a dossier code.
    Ours,
    /// An ID card's code whose letters were broken by the reader.
    Garbled,
    /// Something else.
    Unknown,
    /// The reader is not there or does not answer.
    NoReader,
}

/// A person as shown: the number is masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// `001******001`.
    pub masked_number: String,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Residence.
    pub residence: Option<String>,
    /// How sure.
    pub evidence: Evidence,
}

/// One section of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPage {
    /// Progress.
    pub step: Step,
    /// Heading of the section.
    pub title: Bilingual,
    /// Which section, from 1, of how many.
    pub section: Step,
    /// Its questions.
    pub questions: Vec<QuestionView>,
    /// The one being answered.
    pub focused: usize,
}

/// A question with its answer so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionView {
    /// Name within the form, for the touch.
    pub id: String,
    /// The question.
    pub label: Bilingual,
    /// Help.
    pub help: Option<Bilingual>,
    /// Kind.
    pub kind: AnswerKind,
    /// May stay empty.
    pub optional: bool,
    /// As typed so far.
    pub value: String,
    /// What is wrong with it, once *next* was pressed.
    pub fault: Option<AnswerFault>,
    /// It came from the card.
    pub from_card: bool,
}

/// The papers.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanPage {
    /// Progress.
    pub step: Step,
    /// Each paper to hand in, and what of it is there.
    pub papers: Vec<PaperView>,
    /// The paper being dealt with.
    pub focused: usize,
    /// What the scanner does.
    pub scanner: ScannerState,
    /// *Next* was pressed and papers are missing.
    pub missing: bool,
}

/// One paper and its pages.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperView {
    /// Name.
    pub name: Bilingual,
    /// Need.
    pub need: Need,
    /// Hint for scanning.
    pub hint: Option<Bilingual>,
    /// Pages so far.
    pub pages: Vec<PageView>,
    /// The citizen said that the condition does not hold.
    pub skipped: bool,
}

/// A scanned side.
#[derive(Debug, Clone, PartialEq)]
pub struct PageView {
    /// Small picture.
    pub picture: Picture,
    /// What the check said.
    pub verdict: PageVerdict,
}

/// What the check of a page said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageVerdict {
    /// Good.
    Good,
    /// Nothing on it.
    Blank,
    /// Too dark to read.
    Dark,
    /// Blurred.
    Blurred,
}

/// What the scanner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScannerState {
    /// Waiting for the citizen.
    Idle,
    /// Scanning.
    Scanning,
    /// The last try ended with this.
    Trouble(ScanTrouble),
}

/// What a citizen must do about the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanTrouble {
    /// Put paper in.
    NoPaper,
    /// Paper is stuck.
    Jammed,
    /// Close the cover.
    CoverOpen,
    /// Wait.
    Busy,
    /// It is not there or does not answer.
    NoScanner,
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

/// The citizen's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignPage {
    /// Progress.
    pub step: Step,
    /// Whether one can go on without.
    pub optional: bool,
    /// How far.
    pub state: SignState,
}

/// How far signing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignState {
    /// Waiting for a token.
    InsertToken,
    /// A token is there; a PIN is wanted.
    EnterPin {
        /// Whose certificate.
        holder: String,
        /// Who issued it.
        issuer: String,
        /// Digits typed so far.
        digits: usize,
        /// What to warn of.
        warning: Option<PinWarning>,
    },
    /// Signing.
    Signing,
    /// All documents are signed.
    Signed {
        /// Whose certificate.
        holder: String,
    },
}

/// What to warn of before a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PinWarning {
    /// The last PIN was wrong.
    WrongPin,
    /// One more wrong PIN locks the token.
    FinalTry,
    /// The token is locked.
    Locked,
    /// The token did not work.
    Failed,
}

/// Everything once more.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Progress.
    pub step: Step,
    /// Procedure.
    pub procedure: Bilingual,
    /// Who.
    pub person: Person,
    /// Answers by section.
    pub sections: Vec<SummarySection>,
    /// Papers with how many pages.
    pub papers: Vec<(Bilingual, usize)>,
    /// Whether it is signed, and by whom.
    pub signed_by: Option<String>,
    /// Fee.
    pub fee: Fee,
    /// The last try to submit failed on this machine; nothing is lost.
    pub failed: bool,
}

/// Answers of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummarySection {
    /// Heading.
    pub title: Bilingual,
    /// Label and answer, the answer as a person reads it.
    pub answers: Vec<(Bilingual, Bilingual)>,
}

/// On its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Submitting {
    /// Being sealed and written to disk.
    Sealing,
    /// Safe here; being sent.
    Sending,
}

/// Kept or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Where it is.
    pub place: DossierPlace,
    /// What its code says.
    pub code: String,
    /// The slip.
    pub slip: SlipState,
    /// Procedure.
    pub procedure: Bilingual,
}

/// Where a submitted dossier is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DossierPlace {
    /// The province holds it under this code.
    Province(crate::ids::DossierCode),
    /// This kiosk holds it sealed and will send it; known by this number until then.
    Kiosk(String),
}

/// The slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlipState {
    /// Coming.
    Printing,
    /// There.
    Printed,
    /// Did not come; the code on the screen can be photographed.
    NotPrinted(Shortcoming),
}

/// Which dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookUp {
    /// The code, as typed or scanned.
    pub code: String,
    /// The second factor: last four digits of the personal number.
    pub factor: String,
    /// Which of the two is being typed.
    pub focused: LookUpField,
    /// What happened to the last try.
    pub state: LookUpState,
}

/// The fields of the look-up page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LookUpField {
    /// Dossier code.
    Code,
    /// Second factor.
    Factor,
}

/// How far a look-up is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LookUpState {
    /// Being typed.
    Typing,
    /// Asking the province.
    Asking,
    /// The code is not written like one.
    NotACode,
    /// The second factor must be four digits.
    NotAFactor,
    /// No dossier with this code and factor.
    NotFound,
    /// The province cannot be reached.
    NoProvince,
}

/// How a dossier stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierStatus {
    /// Its code.
    pub code: String,
    /// Procedure.
    pub procedure: Bilingual,
    /// Status now.
    pub status: Status,
    /// Why, when it was refused or papers are asked.
    pub reason: Option<String>,
    /// What happened, oldest first.
    pub history: Vec<HistoryRow>,
}

/// One step of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// When, local time, `08:05 21/11/2026`.
    pub at: String,
    /// Which status.
    pub status: Status,
}

/// How was it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What was chosen, if anything.
    pub given: Option<Rating>,
}

/// The five answers of the national survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rating {
    /// *Rất hài lòng*.
    VerySatisfied,
    /// *Hài lòng*.
    Satisfied,
    /// *Bình thường*.
    Neutral,
    /// *Không hài lòng*.
    Dissatisfied,
    /// *Rất không hài lòng*.
    VeryDissatisfied,
}

impl Rating {
    /// All five, best first.
    pub const ALL: [Self; 5] = [
        Self::VerySatisfied,
        Self::Satisfied,
        Self::Neutral,
        Self::Dissatisfied,
        Self::VeryDissatisfied,
    ];
}
