//! The codes that the kiosk itself prints: on tickets and on submission slips.
//!
//! `MOTCUA1:T:<center>:<date>:<number>` and `MOTCUA1:S:<submission id>:<look-up secret>`. A ticket
//! may print them behind the `#` of a link, so that a phone opens the page while a kiosk, which
//! trusts no link, reads the same code.

use std::fmt;

use domain::{CenterId, SubmissionId, TicketNo};
use jiff::civil::Date;

/// What a ticket's code starts with.
pub const TICKET_PREFIX: &str = "MOTCUA1:T:";
/// What a submission slip's code starts with.
pub const SLIP_PREFIX: &str = "MOTCUA1:S:";

/// A queue ticket's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketCode {
    /// The center that issued it.
    pub center: CenterId,
    /// The day it is good for.
    pub date: Date,
    /// The number, `A001`.
    pub number: TicketNo,
}

/// A submission slip's code. The secret is a second factor for looking the dossier up; `Debug`
/// hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct SlipCode {
    /// The submission's id.
    pub submission: SubmissionId,
    /// The look-up secret.
    pub secret: String,
}

impl TicketCode {
    /// Reads the text form, alone or behind the `#` of a link.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = code_in(text).strip_prefix(TICKET_PREFIX)?.split(':');
        let (center, date, number) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && is_word(center);
        let (date, number) = (date.parse().ok()?, number.parse().ok()?);
        whole.then(|| Self { center: center.into(), date, number })
    }
}

/// The text form.
impl fmt::Display for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{TICKET_PREFIX}{}:{}:{}", self.center, self.date, self.number)
    }
}

impl SlipCode {
    /// Reads the text form, alone or behind the `#` of a link.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (submission, secret) = code_in(text).strip_prefix(SLIP_PREFIX)?.split_once(':')?;
        let whole = is_word(submission) && is_word(secret);
        whole.then(|| Self { submission: submission.into(), secret: secret.to_owned() })
    }

    /// The text form, with the secret: for the slip's code only.
    #[must_use]
    pub fn code(&self) -> String {
        format!("{SLIP_PREFIX}{}:{}", self.submission, self.secret)
    }
}

impl fmt::Debug for SlipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlipCode")
            .field("submission", &self.submission)
            .field("secret", &"***")
            .finish()
    }
}

fn code_in(text: &str) -> &str {
    match text.split_once('#') {
        Some((link, code)) if link.starts_with("https://") || link.starts_with("http://") => code,
        Some(_) | None => text,
    }
}

fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn ticket() -> TicketCode {
        TicketCode {
            center: "H40.16".into(),
            date: date(2026, 11, 21),
            number: "A001".parse().unwrap(),
        }
    }

    #[test]
    fn a_ticket_reads_back_alone_and_behind_a_link() {
        let text = ticket().to_string();
        assert_eq!(text, "MOTCUA1:T:H40.16:2026-11-21:A001");
        assert_eq!(TicketCode::parse(&text), Some(ticket()));
        assert_eq!(TicketCode::parse(&format!("http://10.0.0.1/q#{text}")), Some(ticket()));
    }

    #[test]
    fn a_slip_reads_back_and_hides_its_secret() {
        let slip = SlipCode { submission: "019a-7f".into(), secret: "K7QX".to_owned() };
        assert_eq!(SlipCode::parse(&slip.code()), Some(slip.clone()));
        assert!(!format!("{slip:?}").contains("K7QX"));
    }

    #[test]
    fn cut_or_foreign_texts_are_neither() {
        let cases = [
            "MOTCUA1:T:H40.16:2026-11-21",
            "MOTCUA1:T:H40.16:2026-11-31:A001",
            "MOTCUA1:T:H40.16:2026-11-21:A001:x",
            "MOTCUA1:T::2026-11-21:A001",
            "MOTCUA2:T:H40.16:2026-11-21:A001",
            "MOTCUA1:S:019a",
            "MOTCUA1:S:019a:",
            "MOTCUA1:S:019a:K7:QX",
            "ftp://host/#MOTCUA1:S:019a:K7QX",
            "https://host/",
        ];
        for text in cases {
            assert_eq!(TicketCode::parse(text), None, "{text}");
            assert_eq!(SlipCode::parse(text), None, "{text}");
        }
    }
}
