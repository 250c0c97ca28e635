//! Telling presented codes apart before anything is parsed.

use domain::ids::DossierCode;
use jiff::civil::Date;

use crate::id_card::{looks_like_id_card, parse_id_card, trimmed};
use crate::{IdCardCode, IdCardError, SlipCode, TicketCode, recognise_dossier_code};

/// What a citizen held before the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// An ID card, read well.
    IdCard(IdCardCode),
    /// An ID card that did not read well; the error tells what can still be used.
    DamagedIdCard(IdCardError),
    /// A queue ticket of ours.
    Ticket(TicketCode),
    /// A submission slip of ours.
    SubmissionSlip(SlipCode),
    /// A dossier code of the province.
    DossierCode(DossierCode),
    /// A bank's payment code.
    VietQr,
    /// A health-insurance card.
    HealthCard,
    /// Something else, among it the app's short-lived codes, whose tokens have no known shape.
    Unknown,
}

/// Says what was presented. `today` judges the dates of ID cards.
#[must_use]
pub fn classify(bytes: &[u8], today: Date) -> Presented {
    // The health card first: its number may be the holder's personal number.
    if is_health_card(bytes) {
        return Presented::HealthCard;
    }
    if looks_like_id_card(bytes) {
        return match parse_id_card(bytes, today) {
            Ok(card) => Presented::IdCard(card),
            Err(error) => Presented::DamagedIdCard(error),
        };
    }
    let Ok(text) = str::from_utf8(trimmed(bytes)) else {
        return Presented::Unknown;
    };
    if text.starts_with("000201") {
        return Presented::VietQr;
    }
    if let Some(ticket) = TicketCode::parse(text) {
        return Presented::Ticket(ticket);
    }
    if let Some(slip) = SlipCode::parse(text) {
        return Presented::SubmissionSlip(slip);
    }
    recognise_dossier_code(text).map_or(Presented::Unknown, Presented::DossierCode)
}

/// A health card's second field is the holder's name as the hex of its UTF-8, its fourth the sex
/// as a digit.
fn is_health_card(bytes: &[u8]) -> bool {
    let mut fields = trimmed(bytes).split(|byte| *byte == b'|');
    let (Some(number), Some(name), Some(_birth), Some(sex)) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return false;
    };
    (10..=15).contains(&number.len())
        && number.iter().all(u8::is_ascii_alphanumeric)
        && is_hex_of_a_name(name)
        && matches!(sex, b"1" | b"2")
}

fn is_hex_of_a_name(hex: &[u8]) -> bool {
    let (pairs, rest) = hex.as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()).collect();
    rest.is_empty()
        && bytes
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .is_some_and(|name| name.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const CARD: &str = "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Hà Nội|20052021";

    fn kind(text: &str) -> &'static str {
        match classify(text.as_bytes(), date(2026, 11, 21)) {
            Presented::IdCard(_) => "card",
            Presented::DamagedIdCard(_) => "damaged card",
            Presented::Ticket(_) => "ticket",
            Presented::SubmissionSlip(_) => "slip",
            Presented::DossierCode(_) => "dossier",
            Presented::VietQr => "bank",
            Presented::HealthCard => "health",
            Presented::Unknown => "unknown",
        }
    }

    #[test]
    fn each_kind_of_code_is_told_from_the_others() {
        let cases = [
            (CARD, "card"),
            ("\u{feff}066204000003||Y Blắc Niê|29022004|Nam||04102024||||\r\n", "card"),
            ("066204000003||Y Blắc Niê|29022005|Nam||04102024||||", "damaged card"),
            ("001099000001|012345678|Nguyễn Văn An|15011999|Nam|Hà Nội", "damaged card"),
            ("00020101021238540010A000000727012400069704360110101759560002", "bank"),
            (
                "GD4010100000001|4e677579e1bb856e20416e|15/01/1999|1|48c3a0204ee1bb9969|01 - 001|",
                "health",
            ),
            (
                "001099000001|4e677579e1bb856e20416e|15/01/1999|1|48c3a0|01 - 001|01/01/2026",
                "health",
            ),
            ("MOTCUA1:T:H40.16:2026-11-21:A001\r", "ticket"),
            ("https://q.example/t#MOTCUA1:T:H40.16:2026-11-21:A001", "ticket"),
            ("MOTCUA1:S:019a7f00:K7QX", "slip"),
            ("H26.105.01-250702-0003\n", "dossier"),
            ("00109900001|012345678|An|15011999|Nam|Hà Nội|20052021", "unknown"),
            ("https://example.org/", "unknown"),
            ("", "unknown"),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..1500)) {
            let _ = classify(&bytes, date(2026, 11, 21));
        }

        #[test]
        fn a_damaged_card_never_panics(at in 0usize..80, byte: u8, cut in 0usize..90) {
            let mut bytes = CARD.as_bytes().to_vec();
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes.truncate(cut);
            let _ = classify(&bytes, date(2026, 11, 21));
        }
    }
}
