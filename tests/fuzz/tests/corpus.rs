//! What fuzzing once found interesting goes through every parser again, as it is and changed:
//! the slice of the campaign that each run of the tests pays for.

use std::time::{Duration, Instant};

use fuzz::{
    TARGETS, Target,
    corpus::{file, inputs},
};

/// Most changed inputs for each target, and how long they may take in all.
const CHANGED: u32 = 3_000;
const SLICE: Duration = Duration::from_secs(1);
/// No input may take as long as this, on the slowest machine that tests run on.
const LONGEST: Duration = Duration::from_secs(10);

/// A generator whose numbers are the same in each run (xorshift64, Marsaglia 2003).
struct Numbers(u64);

#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may end in a panic")]
impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    /// Changes a few bytes, cuts, repeats or joins, as lines and devices do.
    fn change(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(6) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, self.byte()),
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                3 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                4 => bytes.extend_from_slice(&other[self.below(other.len() + 1)..]),
                _ if !bytes.is_empty() => bytes[at] = self.byte(),
                _ => bytes.push(self.byte()),
            }
        }
        bytes
    }
}

fn feed(target: &Target, input: &[u8]) {
    let started = Instant::now();
    (target.feed)(input);
    let took = started.elapsed();
    assert!(took < LONGEST, "{}: {took:?} for {} bytes", target.name, input.len());
}

#[test]
fn every_kept_input_goes_through_its_parser_as_it_is_and_changed() {
    for target in TARGETS {
        let kept = inputs(target).unwrap_or_else(|error| panic!("{}: {error}", target.name));
        assert!(!kept.is_empty(), "{} has no corpus", target.name);
        kept.iter().for_each(|input| feed(target, input));
        let mut numbers = Numbers(0x6d6f_7463_7561);
        let end = Instant::now() + SLICE;
        for _ in (0..CHANGED).take_while(|_| Instant::now() < end) {
            let (one, other) = (numbers.below(kept.len()), numbers.below(kept.len()));
            feed(target, &numbers.change(&kept[one], &kept[other]));
        }
    }
}

#[test]
fn each_file_of_the_corpus_belongs_to_a_target() {
    let folder = file(&TARGETS[0]).parent().unwrap().to_owned();
    for kept in std::fs::read_dir(folder).unwrap() {
        let name = kept.unwrap().file_name().into_string().unwrap();
        let target = name.strip_suffix(".txt").and_then(fuzz::by_name);
        assert!(target.is_some(), "nothing is called {name}");
    }
}
