//! One Vietnamese syllable as it is being typed: which letters it may have, where its tone stands,
//! and what a Telex key does to it.

use unicode_normalization::{UnicodeNormalization as _, char::compose};

/// The six tones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Tone {
    /// *ngang*: no mark.
    #[default]
    Level,
    /// *sắc*.
    Acute,
    /// *huyền*.
    Grave,
    /// *hỏi*.
    Hook,
    /// *ngã*.
    Tilde,
    /// *nặng*.
    Dot,
}

impl Tone {
    fn mark(self) -> Option<char> {
        match self {
            Self::Level => None,
            Self::Acute => Some('\u{301}'),
            Self::Grave => Some('\u{300}'),
            Self::Hook => Some('\u{309}'),
            Self::Tilde => Some('\u{303}'),
            Self::Dot => Some('\u{323}'),
        }
    }

    fn of_mark(mark: char) -> Option<Self> {
        [Self::Acute, Self::Grave, Self::Hook, Self::Tilde, Self::Dot]
            .into_iter()
            .find(|tone| tone.mark() == Some(mark))
    }

    fn of_key(key: char) -> Option<Self> {
        match key {
            's' => Some(Self::Acute),
            'f' => Some(Self::Grave),
            'r' => Some(Self::Hook),
            'x' => Some(Self::Tilde),
            'j' => Some(Self::Dot),
            'z' => Some(Self::Level),
            _ => None,
        }
    }
}

/// A letter without its tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Letter {
    /// Lower case, with its own mark: `a ă â đ …`.
    base: char,
    upper: bool,
}

/// What a Telex key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Composed {
    /// It is an ordinary letter here.
    Plain,
    /// It changed the syllable to this.
    Into(String),
    /// It took a change back; the key itself now follows this.
    Undone(String),
}

/// Letters and one tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Syllable {
    letters: Vec<Letter>,
    tone: Tone,
}

/// Beginnings, longest first; `gi` and `qu` are handled where they are found.
const ONSETS: [&str; 29] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x", "",
];
const CODAS: [&str; 9] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];
/// Vowels that make a syllable, and the unmarked ones they pass through while typed.
const NUCLEI: &str = " a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia ie iê iu oa oă oai oao \
    oay oe oeo oi oo ôi ơi ua uâ uay uây ue uê ui uo uô uơ uoi uôi uơi uou uơu uu uy uya uye uyê uyu \
    ưa ưi ưo ưoi ưou ươ ươi ươu ưu ye yê yeu yêu ieu iêu uai uao ";

impl Syllable {
    /// Takes a word apart; `None` when it has anything but letters of the alphabet.
    pub(crate) fn read(word: &str) -> Option<Self> {
        let mut letters = Vec::new();
        let mut tone = Tone::Level;
        for c in word.nfc() {
            let upper = c.is_uppercase();
            let mut base: Option<char> = None;
            for part in c.to_lowercase().flat_map(|c| c.to_string().nfd().collect::<Vec<_>>()) {
                match (base, Tone::of_mark(part)) {
                    (None, _) => base = Some(part),
                    (Some(_), Some(found)) => tone = found,
                    (Some(before), None) => base = Some(compose(before, part)?),
                }
            }
            letters.push(Letter { base: base.filter(|base| base.is_alphabetic())?, upper });
        }
        (!letters.is_empty()).then_some(Self { letters, tone })
    }

    /// The word, NFC, the tone on the vowel that carries it.
    pub(crate) fn write(&self) -> String {
        let carrier = self.carrier();
        let written = self.letters.iter().enumerate().flat_map(|(at, letter)| {
            let base = letter.base;
            let cased: Vec<char> =
                if letter.upper { base.to_uppercase().collect() } else { vec![base] };
            let mark = (Some(at) == carrier).then(|| self.tone.mark()).flatten();
            cased.into_iter().chain(mark)
        });
        written.nfc().collect()
    }

    /// With another tone; `None` when no vowel could carry it.
    pub(crate) fn with_tone(&self, tone: Tone) -> Option<Self> {
        let toned = Self { tone, ..self.clone() };
        toned.carrier().map(|_| toned)
    }

    /// The tone it has.
    pub(crate) fn tone(&self) -> Tone {
        self.tone
    }

    /// Whether it could be Vietnamese, or become it.
    pub(crate) fn is_vietnamese(&self) -> bool {
        let (onset, nucleus, coda) = self.parts();
        let onset_fits = ONSETS.contains(&onset.as_str());
        if nucleus.is_empty() {
            return coda.is_empty() && onset_fits;
        }
        onset_fits && NUCLEI.contains(&format!(" {nucleus} ")) && CODAS.contains(&coda.as_str())
    }

    fn bases(&self) -> String {
        self.letters.iter().map(|letter| letter.base).collect()
    }

    /// Beginning, vowels, end.
    fn parts(&self) -> (String, String, String) {
        let bases = self.bases();
        let onset = ONSETS
            .into_iter()
            .find(|onset| {
                bases.strip_prefix(onset).is_some_and(|rest| match *onset {
                    // The `i` of `gì` and `gìn`, and a lone `qu`, are vowels.
                    "gi" | "qu" => rest.starts_with(is_vowel),
                    "q" => !rest.starts_with('u') || rest.len() == 1,
                    _ => true,
                })
            })
            .unwrap_or_default();
        let rest = bases.strip_prefix(onset).unwrap_or(&bases);
        let nucleus: String = rest.chars().take_while(|c| is_vowel(*c)).collect();
        let coda = rest.strip_prefix(nucleus.as_str()).unwrap_or_default().to_owned();
        (onset.to_owned(), nucleus, coda)
    }

    /// The letter that carries the tone: the marked vowel if there is one, before an end the last
    /// vowel, else by the old style (*hòa, thủy*), which registers and names use.
    fn carrier(&self) -> Option<usize> {
        let (onset, nucleus, coda) = self.parts();
        let vowels: Vec<char> = nucleus.chars().collect();
        let within = match vowels.iter().rposition(|c| "ăâêôơư".contains(*c)) {
            Some(marked) => marked,
            None => match vowels.len() {
                0 => return self.letters.iter().rposition(|letter| is_vowel(letter.base)),
                1 => 0,
                n if !coda.is_empty() => n - 1,
                2 => 0,
                _ => 1,
            },
        };
        Some(onset.chars().count() + within)
    }

    /// What Telex makes of `key` typed at its end or anywhere in it.
    pub(crate) fn telex(&self, key: char) -> Composed {
        let lower = key.to_lowercase().next().unwrap_or(key);
        if !self.is_vietnamese() {
            return Composed::Plain;
        }
        if let Some(tone) = Tone::of_key(lower) {
            return self.telex_tone(tone);
        }
        match lower {
            'a' => self.telex_letter(&[('a', 'â'), ('ă', 'â')], 'a'),
            'e' => self.telex_letter(&[('e', 'ê')], 'e'),
            'o' => self.telex_letter(&[('o', 'ô'), ('ơ', 'ô')], 'o'),
            'd' => self.telex_letter(&[('d', 'đ')], 'd'),
            'w' => self.telex_horn(),
            _ => Composed::Plain,
        }
    }

    fn telex_tone(&self, tone: Tone) -> Composed {
        let (_, nucleus, _) = self.parts();
        if nucleus.is_empty() || (tone == Tone::Level && self.tone == Tone::Level) {
            return Composed::Plain;
        }
        if tone == self.tone {
            return Composed::Undone(Self { tone: Tone::Level, ..self.clone() }.write());
        }
        Composed::Into(Self { tone, ..self.clone() }.write())
    }

    fn telex_letter(&self, changes: &[(char, char)], plain: char) -> Composed {
        let marked = changes.first().map_or(plain, |(_, to)| *to);
        for (from, to) in changes {
            let changed = (0..self.letters.len())
                .rev()
                .filter_map(|at| self.replaced(at, *from, *to))
                .find(Self::is_vietnamese);
            if let Some(changed) = changed {
                return Composed::Into(changed.write());
            }
        }
        match (0..self.letters.len()).rev().find_map(|at| self.replaced(at, marked, plain)) {
            Some(undone) => Composed::Undone(undone.write()),
            None => Composed::Plain,
        }
    }

    fn telex_horn(&self) -> Composed {
        let (_, nucleus, coda) = self.parts();
        let open = coda.is_empty() && nucleus.chars().count() == 2;
        for at in 0..self.letters.len() {
            let pair = self.replaced(at, 'u', 'ư').or_else(|| self.replaced(at, 'ư', 'ư'));
            let both = pair.and_then(|s| {
                s.replaced(at + 1, 'o', 'ơ').or_else(|| s.replaced(at + 1, 'ơ', 'ơ'))
            });
            // An open "uơ" (thuở, huơ) keeps its u; with more to come it becomes "ươ".
            if let Some(both) = both.filter(|both| both != self && both.is_vietnamese())
                && !(open && self.letters.get(at).is_some_and(|letter| letter.base == 'u'))
            {
                return Composed::Into(both.write());
            }
        }
        let changes = [('a', 'ă'), ('o', 'ơ'), ('u', 'ư'), ('â', 'ă'), ('ô', 'ơ')];
        let horned = changes
            .iter()
            .flat_map(|(from, to)| {
                (0..self.letters.len()).filter_map(|at| self.replaced(at, *from, *to))
            })
            .find(|changed| changed.is_vietnamese() && !changed.parts().1.contains("uă"));
        if let Some(horned) = horned {
            return Composed::Into(horned.write());
        }
        let undo = [('ă', 'a'), ('ơ', 'o'), ('ư', 'u')];
        let mut undone = self.clone();
        for letter in &mut undone.letters {
            if let Some((_, plain)) = undo.iter().find(|(from, _)| *from == letter.base) {
                letter.base = *plain;
            }
        }
        if undone != *self {
            return Composed::Undone(undone.write());
        }
        if nucleus.is_empty() {
            return Composed::Into(self.write() + "ư");
        }
        Composed::Plain
    }

    /// After a letter was added in Telex: "ưo" or "uơ" with something behind it is "ươ".
    pub(crate) fn settled(&self) -> Self {
        let mut settled = self.clone();
        for at in 0..self.letters.len() {
            let more = at + 2 < self.letters.len();
            if let (true, Some(changed)) = (
                more,
                self.replaced(at, 'ư', 'ư').and_then(|s| s.replaced(at + 1, 'o', 'ơ')).or_else(
                    || self.replaced(at, 'u', 'ư').and_then(|s| s.replaced(at + 1, 'ơ', 'ơ')),
                ),
            ) {
                settled = changed;
            }
        }
        if settled.is_vietnamese() { settled } else { self.clone() }
    }

    fn replaced(&self, at: usize, from: char, to: char) -> Option<Self> {
        let mut changed = self.clone();
        let letter = changed.letters.get_mut(at).filter(|letter| letter.base == from)?;
        letter.base = to;
        // The u of "qu" is no vowel of its own.
        let of_q = from == 'u' && at > 0 && self.letters.get(at - 1).is_some_and(|l| l.base == 'q');
        (!of_q).then_some(changed)
    }
}

fn is_vowel(c: char) -> bool {
    "aăâeêioôơuưy".contains(c)
}
