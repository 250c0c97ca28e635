//! What readers say of themselves, from bytes to types.

/// Whether answers longer than 256 bytes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extended {
    /// As the reader tells; not, where it does not tell.
    #[default]
    AsReaderSays,
    /// For a reader that can and does not say so.
    Always,
    /// For a reader that says so and cannot.
    Never,
}

/// The control code by which a reader lists its features (PC/SC part 10, 2.2).
pub(crate) const GET_FEATURES: u32 = 3400;
/// The feature that describes the reader.
const GET_TLV_PROPERTIES: u8 = 0x12;
/// The property that tells the longest command data.
const MAX_APDU_DATA: u8 = 0x0A;
/// A short answer: 256 bytes and the status word.
const SHORT: usize = 258;
/// An extended answer: 65,536 bytes and the status word.
const EXTENDED: usize = 65_538;

/// The control code of the reader's properties, from its list of features: one byte of tag, one
/// of length (4), and the code with its highest byte first.
pub(crate) fn properties_code(features: &[u8]) -> Option<u32> {
    features.chunks_exact(6).find_map(|feature| match *feature {
        [GET_TLV_PROPERTIES, 4, a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
        _ => None,
    })
}

/// Most data a command may carry, from the reader's properties: tag, length, and a number with
/// its lowest byte first.
pub(crate) fn max_data(mut properties: &[u8]) -> Option<usize> {
    while let [tag, length, rest @ ..] = properties {
        let (value, others) = rest.split_at_checked(usize::from(*length))?;
        if *tag == MAX_APDU_DATA {
            let number = value.iter().rev().try_fold(0_usize, |sum, byte| {
                sum.checked_mul(256)?.checked_add(usize::from(*byte))
            });
            return number;
        }
        properties = others;
    }
    None
}

/// Most bytes of one answer, status word included, of a reader that takes `max_data` bytes in
/// one command. A reader either knows extended lengths both ways or not at all.
pub(crate) fn max_response(extended: Extended, max_data: Option<usize>) -> usize {
    let can = match extended {
        Extended::Always => true,
        Extended::Never => false,
        Extended::AsReaderSays => max_data.is_some_and(|most| most > 256),
    };
    if can { EXTENDED } else { SHORT }
}

/// Whether an answer to reset is one that readers make up for a card without contacts
/// (PC/SC part 3, 3.1.3.2.3): `3B 8n 80 01`, n historical bytes, and a check byte over all but
/// the first.
pub(crate) fn is_contactless(atr: &[u8]) -> bool {
    let [0x3B, t0, 0x80, 0x01, rest @ ..] = atr else { return false };
    let historical = usize::from(t0 & 0x0F);
    t0 & 0xF0 == 0x80
        && rest.len() == historical + 1
        && atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte) == 0
}

/// Whether a reader is one of those that are configured: its name holds `wanted`, whatever the
/// case. `*` is every reader.
pub(crate) fn is_wanted(name: &str, wanted: &str) -> bool {
    wanted == "*" || (!wanted.is_empty() && name.to_lowercase().contains(&wanted.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reader_tells_how_long_an_answer_may_be() {
        let features = [0x06, 4, 0x42, 0, 0x0C, 0x01, 0x12, 4, 0x42, 0x33, 0, 0x12];
        assert_eq!(properties_code(&features), Some(0x4233_0012));
        assert_eq!(properties_code(&features[..6]), None);
        let properties = [0x01, 1, 0, 0x0A, 4, 0, 0, 1, 0, 0x0B, 2, 1, 2];
        assert_eq!(max_data(&properties), Some(0x1_0000));
        for (told, expected) in [(Some(0x1_0000), 65_538), (Some(0), 258), (None, 258)] {
            assert_eq!(max_response(Extended::AsReaderSays, told), expected);
        }
        assert_eq!(max_response(Extended::Always, None), 65_538);
        assert_eq!(max_response(Extended::Never, Some(0x1_0000)), 258);
    }

    #[test]
    fn a_card_without_contacts_is_told_by_its_answer_to_reset() {
        for (atr, contactless) in [
            ("3b8180018080", true),
            ("3b8f8001804f0ca000000306030001000000006a", true),
            ("3b8f8001804f0ca000000306030001000000006b", false),
            ("3b80800101", true),
            ("3b800181", false),
            ("3bdb960080b1fe451f830031c064c308010001900095", false),
            ("", false),
        ] {
            assert_eq!(is_contactless(&bytes(atr)), contactless, "{atr}");
        }
    }

    #[test]
    fn readers_are_chosen_by_a_part_of_their_name() {
        let name = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] (ABC) 00 00";
        for (wanted, is) in
            [("acr1252", true), ("PICC", true), ("*", true), ("SCM", false), ("", false)]
        {
            assert_eq!(is_wanted(name, wanted), is, "{wanted}");
        }
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = hex.as_bytes().chunks(2);
        digits.map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    proptest! {
        #[test]
        fn whatever_a_reader_says_is_taken_without_panic(said: Vec<u8>) {
            let _ = properties_code(&said);
            let _ = max_data(&said);
            let _ = is_contactless(&said);
        }
    }
}
