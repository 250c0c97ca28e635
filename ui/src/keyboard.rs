//! The keyboard on the screen: text, caret, shift, tones. Pure; the pages draw what it says.

pub(crate) mod syllable;

use domain::text::nfc;
use syllable::{Composed, Syllable, Tone};

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// A letter or sign of the board; shift applies.
    Letter(char),
    /// A character as a physical keyboard sends it.
    Exact(char),
    /// A tone for the syllable at the caret.
    Tone(Tone),
    /// Takes one character back.
    Backspace,
    /// The caret, one to the left.
    Left,
    /// The caret, one to the right.
    Right,
    /// Off, once, locked.
    Shift,
    /// Telex on or off.
    Telex,
    /// Letters or signs.
    Symbols,
}

/// What is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Words.
    Words {
        /// Most characters.
        max: usize,
        /// Where capitals come by themselves.
        capitals: Capitals,
    },
    /// A code: capital letters, digits, signs.
    Code {
        /// Most characters.
        max: usize,
    },
    /// Digits alone.
    Digits {
        /// Most digits.
        max: usize,
        /// How they are grouped for reading.
        grouping: Grouping,
    },
}

/// Where capitals come by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Capitals {
    /// Nowhere.
    Never,
    /// At the start.
    First,
    /// At the start of each word.
    Words,
}

/// How digits are grouped for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// Not at all.
    Bare,
    /// `dd/mm/yyyy`; the slashes belong to the text.
    Date,
    /// `001 099 000 001`.
    PersonalNumber,
    /// `0912 345 678`.
    Phone,
    /// `2.000.000`.
    Thousands,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shift {
    Off,
    Once,
    Locked,
}

/// One line and how it is being typed.
#[derive(Clone)]
pub(crate) struct Board {
    text: Vec<char>,
    caret: usize,
    shape: Shape,
    shift: Shift,
    telex: bool,
    symbols: bool,
}

impl Board {
    /// A line that already says `text`, the caret at its end.
    pub(crate) fn new(shape: Shape, text: &str, telex: bool) -> Self {
        let mut board =
            Self { text: vec![], caret: 0, shape, shift: Shift::Off, telex, symbols: false };
        board.set(text);
        board
    }

    /// Replaces the line.
    pub(crate) fn set(&mut self, text: &str) {
        self.text = match self.shape {
            Shape::Digits { .. } => text.chars().filter(char::is_ascii_digit).collect(),
            Shape::Words { .. } | Shape::Code { .. } => nfc(text).chars().collect(),
        };
        self.caret = self.text.len();
        self.auto_shift();
    }

    /// The whole line as it leaves the keyboard.
    pub(crate) fn value(&self) -> String {
        match self.shape {
            Shape::Digits { grouping: Grouping::Date, .. } => self.shown().0,
            Shape::Digits { .. } | Shape::Words { .. } | Shape::Code { .. } => {
                self.text.iter().collect()
            }
        }
    }

    /// What stands before and after the caret, as it is read.
    pub(crate) fn shown(&self) -> (String, String) {
        if let Shape::Digits { grouping, .. } = self.shape {
            let digits: String = self.text.iter().collect();
            return (group(&digits, grouping), String::new());
        }
        (self.text.iter().take(self.caret).collect(), self.text.iter().skip(self.caret).collect())
    }

    /// Whether letters come as capitals.
    pub(crate) fn upper(&self) -> bool {
        self.shift != Shift::Off || matches!(self.shape, Shape::Code { .. })
    }

    /// Whether capitals stay.
    pub(crate) fn locked(&self) -> bool {
        self.shift == Shift::Locked
    }

    /// Whether Telex is on.
    pub(crate) fn telex(&self) -> bool {
        self.telex
    }

    /// Whether signs are shown instead of letters.
    pub(crate) fn symbols(&self) -> bool {
        self.symbols
    }

    /// Presses `key`; true when the line is another one now.
    pub(crate) fn press(&mut self, key: Key) -> bool {
        let before = self.text.clone();
        match key {
            Key::Letter(c) if self.upper() => c.to_uppercase().for_each(|c| self.type_char(c)),
            Key::Letter(c) | Key::Exact(c) => self.type_char(c),
            Key::Tone(tone) => self.put_tone(tone),
            Key::Backspace => self.erase(),
            Key::Left => self.caret = self.caret.saturating_sub(1),
            Key::Right => self.caret = (self.caret + 1).min(self.text.len()),
            Key::Shift => {
                self.shift = match self.shift {
                    Shift::Off => Shift::Once,
                    Shift::Once => Shift::Locked,
                    Shift::Locked => Shift::Off,
                };
            }
            Key::Telex => self.telex = !self.telex,
            Key::Symbols => self.symbols = !self.symbols,
        }
        if matches!(self.shape, Shape::Digits { .. }) {
            self.caret = self.text.len();
        }
        let changed = before != self.text;
        if changed || matches!(key, Key::Left | Key::Right) {
            self.auto_shift();
        }
        changed
    }

    fn type_char(&mut self, c: char) {
        let (max, fits) = match self.shape {
            Shape::Words { max, .. } => (max, !c.is_control()),
            Shape::Code { max } => (max, c.is_ascii_alphanumeric() || ".-".contains(c)),
            Shape::Digits { max, .. } => (max, c.is_ascii_digit()),
        };
        if !fits || (matches!(self.shape, Shape::Words { .. }) && self.compose(c)) {
            return;
        }
        if self.text.len() < max {
            let c =
                if matches!(self.shape, Shape::Code { .. }) { c.to_ascii_uppercase() } else { c };
            self.text.insert(self.caret.min(self.text.len()), c);
            self.caret += 1;
            self.settle();
        }
    }

    /// Telex; true when the key is used up.
    fn compose(&mut self, c: char) -> bool {
        let Some(syllable) = self.syllable().filter(|_| self.telex) else { return false };
        match syllable.telex(c) {
            Composed::Plain => false,
            Composed::Into(word) => {
                self.replace_word(&word);
                true
            }
            Composed::Undone(word) => {
                self.replace_word(&word);
                false
            }
        }
    }

    fn put_tone(&mut self, tone: Tone) {
        let toned = self.syllable().and_then(|syllable| {
            // The same tone twice takes it off again.
            let tone = if syllable.tone() == tone { Tone::Level } else { tone };
            syllable.with_tone(tone)
        });
        if let Some(toned) = toned {
            self.replace_word(&toned.write());
        }
    }

    fn erase(&mut self) {
        if self.caret > 0 && self.caret <= self.text.len() {
            self.caret -= 1;
            self.text.remove(self.caret);
            self.settle();
        }
    }

    /// Moves the tone to the vowel that carries it now: *hòa* and n is *hoàn*.
    fn settle(&mut self) {
        let Some(syllable) = self.syllable() else { return };
        let syllable = if self.telex { syllable.settled() } else { syllable };
        if syllable.is_vietnamese() {
            self.replace_word(&syllable.write());
        }
    }

    /// Where the word at the caret begins and ends.
    fn word(&self) -> (usize, usize) {
        let letters = |c: &&char| c.is_alphabetic();
        let before = self.text.iter().take(self.caret).rev().take_while(letters).count();
        let after = self.text.iter().skip(self.caret).take_while(letters).count();
        (self.caret - before, self.caret + after)
    }

    fn syllable(&self) -> Option<Syllable> {
        if !matches!(self.shape, Shape::Words { .. }) {
            return None;
        }
        let (begin, end) = self.word();
        let word: String = self.text.iter().skip(begin).take(end - begin).collect();
        Syllable::read(&word)
    }

    fn replace_word(&mut self, word: &str) {
        let (begin, end) = self.word();
        let from_end = end - self.caret;
        let letters: Vec<char> = word.chars().collect();
        let new_end = begin + letters.len();
        self.text.splice(begin..end, letters);
        self.caret = new_end - from_end.min(new_end - begin);
    }

    fn auto_shift(&mut self) {
        let Shape::Words { capitals, .. } = self.shape else { return };
        if self.shift == Shift::Locked {
            return;
        }
        let before = self.text.get(..self.caret).unwrap_or_default();
        let due = match capitals {
            Capitals::Never => false,
            Capitals::First => before.is_empty(),
            Capitals::Words => before.last().is_none_or(|c| c.is_whitespace()),
        };
        self.shift = if due { Shift::Once } else { Shift::Off };
    }
}

/// Digits as people read them.
pub(crate) fn group(digits: &str, grouping: Grouping) -> String {
    let places: &[(usize, char)] = match grouping {
        Grouping::Bare => &[],
        Grouping::Date => &[(2, '/'), (4, '/')],
        Grouping::PersonalNumber => &[(3, ' '), (6, ' '), (9, ' ')],
        Grouping::Phone => &[(4, ' '), (7, ' ')],
        Grouping::Thousands => {
            let count = digits.chars().count();
            let dotted = digits.chars().enumerate().flat_map(|(at, digit)| {
                let dot = at > 0 && (count - at).is_multiple_of(3);
                dot.then_some('.').into_iter().chain([digit])
            });
            return dotted.collect();
        }
    };
    let separated = digits.chars().enumerate().flat_map(|(at, digit)| {
        let sign = places.iter().find(|(place, _)| *place == at).map(|(_, sign)| *sign);
        sign.into_iter().chain([digit])
    });
    separated.collect()
}

#[cfg(test)]
#[path = "keyboard_tests.rs"]
mod tests;
