//! Dossier codes: opaque strings of the province that the kiosk only recognises, never makes.

use domain::ids::DossierCode;

use crate::personal_number::is_digits;

const MAX_CHARS: usize = 64;

/// Recognises a dossier code (mã hồ sơ) as scanned or typed, whatever its case and spaces:
/// `H26.105.01-250702-0003`, `000.00.16.H40-250630-0001`, `G09.20-20260609-0092637`.
#[must_use]
pub fn recognise_dossier_code(text: &str) -> Option<DossierCode> {
    let code: String = text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_uppercase()).collect();
    let mut parts = code.split('-');
    let (unit, date, ordinal) = (parts.next()?, parts.next()?, parts.next()?);
    let known = parts.next().is_none()
        && code.len() <= MAX_CHARS
        && (is_unit_before_2020(unit) || is_unit(unit))
        && (is_digits(date, 6) || is_digits(date, 8))
        && (4..=7).any(|length| is_digits(ordinal, length));
    known.then_some(DossierCode(code))
}

/// `000.00.16.H40`, read from right to left (QCVN 102:2016).
fn is_unit_before_2020(unit: &str) -> bool {
    let parts: Vec<&str> = unit.split('.').collect();
    match parts.as_slice() {
        [third, second, first, top] => {
            is_digits(third, 3)
                && is_digits(second, 2)
                && is_digits(first, 2)
                && is_province_or_ministry(top)
        }
        _ => false,
    }
}

/// `H26.105.01` with up to four levels below the first (Decision 20/2020/QĐ-TTg).
fn is_unit(unit: &str) -> bool {
    let mut levels = unit.split('.');
    let top_is_right = levels.next().is_some_and(is_province_or_ministry);
    let below: Vec<&str> = levels.collect();
    top_is_right
        && below.len() <= 4
        && below.iter().all(|level| (1..=3).any(|length| is_digits(level, length)))
}

fn is_province_or_ministry(code: &str) -> bool {
    let (letter, digits) = code.split_at_checked(1).unwrap_or(("", ""));
    letter.bytes().all(|byte| byte.is_ascii_uppercase()) && is_digits(digits, 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_of_both_kinds_are_recognised_whatever_their_case_and_spaces() {
        let cases = [
            ("000.00.16.H40-250630-0001", "000.00.16.H40-250630-0001"),
            ("G09.20-20260609-0092637", "G09.20-20260609-0092637"),
            ("H29.16-250701-0001", "H29.16-250701-0001"),
            ("H26.105.01-250702-0003", "H26.105.01-250702-0003"),
            ("h40 - 250702 - 0003", "H40-250702-0003"),
            ("H40.1.2.3.4-250702-0003", "H40.1.2.3.4-250702-0003"),
        ];
        for (text, code) in cases {
            assert_eq!(recognise_dossier_code(text).as_ref().map(DossierCode::as_str), Some(code));
        }
    }

    #[test]
    fn other_texts_are_no_dossier_code() {
        let cases = [
            "",
            "H40-250702",
            "H40-250702-0003-1",
            "H40-2507021-0003",
            "H40-250702-003",
            "H40-250702-00030003",
            "H4-250702-0003",
            "40H-250702-0003",
            "H40.1.2.3.4.5-250702-0003",
            "H40.1234-250702-0003",
            "H40.-250702-0003",
            "000.00.16.40-250630-0001",
            "00.00.16.H40-250630-0001",
            "H40-25O702-0003",
            "Ħ40-250702-0003",
            "001099000001",
        ];
        for text in cases {
            assert_eq!(recognise_dossier_code(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_published_pattern_allows_is_recognised(
            code in r"([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(\.[0-9]{1,3}){0,4})-([0-9]{6}|[0-9]{8})-[0-9]{4,7}"
        ) {
            let parsed = recognise_dossier_code(&code);
            prop_assert_eq!(parsed.as_ref().map(DossierCode::as_str), Some(code.as_str()));
        }

        #[test]
        fn any_text_is_judged_without_a_panic(text in ".{0,80}") {
            let _ = recognise_dossier_code(&text);
        }
    }
}
