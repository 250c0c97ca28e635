//! Reads whole files in as few commands as reader and chip allow: the first command names the file
//! and brings its length along with its start; each next one asks for as much as one answer takes.

use zeroize::Zeroizing;

use super::{
    ChipError, File, Step,
    apdu::{Command, Form, status},
    channel::Channel,
};
use crate::tlv;

/// No file of an ID card is longer; a longer length is noise.
const LONGEST: usize = 256 * 1024;
/// The farthest that two parameter bytes reach.
const FAR: usize = 0x7FFF;
/// Sizes to try where a chip takes extended lengths, but not such long ones.
const STEPS_DOWN: [usize; 3] = [4096, 1500, 700];

/// What came of reading a file.
pub(super) enum Outcome {
    /// The whole file.
    Whole(Zeroizing<Vec<u8>>),
    /// The chip does not give it out.
    Refused,
    /// The chip does not have it.
    Absent,
    /// The session ended: the chip must be opened again. Where the length was to blame, the next
    /// try asks for less.
    SessionLost {
        /// Whether it was the length.
        by_length: bool,
    },
}

/// How this chip wants to be read.
pub(super) struct Files {
    /// Whether short names work; on old chips a file must be selected.
    by_short_name: bool,
    /// The most to ask for at once.
    most: usize,
}

impl Files {
    pub fn new() -> Self {
        Self { by_short_name: true, most: usize::MAX }
    }

    /// Reads a file of the application; `reached` is told of each piece how much there is in all.
    pub fn read(
        &mut self,
        channel: &mut Channel<'_>,
        file: File,
        reached: &dyn Fn(&mut Channel<'_>, usize, usize),
    ) -> Result<Outcome, ChipError> {
        let step = Step::Reading(file);
        let mut data = match self.begin(channel, file)? {
            Begun::Data(data) => data,
            Begun::Ended(outcome) => return Ok(outcome),
        };
        let head = tlv::head(&data).ok_or(ChipError::Malformed { step })?;
        let whole = head.octets + head.length;
        if whole > LONGEST {
            return Err(ChipError::Malformed { step });
        }
        while data.len() < whole {
            reached(channel, data.len(), whole);
            let asked = self.size(channel).min(whole - data.len());
            let command = piece(data.len(), asked);
            let answer = channel.send(step, &command)?;
            if !channel.is_protected() {
                return Ok(self.lost(channel, answer.status));
            }
            if !matches!(answer.status, status::OK | status::END_OF_FILE) {
                if self.shorten(channel, answer.status) {
                    continue;
                }
                return Err(ChipError::Refused { step, status: answer.status });
            }
            let bytes = match data.len() > FAR {
                true => tlv::find(&answer.data, 0x53).or_else(|| tlv::find(&answer.data, 0x73)),
                false => Some(answer.data.as_slice()),
            };
            let bytes = bytes.filter(|bytes| !bytes.is_empty());
            data.extend_from_slice(bytes.ok_or(ChipError::Malformed { step })?);
        }
        data.truncate(whole);
        Ok(Outcome::Whole(data))
    }

    /// The first piece of a file.
    fn begin(&mut self, channel: &mut Channel<'_>, file: File) -> Result<Begun, ChipError> {
        let step = Step::Reading(file);
        loop {
            let size = self.size(channel);
            let command = match self.by_short_name {
                true => Command::new([0, 0xB0, 0x80 | file.short_name(), 0]),
                false => Command::new([0, 0xB0, 0, 0]),
            };
            if !self.by_short_name {
                let [high, low] = [0x01, file.short_name()];
                let select = Command::new([0, 0xA4, 0x02, 0x0C]).with(&[high, low]);
                let answer = channel.send(step, &select)?;
                if let Some(outcome) = self.ended(channel, answer.status) {
                    return Ok(Begun::Ended(outcome));
                }
            }
            let answer = channel.send(step, &command.expecting(size))?;
            if matches!(answer.status, status::OK | status::END_OF_FILE) && channel.is_protected() {
                return Ok(Begun::Data(answer.data));
            }
            if let Some(outcome) = self.ended(channel, answer.status) {
                return Ok(Begun::Ended(outcome));
            }
            if self.shorten(channel, answer.status) {
                continue;
            }
            if !self.by_short_name {
                return Err(ChipError::Refused { step, status: answer.status });
            }
            self.by_short_name = false;
        }
    }

    /// Whether a status word ends the reading of this file.
    fn ended(&mut self, channel: &mut Channel<'_>, word: u16) -> Option<Outcome> {
        if !channel.is_protected() {
            return Some(self.lost(channel, word));
        }
        match word {
            status::DENIED => Some(Outcome::Refused),
            status::NOT_FOUND => Some(Outcome::Absent),
            _ => None,
        }
    }

    fn lost(&mut self, channel: &mut Channel<'_>, word: u16) -> Outcome {
        Outcome::SessionLost { by_length: self.shorten(channel, word) }
    }

    /// Asks for less from now on, if it was the length that the chip did not like.
    fn shorten(&mut self, channel: &mut Channel<'_>, word: u16) -> bool {
        let is_length = word == status::WRONG_LENGTH || word.to_be_bytes().first() == Some(&0x6C);
        if !is_length || channel.form == Form::Short {
            return false;
        }
        let size = self.size(channel);
        match STEPS_DOWN.into_iter().find(|step| *step < size) {
            Some(step) => self.most = step,
            None => channel.form = Form::Short,
        }
        true
    }

    fn size(&self, channel: &Channel<'_>) -> usize {
        channel.room().min(self.most).max(1)
    }
}

enum Begun {
    Data(Zeroizing<Vec<u8>>),
    Ended(Outcome),
}

/// A command for a piece of the current file. Beyond two parameter bytes the offset is an object,
/// and so is the answer, whose head takes room of its own.
fn piece(offset: usize, asked: usize) -> Command {
    match u16::try_from(offset) {
        Ok(near) if offset <= FAR => {
            let [high, low] = near.to_be_bytes();
            Command::new([0, 0xB0, high, low]).expecting(asked)
        }
        _ => {
            let bytes = offset.to_be_bytes();
            let significant = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
            let offset = tlv::write(0x54, bytes.get(significant..).unwrap_or_default());
            Command::new([0, 0xB1, 0, 0]).with(&offset).expecting(asked.max(8))
        }
    }
}

impl File {
    /// The short name of a file, which is also the low byte of its name.
    pub(super) fn short_name(self) -> u8 {
        match self {
            Self::CardAccess => 0x1C,
            Self::Com => 0x1E,
            Self::Sod => 0x1D,
            Self::Dg1 => 1,
            Self::Dg2 => 2,
            Self::Dg13 => 13,
            Self::Dg14 => 14,
            Self::Dg15 => 15,
        }
    }

    /// The number of a data group.
    pub(crate) fn group(self) -> Option<u8> {
        match self {
            Self::CardAccess | Self::Com | Self::Sod => None,
            Self::Dg1 | Self::Dg2 | Self::Dg13 | Self::Dg14 | Self::Dg15 => Some(self.short_name()),
        }
    }
}
