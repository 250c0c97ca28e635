//! Telling presented codes apart before anything is parsed.

use domain::ids::DossierCode;
use jiff::civil::Date;

use crate::id_card::{looks_like_id_card, parse_id_card, trimmed};
use crate::payment_code::is_payment_code;
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
    /// A token that only its issuer's servers can read, such as the app VNeID shows. Nobody has
    /// published its shape: it is told by its host, or by being nothing but one long word of
    /// letters and digits.
    AppToken,
    /// Something else.
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
    if is_payment_code(text) {
        return Presented::VietQr;
    }
    if let Some(ticket) = TicketCode::parse(text) {
        return Presented::Ticket(ticket);
    }
    if let Some(slip) = SlipCode::parse(text) {
        return Presented::SubmissionSlip(slip);
    }
    if let Some(code) = recognise_dossier_code(text) {
        return Presented::DossierCode(code);
    }
    if is_app_token(text) { Presented::AppToken } else { Presented::Unknown }
}

/// Hosts of the national population database, whose codes open a log-in on a phone.
const APP_HOSTS: [&str; 2] = ["dancuquocgia.gov.vn", "vneid.gov.vn"];

/// Shorter words are somebody's serial number.
const TOKEN_LENGTH: std::ops::RangeInclusive<usize> = 32..=2048;

fn is_app_token(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("https://") {
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        return APP_HOSTS.iter().any(|known| {
            host.strip_suffix(known).is_some_and(|below| below.is_empty() || below.ends_with('.'))
        });
    }
    // What begins as a payment code was one before it was spoilt.
    let is_one_word = !text.starts_with("000201")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.".contains(&byte));
    TOKEN_LENGTH.contains(&text.len())
        && is_one_word
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.bytes().any(|byte| byte.is_ascii_digit())
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

    const VIETQR: &str = "00020101021238570010A00000072701270006970436011300110000000010208QRIBFTTA5303704540480005802VN62200816Le phi trich luc63040723";

    fn kind(text: &str) -> &'static str {
        kind_of(text.as_bytes())
    }

    fn kind_of(bytes: &[u8]) -> &'static str {
        match classify(bytes, date(2026, 11, 21)) {
            Presented::IdCard(_) => "card",
            Presented::DamagedIdCard(_) => "damaged card",
            Presented::Ticket(_) => "ticket",
            Presented::SubmissionSlip(_) => "slip",
            Presented::DossierCode(_) => "dossier",
            Presented::VietQr => "bank",
            Presented::HealthCard => "health",
            Presented::AppToken => "app",
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
            (VIETQR, "bank"),
            (&VIETQR[..VIETQR.len() - 2], "unknown"),
            ("00020101021238540010A000000727012400069704360110101759560002", "unknown"),
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
            ("https://sso.dancuquocgia.gov.vn/auth?qr=8f3a", "app"),
            ("https://notdancuquocgia.gov.vn/auth", "unknown"),
            ("https://dancuquocgia.gov.vn.example.org/auth", "unknown"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiI4ZjNhIn0.c2lnbmF0dXJlMQ", "app"),
            ("8f3a1c0b9d2e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f80912a3b4", "app"),
            ("12345678901234567890123456789012345678901234", "unknown"),
            ("Mot dong chu dai hon ba muoi hai ky tu 1234567", "unknown"),
            // An ID card's number alone, its code without a field, its code in another order.
            ("001099000001", "unknown"),
            ("001099000001|012345678|Nguyễn Văn An|15011999|Nam", "damaged card"),
            ("Nguyễn Văn An|001099000001|012345678|15011999|Nam|Hà Nội|20052021", "unknown"),
            // A health card whose name is no hex of a text, or whose sex is no digit.
            ("GD4010100000001|4e677579e1bb|15/01/1999|1|48c3a0|01 - 001|", "unknown"),
            ("GD4010100000001|4e67757965|15/01/1999|Nam|48c3a0|01 - 001|", "unknown"),
            ("MOTCUA1:T:H40.16:2026-11-31:A001", "unknown"),
            ("MOTCUA1:S:019a7f00:", "unknown"),
            ("", "unknown"),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    /// Fault: code · a reader spoils the encoding of a card (Windows-1258, UTF-16, letters replaced by question marks) → told as a damaged card or as unknown, never as a person with a wrong name
    #[test]
    fn wrong_encodings_are_damaged_or_unknown_and_never_a_person() {
        let latin = |text: &str| -> Vec<u8> {
            text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()
        };
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        // As Windows-1258 writes it: a base letter and a tone behind it.
        let windows = b"001099000001|012345678|Nguy\xea\xden V\xe3n An|15011999|Nam|H\xe0 N\xf4\xf2i|20052021";
        let cases = [
            (windows.to_vec(), "damaged card"),
            (latin("001099000001||Võ Tý|15011999|Nữ|Huế|20052021"), "damaged card"),
            (wide(CARD), "unknown"),
            (CARD.replace("Văn", "V\u{fffd}n").into_bytes(), "damaged card"),
            (CARD.replace(['ễ', 'ă'], "?").into_bytes(), "damaged card"),
            ([CARD.as_bytes(), b"\xff"].concat(), "damaged card"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(kind_of(&bytes), expected, "{}", String::from_utf8_lossy(&bytes));
        }
    }

    /// Fault: code · a reader sends a megabyte of noise, or of separators, as one code → unknown, at once
    #[test]
    fn a_megabyte_of_noise_is_unknown_and_soon_so() {
        let mut seed = 20_261_121_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u8::try_from(seed >> 24).unwrap()
        })
        .take(1 << 20)
        .collect();
        let began = std::time::Instant::now();
        assert_eq!(kind_of(&noise), "unknown");
        assert_eq!(kind_of(&vec![b'|'; 1 << 20]), "unknown");
        assert_eq!(kind_of(&vec![b'0'; 1 << 20]), "unknown");
        assert_eq!(kind_of(&b"0002".repeat(1 << 18)), "unknown");
        assert_eq!(kind_of(&b"a1".repeat(1 << 19)), "unknown");
        assert_eq!(kind_of(&[CARD.as_bytes(), &noise].concat()), "damaged card");
        assert!(began.elapsed() < std::time::Duration::from_secs(5));
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
