//! Pages and signed documents of the present visit: in memory, until submitted or wiped.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use documents::pdf::{self, PdfDocument, PdfError, PdfPage};
use domain::visit::{PageId, SubmissionPaper};
use jiff::Timestamp;

/// The pages of the present visit, shared by the desks.
#[derive(Clone, Default)]
pub(crate) struct PageStore(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
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
}

impl PageStore {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a page and names it.
    pub(crate) fn keep(&self, jpeg: Vec<u8>, dpi: u16) -> PageId {
        let mut held = self.held();
        held.next += 1;
        let id = PageId(held.next);
        held.pages.insert(id, Arc::new(StoredPage { jpeg, dpi }));
        id
    }

    pub(crate) fn forget(&self, page: PageId) {
        self.held().pages.remove(&page);
    }

    /// Forgets everything; numbers go on, so that a late page of the last visit names nothing.
    pub(crate) fn wipe(&self) {
        let mut held = self.held();
        held.pages.clear();
        held.signed.clear();
    }

    /// Keeps documents that were signed.
    pub(crate) fn keep_signed(&self, documents: Vec<Bound>) {
        self.held().signed = documents;
    }

    /// Takes the signed documents.
    pub(crate) fn take_signed(&self) -> Vec<Bound> {
        std::mem::take(&mut self.held().signed)
    }

    /// Makes one PDF of each paper. A page that is gone makes its paper shorter, and a paper
    /// without pages is an error.
    pub(crate) fn bind(
        &self,
        papers: &[SubmissionPaper],
        made: Timestamp,
    ) -> Result<Vec<Bound>, PdfError> {
        papers.iter().map(|paper| self.bind_one(paper, made)).collect()
    }

    fn bind_one(&self, paper: &SubmissionPaper, made: Timestamp) -> Result<Bound, PdfError> {
        let stored: Vec<Arc<StoredPage>> = {
            let held = self.held();
            paper.pages.iter().filter_map(|id| held.pages.get(id).cloned()).collect()
        };
        let pages: Vec<PdfPage<'_>> =
            stored.iter().map(|page| PdfPage { jpeg: &page.jpeg, dpi: page.dpi }).collect();
        let document = PdfDocument { title: &paper.name.vi, created: made, pages: &pages };
        let pdf = pdf::write(&document)?;
        let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        Ok(Bound { paper: paper.id.clone(), pages: count, pdf })
    }
}
