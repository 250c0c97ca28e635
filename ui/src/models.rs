//! Lists for Slint, changed row by row so that what stays the same is not drawn again.

use std::sync::Arc;

use domain::{Language, screen::ProcedureRow};
use slint::{Model, ModelNotify, ModelRc, ModelTracker, VecModel};

use crate::{figures, generated::ProcedureView};

/// Makes the list behind `current` say `rows`; hands a new list to `set` where there was none.
pub(crate) fn put<T: Clone + PartialEq + 'static>(
    current: &ModelRc<T>,
    rows: Vec<T>,
    set: impl FnOnce(ModelRc<T>),
) {
    let Some(list) = current.as_any().downcast_ref::<VecModel<T>>() else {
        set(ModelRc::new(VecModel::from(rows)));
        return;
    };
    while list.row_count() > rows.len() {
        list.remove(list.row_count() - 1);
    }
    for (at, row) in rows.into_iter().enumerate() {
        match list.row_data(at) {
            Some(there) if there == row => {}
            Some(_) => list.set_row_data(at, row),
            None => list.push(row),
        }
    }
}

/// The hits of a search, each translated when it comes into sight: thousands cost nothing.
pub(crate) struct Hits {
    pub(crate) rows: Arc<[ProcedureRow]>,
    pub(crate) language: Language,
    pub(crate) notify: ModelNotify,
}

impl Model for Hits {
    type Data = ProcedureView;

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn row_data(&self, at: usize) -> Option<ProcedureView> {
        self.rows.get(at).map(|row| ProcedureView {
            code: row.code.as_str().into(),
            name: row.name.get(self.language).into(),
            field: row.field.get(self.language).into(),
            fee: figures::fee(&row.fee, self.language),
        })
    }

    fn model_tracker(&self) -> &dyn ModelTracker {
        &self.notify
    }
}
