//! One command, one answer: what cards with contacts need in between is done here and nowhere
//! else.

use hardware_api::DeviceError;

/// Most bytes gathered for one answer; an extended answer has 65,536.
const MOST: usize = 65_536;

/// Sends `command` and completes the answer: `61xx` means that more is to be fetched, `6Cxx`
/// that the same command is to be sent with another length (ISO 7816-3, 10.3, and 7816-4, 5.6).
/// Other status words, among them the `91xx` of DESFire, are the caller's.
pub(crate) fn complete(
    command: &[u8],
    device: &str,
    mut send: impl FnMut(&[u8]) -> Result<Vec<u8>, DeviceError>,
) -> Result<Vec<u8>, DeviceError> {
    let nonsense = |got: String| DeviceError::Nonsense { device: device.to_owned(), got };
    let mut whole = Vec::new();
    let mut next = command.to_vec();
    let mut was_corrected = false;
    loop {
        let mut answer = send(&next)?;
        let (data, status) = match answer.split_last_chunk::<2>() {
            Some((data, status)) => (data.len(), *status),
            None => return Err(nonsense(format!("an answer of {} byte", answer.len()))),
        };
        match status {
            [0x6C, length] if data == 0 && !was_corrected => {
                was_corrected = true;
                next = with_length(&next, length)
                    .ok_or_else(|| nonsense("6Cxx to a command that asks for nothing".into()))?;
            }
            // A card that has more than it may, or promises more and gives nothing, would go on
            // for ever.
            [0x61, _] if whole.len() + data > MOST => {
                return Err(nonsense("more than an answer may hold".into()));
            }
            [0x61, _] if data == 0 && next.get(1) == Some(&0xC0) => {
                return Err(nonsense("61xx without anything".into()));
            }
            [0x61, length] => {
                answer.truncate(data);
                whole.append(&mut answer);
                let channel = command.first().map_or(0, |class| class & 0x03);
                next = vec![channel, 0xC0, 0, 0, length];
                was_corrected = false;
            }
            _ => {
                whole.append(&mut answer);
                return Ok(whole);
            }
        }
    }
}

/// The command with another expected length. Only commands with a short one are answered 6Cxx.
fn with_length(command: &[u8], length: u8) -> Option<Vec<u8>> {
    let without = match command.len() {
        4 | 5 => command.get(..4)?,
        long => {
            let data = usize::from(*command.get(4)?);
            let end = 5 + data;
            if data == 0 || !(end..=end + 1).contains(&long) {
                return None;
            }
            command.get(..end)?
        }
    };
    Some([without, &[length]].concat())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    /// Plays a card that answers in this order; gives what was sent and the whole answer.
    fn play(command: &[u8], answers: &[&[u8]]) -> (Vec<Vec<u8>>, Result<Vec<u8>, DeviceError>) {
        let mut left: VecDeque<_> = answers.iter().copied().collect();
        let mut sent = vec![];
        let answer = complete(command, "r", |command| {
            sent.push(command.to_vec());
            Ok(left.pop_front().expect("no more answers").to_vec())
        });
        (sent, answer)
    }

    #[test]
    fn what_is_left_over_is_fetched() {
        let command = [0x01, 0xB0, 0, 0, 0];
        let (sent, answer) = play(&command, &[b"ab\x61\x02", b"cd\x61\x00", b"e\x90\x00"]);
        assert_eq!(answer.unwrap(), b"abcde\x90\x00");
        assert_eq!(sent[1..], [vec![1, 0xC0, 0, 0, 2], vec![1, 0xC0, 0, 0, 0]]);
    }

    #[test]
    fn a_wrong_length_is_corrected_once() {
        for (command, again) in [
            (&b"\x00\xB0\x00\x00"[..], &b"\x00\xB0\x00\x00\x07"[..]),
            (b"\x00\xB0\x00\x00\x10", b"\x00\xB0\x00\x00\x07"),
            (b"\x00\xA4\x04\x00\x02ab\x00", b"\x00\xA4\x04\x00\x02ab\x07"),
            (b"\x00\xA4\x04\x00\x02ab", b"\x00\xA4\x04\x00\x02ab\x07"),
        ] {
            let (sent, answer) = play(command, &[b"\x6C\x07", b"1234567\x90\x00"]);
            assert_eq!(answer.unwrap(), b"1234567\x90\x00");
            assert_eq!(sent[1], again);
            let (_, answer) = play(command, &[b"\x6C\x07", b"\x6C\x08"]);
            assert_eq!(answer.unwrap(), b"\x6C\x08", "the caller is told the second time");
        }
    }

    #[test]
    fn a_card_that_breaks_the_rules_is_refused() {
        let extended = b"\x00\xB0\x00\x00\x00\x01\x00";
        for answers in [&[&b""[..]][..], &[b"\x90"], &[b"ab\x61\x01", b"\x61\x01"], &[b"\x6C\x07"]]
        {
            let (_, answer) = play(extended, answers);
            assert!(matches!(answer, Err(DeviceError::Nonsense { .. })), "{answers:?}");
        }
        let endless = complete(b"\x00\xB0\x00\x00\x00", "r", |_| Ok(b"abcdefgh\x61\x00".to_vec()));
        assert!(matches!(endless, Err(DeviceError::Nonsense { .. })));
    }

    #[test]
    fn other_status_words_are_the_callers() {
        for status in [b"\x63\x00", b"\x69\x82", b"\x91\xAF", b"\x62\x82"] {
            let (sent, answer) = play(b"\x90\x60\x00\x00\x00", &[status]);
            assert_eq!((sent.len(), answer.unwrap()), (1, status.to_vec()));
        }
    }

    proptest! {
        #[test]
        fn whatever_a_card_answers_there_is_an_end(
            command: Vec<u8>, answers in proptest::collection::vec(any::<Vec<u8>>(), 1..20),
        ) {
            let mut left = answers.into_iter();
            let _ = complete(&command, "r", |_| {
                left.next().ok_or_else(|| DeviceError::Gone { device: "r".into() })
            });
        }
    }
}
