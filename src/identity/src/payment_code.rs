//! Payment codes (VietQR), told by their form: EMVCo's tags, lengths and checksum.
//!
//! The kiosk takes no payment from a citizen's code and keeps nothing of one: a code is only
//! recognised, so that the right sentence can be said.

/// VietQR's identifier among merchant accounts.
const VIETQR: &str = "A000000727";

/// The tag of the checksum, with its length: the last field, and part of what is summed.
const CHECKSUM: &str = "6304";

/// Whether this is a whole payment code for VietQR's network.
pub(crate) fn is_payment_code(text: &str) -> bool {
    let Some((body, sum)) = text.len().checked_sub(4).and_then(|at| text.split_at_checked(at))
    else {
        return false;
    };
    let is_summed = body.ends_with(CHECKSUM)
        && sum.bytes().all(|byte| byte.is_ascii_hexdigit())
        && u16::from_str_radix(sum, 16) == Ok(crc(body.as_bytes()));
    let Some(fields) = Fields::of(text).collect::<Option<Vec<_>>>() else { return false };
    let format = fields.first() == Some(&("00", "01"));
    let merchant = fields.iter().any(|(tag, account)| {
        ("26"..="51").contains(tag) && Fields::of(account).next() == Some(Some(("00", VIETQR)))
    });
    is_summed && format && merchant
}

/// Fields of two digits of tag, two of length in characters, then the value. Ends with `None`
/// when what is left is no field.
struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    fn of(text: &'a str) -> Self {
        Self(text)
    }

    fn field(&self) -> Option<(&'a str, &'a str, &'a str)> {
        let (head, rest) = self.0.split_at_checked(4)?;
        head.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
        let (tag, length) = head.split_at_checked(2)?;
        let length: usize = length.parse().ok()?;
        let end = rest.char_indices().map(|(at, _)| at).chain([rest.len()]).nth(length)?;
        let (value, rest) = rest.split_at_checked(end)?;
        (length > 0).then_some((tag, value, rest))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(&'a str, &'a str)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        self.0 = field.map_or("", |(_, _, rest)| rest);
        Some(field.map(|(tag, value, _)| (tag, value)))
    }
}

/// CRC-16 with polynomial 1021 and all ones to begin with.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |sum, byte| {
        let mut sum = sum ^ (u16::from(*byte) << 8);
        for _ in 0..8 {
            sum = if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 };
        }
        sum
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHOLE: &str = "00020101021238570010A00000072701270006970436011300110000000010208QRIBFTTA5303704540480005802VN62200816Le phi trich luc63040723";

    /// The same with another body and a checksum that fits.
    fn summed(body: &str) -> String {
        let body = format!("{body}{CHECKSUM}");
        format!("{body}{:04X}", crc(body.as_bytes()))
    }

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(crc(b"123456789"), 0x29b1);
    }

    #[test]
    fn a_whole_payment_code_is_told() {
        assert!(is_payment_code(WHOLE));
        let toned = "00020138140010A0000007275303704620910Lệ phí số";
        assert!(!is_payment_code(&summed(toned)), "a length that lies");
        let toned = "00020138140010A00000072753037046209Lệ phí số";
        assert!(is_payment_code(&summed(toned)), "lengths count characters");
    }

    #[test]
    fn broken_and_foreign_payment_codes_are_none() {
        for text in [
            "",
            "0002",
            "000201",
            "00020163041D3D",
            &WHOLE[..WHOLE.len() - 1],
            &WHOLE.replace("8000", "9000"),
            &WHOLE.replace("63040723", "63040724"),
            &WHOLE.replace("6304", "6204"),
            // Another network's.
            &summed("00020138140010A0000006775303704"),
            // No account at all, a field cut short, a tag that is none.
            &summed("0002015303704"),
            &summed("00020138140010A000000727530370"),
            &summed("000201xx0212"),
            &summed("00020238140010A000000727"),
        ] {
            assert!(!is_payment_code(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_payment_code_with_one_letter_changed_is_none(at in 0..WHOLE.len(), by in 1u8..94) {
            let mut bytes = WHOLE.as_bytes().to_vec();
            bytes[at] = b'!' + (bytes[at] - b' ' + by) % 94;
            let text = String::from_utf8(bytes).unwrap();
            prop_assume!(!text.eq_ignore_ascii_case(WHOLE));
            prop_assert!(!is_payment_code(&text), "{}", text);
        }

        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC{0,80}", digits in "[0-9]{0,60}") {
            let _ = is_payment_code(&text);
            let _ = is_payment_code(&digits);
            let _ = is_payment_code(&format!("0002010102{text}6304{digits}"));
        }
    }
}
