//! PDF objects as tokens (ISO 32000-1, 7.2 and 7.3): enough to change a few dictionaries and
//! write them back. Numbers and strings stay as they were spelled.

/// Deepest nesting that is followed; real files need under ten.
const MAX_DEPTH: u8 = 32;

/// Most parts of one object; a page tree of 60,000 pages stays below.
const MAX_PARTS: u32 = 200_000;

/// One object, streams excepted: only their dictionary is seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    /// `null`, `true`, `false` or a number, as spelled.
    Plain(Vec<u8>),
    /// A name, decoded.
    Name(Vec<u8>),
    /// A string with its delimiters, as spelled.
    String(Vec<u8>),
    Array(Vec<Self>),
    Dictionary(Dictionary),
    Reference(Reference),
}

/// Number and generation of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) number: u32,
    pub(super) generation: u16,
}

/// Entries in the order of the file; no key twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Dictionary(Vec<(Vec<u8>, Object)>);

impl Dictionary {
    pub(super) fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Object> {
        self.0.iter_mut().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub(super) fn set(&mut self, key: &str, value: Object) {
        match self.get_mut(key) {
            Some(old) => *old = value,
            None => self.0.push((key.into(), value)),
        }
    }
}

impl Object {
    pub(super) fn integer(value: usize) -> Self {
        Self::Plain(value.to_string().into_bytes())
    }

    /// A whole number that is not negative.
    pub(super) fn as_usize(&self) -> Option<usize> {
        let Self::Plain(text) = self else { return None };
        std::str::from_utf8(text).ok()?.parse().ok()
    }

    pub(super) fn into_dictionary(self) -> Option<Dictionary> {
        let Self::Dictionary(dictionary) = self else { return None };
        Some(dictionary)
    }

    /// Appends the object as it stands in a file.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Plain(text) | Self::String(text) => out.extend(text),
            Self::Name(name) => write_name(name, out),
            Self::Array(items) => {
                out.push(b'[');
                for item in items {
                    item.write(out);
                    out.push(b' ');
                }
                out.push(b']');
            }
            Self::Dictionary(Dictionary(entries)) => {
                out.extend(b"<<");
                for (key, value) in entries {
                    write_name(key, out);
                    out.push(b' ');
                    value.write(out);
                }
                out.extend(b">>");
            }
            Self::Reference(Reference { number, generation }) => {
                out.extend(format!("{number} {generation} R").bytes());
            }
        }
    }
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !is_delimiter(byte) && byte != b'#' {
            out.push(byte);
        } else {
            out.extend(format!("#{byte:02X}").bytes());
        }
    }
}

/// Reads tokens from a place in a file. Every method gives `None` for what is not well-formed.
#[derive(Debug, Clone)]
pub(super) struct Parser<'a> {
    rest: &'a [u8],
    parts_left: u32,
}

impl<'a> Parser<'a> {
    /// Starts at `offset`; `None` beyond the end.
    pub(super) fn at(bytes: &'a [u8], offset: usize) -> Option<Self> {
        Some(Self { rest: bytes.get(offset..)?, parts_left: MAX_PARTS })
    }

    /// The next object; a stream's data is left unread.
    pub(super) fn object(&mut self) -> Option<Object> {
        self.nested(MAX_DEPTH)
    }

    /// The next word if it is `word`.
    pub(super) fn keyword(&mut self, word: &str) -> Option<()> {
        let mut ahead = self.clone();
        (ahead.word()? == word.as_bytes()).then(|| *self = ahead)
    }

    /// The next word as a number written in digits only.
    pub(super) fn digits<N: std::str::FromStr>(&mut self) -> Option<N> {
        let mut ahead = self.clone();
        let word = ahead.word()?;
        let number = word.iter().all(u8::is_ascii_digit).then_some(word)?;
        let number = std::str::from_utf8(number).ok()?.parse().ok()?;
        *self = ahead;
        Some(number)
    }

    fn nested(&mut self, depth: u8) -> Option<Object> {
        self.parts_left = self.parts_left.checked_sub(1)?;
        self.skip_space();
        match *self.rest {
            [b'/', ..] => self.name().map(Object::Name),
            [b'<', b'<', ..] => self.dictionary(depth.checked_sub(1)?).map(Object::Dictionary),
            [b'<', ..] => self.hex_string().map(Object::String),
            [b'(', ..] => self.literal_string().map(Object::String),
            [b'[', ..] => self.array(depth.checked_sub(1)?).map(Object::Array),
            [b'0'..=b'9', ..] => self.reference().map(Object::Reference).or_else(|| self.plain()),
            _ => self.plain(),
        }
    }

    fn dictionary(&mut self, depth: u8) -> Option<Dictionary> {
        self.rest = self.rest.strip_prefix(b"<<")?;
        let mut entries = Dictionary::default();
        let mut keys = std::collections::HashSet::new();
        loop {
            self.skip_space();
            if let Some(rest) = self.rest.strip_prefix(b">>") {
                self.rest = rest;
                return Some(entries);
            }
            let key = self.name()?;
            let value = self.nested(depth)?;
            // A key given twice means one thing to one reader and another to the next.
            keys.insert(key.clone()).then_some(())?;
            entries.0.push((key, value));
        }
    }

    fn array(&mut self, depth: u8) -> Option<Vec<Object>> {
        self.rest = self.rest.strip_prefix(b"[")?;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if let Some(rest) = self.rest.strip_prefix(b"]") {
                self.rest = rest;
                return Some(items);
            }
            items.push(self.nested(depth)?);
        }
    }

    fn reference(&mut self) -> Option<Reference> {
        let mut ahead = self.clone();
        let reference = Reference { number: ahead.digits()?, generation: ahead.digits()? };
        ahead.keyword("R")?;
        *self = ahead;
        Some(reference)
    }

    /// A number, `true`, `false` or `null`.
    fn plain(&mut self) -> Option<Object> {
        let word = self.word()?;
        let number = word.iter().any(u8::is_ascii_digit)
            && word.iter().all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
        (number || [&b"true"[..], b"false", b"null"].contains(&word))
            .then(|| Object::Plain(word.to_vec()))
    }

    fn name(&mut self) -> Option<Vec<u8>> {
        self.rest = self.rest.strip_prefix(b"/")?;
        let spelled = self.take_regular();
        let mut name = Vec::with_capacity(spelled.len());
        let mut bytes = spelled.iter();
        while let Some(&byte) = bytes.next() {
            name.push(match byte {
                b'#' => hex_digit(*bytes.next()?)?.checked_mul(16)? | hex_digit(*bytes.next()?)?,
                byte => byte,
            });
        }
        Some(name)
    }

    fn hex_string(&mut self) -> Option<Vec<u8>> {
        let end = self.rest.iter().position(|&byte| byte == b'>')?;
        let (string, rest) = self.rest.split_at_checked(end.checked_add(1)?)?;
        let digits = string.get(1..end)?;
        self.rest = rest;
        digits
            .iter()
            .all(|&byte| byte.is_ascii_hexdigit() || is_space(byte))
            .then(|| string.to_vec())
    }

    fn literal_string(&mut self) -> Option<Vec<u8>> {
        let mut open = 0u32;
        let mut escaped = false;
        for (index, byte) in self.rest.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => open = open.checked_add(1)?,
                b')' => open = open.checked_sub(1)?,
                _ => {}
            }
            if open == 0 {
                let (string, rest) = self.rest.split_at_checked(index.checked_add(1)?)?;
                self.rest = rest;
                return Some(string.to_vec());
            }
        }
        None
    }

    /// The next run of regular characters, not empty.
    fn word(&mut self) -> Option<&'a [u8]> {
        self.skip_space();
        let word = self.take_regular();
        (!word.is_empty()).then_some(word)
    }

    fn take_regular(&mut self) -> &'a [u8] {
        let ends = |&byte: &u8| is_space(byte) || is_delimiter(byte);
        let end = self.rest.iter().position(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Skips white space and comments.
    fn skip_space(&mut self) {
        loop {
            match *self.rest {
                [byte, ref rest @ ..] if is_space(byte) => self.rest = rest,
                [b'%', ..] => {
                    let line_end = |&byte: &u8| byte == b'\n' || byte == b'\r';
                    let end = self.rest.iter().position(line_end).unwrap_or(self.rest.len());
                    self.rest = self.rest.split_at(end).1;
                }
                _ => return,
            }
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &[u8]) -> Option<Object> {
        Parser::at(text, 0)?.object()
    }

    fn rewritten(text: &[u8]) -> String {
        let mut out = Vec::new();
        parse(text).unwrap().write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn objects_are_written_as_they_were_read() {
        for (read, written) in [
            ("null", "null"),
            ("-12.5 ", "-12.5"),
            ("12 0 R", "12 0 R"),
            ("[1 2 0 R 3 4]", "[1 2 0 R 3 4 ]"),
            ("(a(b)\\)c) x", "(a(b)\\)c)"),
            ("<48 65>", "<48 65>"),
            ("/A#20b#2F", "/A#20b#2F"),
            ("<</A/B/C<</D[]>>%x\n>>", "<</A /B/C <</D []>>>>"),
        ] {
            assert_eq!(rewritten(read.as_bytes()), written, "{read}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let deep = [b"[".repeat(40), b"]".repeat(40)].concat();
        for text in
            [&b"<</A 1/A 2>>"[..], b"<</A 1/#41 2>>", b"<</A>>", b"(open", b"[1 2", b"x", &deep]
        {
            assert_eq!(parse(text), None, "{}", String::from_utf8_lossy(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_parsed_without_panic(bytes: Vec<u8>) {
            parse(&bytes);
        }

        #[test]
        fn what_is_read_survives_writing(text in "[\\[\\]<>()/A#41 0R\\\\%\n.-]{0,40}") {
            if let Some(object) = parse(text.as_bytes()) {
                let mut out = Vec::new();
                object.write(&mut out);
                out.push(b' ');
                proptest::prop_assert_eq!(parse(&out), Some(object));
            }
        }
    }
}
