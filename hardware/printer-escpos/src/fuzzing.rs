//! The way in for the fuzzer: what a printer says is taken apart behind closed doors.

use crate::StatusForm;
use crate::protocol::{Answer, Answers, Report, automatic_report, status_of};

/// Takes bytes of the line as a printer's answers, in both forms there are.
pub fn answers(bytes: &[u8]) {
    for form in [StatusForm::Epson, StatusForm::Custom] {
        let mut answers = Answers::new(form);
        let mut report = Report::default();
        for (kind, byte) in (1..=4).cycle().zip(bytes) {
            match answers.push(*byte) {
                Ok(Some(Answer::Automatic(whole))) => drop(automatic_report(whole)),
                Ok(Some(answer)) => drop(report.note(kind, answer)),
                Ok(None) => {}
                Err(_) => answers.forget(),
            }
        }
        let _status = status_of(report);
    }
}
