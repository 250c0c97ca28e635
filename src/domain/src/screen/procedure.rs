//! Finding a procedure and what it needs.

use std::sync::Arc;

use super::Availability;
use crate::{
    Bilingual, ProcedureCode,
    catalogue::{CopyKind, Fee, Need, OnlineLevel, ProcessingTime, Signature},
};

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
