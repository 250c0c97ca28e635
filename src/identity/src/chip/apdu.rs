//! Commands to a chip and its responses (ISO/IEC 7816-4, 5).

use zeroize::Zeroizing;

/// The status words that mean something here.
pub(super) mod status {
    pub const OK: u16 = 0x9000;
    /// Fewer bytes than asked for: the file ends.
    pub const END_OF_FILE: u16 = 0x6282;
    pub const DENIED: u16 = 0x6982;
    pub const WRONG_LENGTH: u16 = 0x6700;
    pub const NOT_FOUND: u16 = 0x6A82;
    /// A protected command in which the chip found no objects.
    pub const NO_OBJECTS: u16 = 0x6987;
    /// A protected command that the chip could not verify.
    pub const BAD_OBJECTS: u16 = 0x6988;

    /// 63Cx and 6300: a wrong key, with the tries left where the chip tells them.
    pub fn wrong_key(status: u16) -> Option<Option<u8>> {
        match status.to_be_bytes() {
            [0x63, count @ 0xC0..=0xCF] => Some(Some(count & 0x0F)),
            [0x63, _] => Some(None),
            _ => None,
        }
    }
}

/// What of a response is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expect {
    /// A status word only.
    Nothing,
    /// Up to that many bytes.
    UpTo(usize),
}

/// How long the lengths of a command are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One byte: up to 255 bytes there and 256 back.
    Short,
    /// Two bytes: up to 65,535 bytes there and 65,536 back.
    Extended,
}

/// A command before it is written.
#[derive(Clone)]
pub(super) struct Command {
    /// Class, instruction and two parameters.
    pub header: [u8; 4],
    /// Its data.
    pub data: Zeroizing<Vec<u8>>,
    /// What of the response is wanted.
    pub expect: Expect,
}

/// What came back: data and a status word.
pub(super) struct Response {
    /// The data.
    pub data: Zeroizing<Vec<u8>>,
    /// The status word.
    pub status: u16,
}

impl Command {
    /// A command without data that wants nothing back.
    pub fn new(header: [u8; 4]) -> Self {
        Self { header, data: Zeroizing::default(), expect: Expect::Nothing }
    }

    /// With data.
    pub fn with(mut self, data: &[u8]) -> Self {
        self.data = Zeroizing::new(data.to_vec());
        self
    }

    /// Wanting a response of up to `count` bytes.
    pub fn expecting(mut self, count: usize) -> Self {
        self.expect = Expect::UpTo(count);
        self
    }

    /// The form that this command needs.
    pub fn form(&self) -> Form {
        let is_short = self.data.len() <= 255
            && match self.expect {
                Expect::Nothing => true,
                Expect::UpTo(count) => count <= 256,
            };
        if is_short { Form::Short } else { Form::Extended }
    }

    /// The bytes to send.
    pub fn bytes(&self, form: Form) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.data.len() + 9));
        bytes.extend_from_slice(&self.header);
        if form == Form::Extended && !(self.data.is_empty() && self.expect == Expect::Nothing) {
            bytes.push(0);
        }
        if !self.data.is_empty() {
            bytes.extend_from_slice(&length(self.data.len(), form));
            bytes.extend_from_slice(&self.data);
        }
        if let Expect::UpTo(count) = self.expect {
            bytes.extend_from_slice(&length(count, form));
        }
        bytes
    }
}

/// A length in one or two bytes; the largest is written as zero.
pub(super) fn length(count: usize, form: Form) -> Vec<u8> {
    match form {
        Form::Short => vec![u8::try_from(count).unwrap_or(0)],
        Form::Extended => u16::try_from(count).unwrap_or(0).to_be_bytes().to_vec(),
    }
}

impl Response {
    /// Takes a response apart; none if it has not even a status word.
    pub fn parse(mut bytes: Vec<u8>) -> Option<Self> {
        let split = bytes.len().checked_sub(2)?;
        let status = u16::from_be_bytes(bytes.get(split..)?.try_into().ok()?);
        bytes.truncate(split);
        Some(Self { data: Zeroizing::new(bytes), status })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_of_a_command_has_its_form() {
        let read = Command::new([0, 0xB0, 0x9C, 0]);
        let cases = [
            (read.clone(), Form::Short, "00B09C00"),
            (read.clone().expecting(256), Form::Short, "00B09C0000"),
            (read.clone().expecting(4), Form::Short, "00B09C0004"),
            (read.clone().expecting(65_536), Form::Extended, "00B09C00000000"),
            (read.clone().expecting(1000), Form::Extended, "00B09C000003E8"),
            (read.clone().with(&[1, 2]), Form::Short, "00B09C00020102"),
            (read.clone().with(&[1, 2]).expecting(256), Form::Short, "00B09C0002010200"),
            (read.clone().with(&[1]).expecting(257), Form::Extended, "00B09C00000001010101"),
        ];
        for (command, form, hex) in cases {
            assert_eq!(command.form(), form, "{hex}");
            assert_eq!(hex::encode_upper(&*command.bytes(form)), hex);
        }
    }

    #[test]
    fn a_response_ends_with_its_status() {
        let response = Response::parse(vec![1, 2, 0x90, 0]).unwrap();
        assert_eq!((response.data.as_slice(), response.status), (&[1, 2][..], status::OK));
        assert!(Response::parse(vec![0x90]).is_none());
        assert!(Response::parse(vec![]).is_none());
    }

    #[test]
    fn a_wrong_key_may_come_with_the_tries_left() {
        let cases = [
            (0x6300, Some(None)),
            (0x63C2, Some(Some(2))),
            (0x63C0, Some(Some(0))),
            (0x6982, None),
        ];
        for (word, told) in cases {
            assert_eq!(status::wrong_key(word), told, "{word:04X}");
        }
    }
}
