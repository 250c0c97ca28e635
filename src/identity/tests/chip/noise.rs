//! A card that answers anything at all: a reading ends, says how, and never panics.

use identity::chip::{self, ApduLink, Continue, LinkError, Request, TrustStore};
use proptest::prelude::*;

use crate::emulator::{can, everything, lines, now, random};

/// Answers in turn, each with a status word; after the last the card leaves.
struct Noise {
    answers: Vec<(Vec<u8>, [u8; 2])>,
    max_response: usize,
}

impl ApduLink for Noise {
    fn max_response(&self) -> usize {
        self.max_response
    }

    fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, LinkError> {
        let (mut data, status) = self.answers.pop().ok_or(LinkError::CardLeft)?;
        data.extend(status);
        Ok(data)
    }
}

fn status() -> impl Strategy<Value = [u8; 2]> {
    let known = [0x9000_u16, 0x6282, 0x6982, 0x6A82, 0x6700, 0x6C10, 0x6110, 0x63C1, 0x6D00];
    prop::sample::select(known.map(u16::to_be_bytes).to_vec())
}

fn data() -> impl Strategy<Value = Vec<u8>> {
    // What real chips begin with, and noise behind it.
    let heads: [&[u8]; 5] = [&[], &[0x7C], &[0x7C, 0x12, 0x80, 0x10], &[0x31, 0x14], &[0x99, 2]];
    let heads = prop::sample::select(heads.map(<[u8]>::to_vec).to_vec());
    (heads, prop::collection::vec(any::<u8>(), 0..80))
        .prop_map(|(head, noise)| [head, noise].concat())
}

proptest! {
    #[test]
    fn any_answers_end_a_reading(
        answers in prop::collection::vec((data(), status()), 0..40),
        is_small in any::<bool>(),
        has_lines in any::<bool>(),
    ) {
        let most = answers.len() + 1;
        let max_response = if is_small { 258 } else { 65_538 };
        let mut noise = Noise { answers, max_response };
        let access = if has_lines { lines() } else { can() };
        let trust = TrustStore::default();
        let request = Request { access, want: everything(), trust: &trust, at: now() };
        let mut asked = 0;
        let outcome = chip::read(&mut noise, &request, &random(), &mut |_| {
            asked += 1;
            Continue::Yes
        });
        prop_assert!(outcome.is_err());
        prop_assert!(asked <= most);
    }
}
