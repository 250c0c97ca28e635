//! Pages and signed documents of the present visit: in memory, until submitted or wiped.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use documents::{
    pdf::{self, PdfDocument, PdfError, PdfPage},
    trust::Revocation,
};
use domain::visit::{PageId, SubmissionPaper, VisitNo};
use jiff::Timestamp;

/// The pages of the present visit, shared by the desks.
#[derive(Clone)]
pub(crate) struct PageStore(Arc<Mutex<Held>>);

struct Held {
    /// Whose pages these are: what a desk finishes for an earlier visit is not kept.
    visit: VisitNo,
    next: u64,
    pages: BTreeMap<PageId, Arc<StoredPage>>,
    signed: Vec<Bound>,
}

/// One page as it goes into a document.
pub(crate) struct StoredPage {
    jpeg: Vec<u8>,
    dpi: u16,
}

/// A paper made into a document.
#[derive(Clone)]
pub(crate) struct Bound {
    /// Which paper.
    pub(crate) paper: String,
    /// How many pages.
    pub(crate) pages: u32,
    /// The whole file.
    pub(crate) pdf: Vec<u8>,
    /// Of a signed one: what was known about the revocation of the signer's certificate.
    pub(crate) revocation: Option<Revocation>,
}

/// The papers cannot be made into documents.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// A page that the citizen saw is gone: the visit has ended.
    #[error("a page is gone")]
    PageGone,
    /// A document could not be written.
    #[error("could not write a document")]
    Pdf(#[from] PdfError),
}

impl PageStore {
    /// An empty store for this visit.
    pub(crate) fn new(visit: VisitNo) -> Self {
        let held = Held { visit, next: 0, pages: BTreeMap::new(), signed: vec![] };
        Self(Arc::new(Mutex::new(held)))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this visit is the present one.
    pub(crate) fn is_for(&self, visit: VisitNo) -> bool {
        self.held().visit == visit
    }

    /// Keeps a page and names it; `None` when its visit has ended.
    pub(crate) fn keep(&self, visit: VisitNo, jpeg: Vec<u8>, dpi: u16) -> Option<PageId> {
        let mut held = self.held();
        if held.visit != visit {
            return None;
        }
        held.next += 1;
        let id = PageId(held.next);
        held.pages.insert(id, Arc::new(StoredPage { jpeg, dpi }));
        Some(id)
    }

    pub(crate) fn forget(&self, page: PageId) {
        self.held().pages.remove(&page);
    }

    /// Forgets everything and opens the store to another visit; numbers go on.
    pub(crate) fn wipe(&self, next: VisitNo) {
        let mut held = self.held();
        held.visit = next;
        held.pages.clear();
        held.signed.clear();
    }

    /// Keeps documents that were signed, while their visit lasts.
    pub(crate) fn keep_signed(&self, visit: VisitNo, documents: Vec<Bound>) {
        let mut held = self.held();
        if held.visit == visit {
            held.signed = documents;
        }
    }

    /// Forgets the signed documents: they are sealed.
    pub(crate) fn forget_signed(&self, visit: VisitNo) {
        let mut held = self.held();
        if held.visit == visit {
            held.signed.clear();
        }
    }

    /// The signed documents of this visit.
    pub(crate) fn signed(&self, visit: VisitNo) -> Vec<Bound> {
        let held = self.held();
        if held.visit == visit { held.signed.clone() } else { vec![] }
    }

    /// Makes one PDF of each paper.
    pub(crate) fn bind(
        &self,
        papers: &[SubmissionPaper],
        made: Timestamp,
    ) -> Result<Vec<Bound>, BindError> {
        papers.iter().map(|paper| self.bind_one(paper, made)).collect()
    }

    fn bind_one(&self, paper: &SubmissionPaper, made: Timestamp) -> Result<Bound, BindError> {
        let stored: Vec<Arc<StoredPage>> = {
            let held = self.held();
            let pages = paper.pages.iter().map(|id| held.pages.get(id).cloned());
            pages.collect::<Option<_>>().ok_or(BindError::PageGone)?
        };
        let pages: Vec<PdfPage<'_>> =
            stored.iter().map(|page| PdfPage { jpeg: &page.jpeg, dpi: page.dpi }).collect();
        let document = PdfDocument { title: &paper.name.vi, created: made, pages: &pages };
        let pdf = pdf::write(&document)?;
        let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        Ok(Bound { paper: paper.id.clone(), pages: count, pdf, revocation: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_scanned_or_signed_for_an_ended_visit_is_not_kept() {
        let (former, present) = (VisitNo(1), VisitNo(2));
        let store = PageStore::new(former);
        let page = store.keep(former, vec![1], 200).unwrap();
        let bound = || vec![Bound { paper: "a".into(), pages: 1, pdf: vec![], revocation: None }];
        store.keep_signed(former, bound());
        store.wipe(present);

        assert!(store.keep(former, vec![2], 200).is_none());
        store.keep_signed(former, bound());
        assert!(store.signed(former).is_empty() && store.signed(present).is_empty());
        let paper = SubmissionPaper {
            id: "a".into(),
            name: domain::Bilingual { vi: "A".into(), en: "A".into() },
            pages: vec![page],
        };
        let gone = store.bind(&[paper], Timestamp::UNIX_EPOCH);
        assert!(matches!(gone, Err(BindError::PageGone)), "the former page is still there");
        assert_ne!(store.keep(present, vec![3], 200), Some(page), "a name was used twice");
    }
}
