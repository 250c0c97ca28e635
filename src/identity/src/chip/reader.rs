//! One reading from start to end: what is read in which order, what is done when the session is
//! lost, and what is told when the card leaves.

use zeroize::Zeroizing;

use super::{
    ApduLink, Beliefs, Checks, ChipError, ChipReading, Continue, Face, File, Finding, Genuineness,
    Known, Opened, Part, Portrait, Progress, Request, Step, Why,
    channel::Channel,
    files::{Files, Outcome},
    genuine::{self, Agreement},
    opening::{self, Way},
    passive,
};
use crate::{
    lds::{self, Citizen, SecurityInfos, SecurityObject},
    mrz::Mrz,
};

/// How often a chip is opened again before it is given up.
const MOST_REOPENINGS: u32 = 6;
/// How often one file may end the session before it is left where it is.
const MOST_LOSSES: u32 = 2;

type Bytes = Zeroizing<Vec<u8>>;

/// A reading under way.
pub(super) struct Reader<'a> {
    channel: Channel<'a>,
    request: &'a Request<'a>,
    random: &'a dyn Fn(&mut [u8]),
    files: Files,
    way: Option<Way>,
    reopenings: u32,
    object: Option<SecurityObject>,
    listed: Option<Vec<File>>,
    covered: Vec<(File, bool)>,
    mrz: Part<Mrz>,
    citizen: Part<Citizen>,
    portrait: Part<Portrait>,
}

impl<'a> Reader<'a> {
    pub fn new(
        link: &'a mut dyn ApduLink,
        request: &'a Request<'a>,
        random: &'a dyn Fn(&mut [u8]),
        progress: &'a mut dyn FnMut(Progress) -> Continue,
    ) -> Self {
        Self {
            channel: Channel::new(link, progress),
            request,
            random,
            files: Files::new(),
            way: None,
            reopenings: 0,
            object: None,
            listed: None,
            covered: Vec::new(),
            mrz: Part::Absent,
            citizen: Part::Absent,
            portrait: Part::NotAsked,
        }
    }

    pub fn read(mut self) -> Result<ChipReading, ChipError> {
        match self.run() {
            Ok((opened, chip_authentication, active_authentication)) => {
                let Request { trust, at, .. } = self.request;
                let passive = passive::judge(self.object.as_ref(), &self.covered, trust, *at);
                Ok(ChipReading {
                    mrz: self.mrz,
                    citizen: self.citizen,
                    portrait: self.portrait,
                    checks: Checks { passive, chip_authentication, active_authentication },
                    opened,
                    round_trips: self.channel.round_trips,
                })
            }
            Err(ChipError::CardLeft { .. }) => Err(ChipError::CardLeft { known: self.known() }),
            Err(ChipError::Silent { .. }) => Err(ChipError::Silent { known: self.known() }),
            Err(error) => Err(error),
        }
    }

    fn known(self) -> Box<Known> {
        Box::new(Known { mrz: self.mrz.into_read(), citizen: self.citizen.into_read() })
    }

    fn run(&mut self) -> Result<(Opened, Finding, Finding), ChipError> {
        let way = opening::open(&mut self.channel, &self.request.access, self.random)?;
        let opened = way.opened();
        self.way = Some(way);
        self.list()?;
        self.mrz = understood(self.file(File::Dg1)?, |dg1| lds::lines(dg1).ok());
        self.citizen = self.citizen()?;
        let (chip, active) = self.genuineness()?;
        if self.request.want.face == Face::Read {
            self.portrait = understood(self.file(File::Dg2)?, lds::face);
        }
        Ok((opened, chip, active))
    }

    /// What files there are: the signed list where there is one.
    fn list(&mut self) -> Result<(), ChipError> {
        self.object = understood(self.file(File::Sod)?, SecurityObject::parse).into_read();
        if self.object.is_none() {
            let com = self.file(File::Com)?;
            self.listed = understood(com, lds::groups).into_read();
        }
        Ok(())
    }

    fn is_listed(&self, file: File) -> bool {
        match (&self.object, &self.listed) {
            (Some(object), _) => object.lists(file),
            (None, Some(listed)) => listed.contains(&file),
            (None, None) => true,
        }
    }

    fn citizen(&mut self) -> Result<Part<Citizen>, ChipError> {
        if !self.is_listed(File::Dg13) {
            return Ok(Part::Absent);
        }
        let beliefs: Beliefs = self.request.want.beliefs;
        Ok(understood(self.file(File::Dg13)?, |dg13| Citizen::parse(dg13, beliefs)))
    }

    /// Chip and active authentication, as far as they are asked for and offered. Chip
    /// authentication comes last, since a copy of a chip loses the session over it.
    fn genuineness(&mut self) -> Result<(Finding, Finding), ChipError> {
        let not_asked = Finding::NotChecked(Why::NotAsked);
        let want = self.request.want.genuineness;
        if want == Genuineness::Never {
            return Ok((not_asked, not_asked));
        }
        let infos = self.signed(File::Dg14, SecurityInfos::parse)?;
        let is_offered = matches!(&infos, Ok(infos) if !infos.chip_keys.is_empty());
        let active = if want == Genuineness::Twice || !is_offered {
            self.active_authentication(infos.as_ref().ok())?
        } else {
            Finding::NotChecked(Why::AnotherSufficed)
        };
        let chip = match infos {
            Ok(infos) => self.chip_authentication(&infos)?,
            Err(finding) => finding,
        };
        Ok((chip, active))
    }

    fn active_authentication(
        &mut self,
        infos: Option<&SecurityInfos>,
    ) -> Result<Finding, ChipError> {
        let key = self.signed(File::Dg15, |dg15| lds::active_key(dg15).map(<[u8]>::to_vec))?;
        self.keep_open()?;
        match key {
            Ok(key) => genuine::challenge(&mut self.channel, &key, infos, self.random),
            Err(finding) => Ok(finding),
        }
    }

    fn chip_authentication(&mut self, infos: &SecurityInfos) -> Result<Finding, ChipError> {
        self.keep_open()?;
        match genuine::agree(&mut self.channel, infos, self.random)? {
            Agreement::Agreed(messaging) => {
                self.channel.protect(messaging);
                genuine::confirm(&mut self.channel)
            }
            Agreement::Ended(finding) => Ok(finding),
        }
    }

    /// A file that a proof builds on: it must be what was signed.
    fn signed<T>(
        &mut self,
        file: File,
        parse: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Result<T, Finding>, ChipError> {
        if !self.is_listed(file) {
            return Ok(Err(Finding::NotOffered));
        }
        let unreadable = Finding::NotChecked(Why::Unreadable(file));
        let value = match understood(self.file(file)?, parse) {
            Part::Read(value) => value,
            Part::Absent => return Ok(Err(Finding::NotOffered)),
            Part::NotAsked | Part::Refused | Part::NotUnderstood => return Ok(Err(unreadable)),
        };
        let is_covered = self.covered.iter().rev().find(|(covered, _)| *covered == file);
        Ok(match is_covered {
            Some((_, true)) => Ok(value),
            Some((_, false)) => Err(Finding::Failed(Why::DataAltered(file))),
            None => Err(Finding::NotChecked(Why::Unreadable(File::Sod))),
        })
    }

    /// Reads a file and notes whether it is what was signed. A session that is lost over it is
    /// opened again; a file that loses it again is left where it is.
    fn file(&mut self, file: File) -> Result<Part<Bytes>, ChipError> {
        let mut losses = 0;
        loop {
            self.keep_open()?;
            let (from, to) = span(file, self.request.want.face);
            self.channel.reached(from);
            let reached = |channel: &mut Channel<'_>, done: usize, all: usize| {
                let share = done.saturating_mul(usize::from(to - from)) / all.max(1);
                channel.reached(from + u8::try_from(share).unwrap_or(0));
            };
            match self.files.read(&mut self.channel, file, &reached)? {
                Outcome::Whole(bytes) => {
                    self.channel.reached(to);
                    if let (Some(object), Some(_)) = (&self.object, file.group()) {
                        self.covered.push((file, object.covers(file, &bytes)));
                    }
                    return Ok(Part::Read(bytes));
                }
                Outcome::Refused => return Ok(Part::Refused),
                Outcome::Absent => return Ok(Part::Absent),
                Outcome::SessionLost { by_length: true } => {}
                Outcome::SessionLost { by_length: false } => {
                    losses += 1;
                    if losses == MOST_LOSSES {
                        return Ok(Part::Refused);
                    }
                }
            }
        }
    }

    /// Opens the chip again if the session was lost.
    fn keep_open(&mut self) -> Result<(), ChipError> {
        if self.channel.is_protected() {
            return Ok(());
        }
        self.reopenings += 1;
        let (Some(way), true) = (&self.way, self.reopenings <= MOST_REOPENINGS) else {
            return Err(ChipError::Altered { step: Step::Opening });
        };
        opening::reopen(&mut self.channel, way, &self.request.access, self.random)
    }
}

/// The value in a file, if the file was read.
fn understood<T>(file: Part<Bytes>, parse: impl FnOnce(&[u8]) -> Option<T>) -> Part<T> {
    match file {
        Part::Read(bytes) => parse(&bytes).map_or(Part::NotUnderstood, Part::Read),
        Part::NotAsked => Part::NotAsked,
        Part::Refused => Part::Refused,
        Part::Absent => Part::Absent,
        Part::NotUnderstood => Part::NotUnderstood,
    }
}

/// A share of what there is besides the face, which ends at sixty percent.
fn stretched(percent: u8) -> u8 {
    u8::try_from(u16::from(percent) * 5 / 3).unwrap_or(100).min(100)
}

/// What percent of the whole reading a file is; the face is most of it.
fn span(file: File, face: Face) -> (u8, u8) {
    let (from, to) = match file {
        File::CardAccess => (0, 4),
        File::Sod | File::Com => (20, 36),
        File::Dg1 => (36, 40),
        File::Dg13 => (40, 48),
        File::Dg14 => (48, 52),
        File::Dg15 => (52, 54),
        File::Dg2 => (60, 100),
    };
    match face {
        Face::Read => (from, to),
        Face::Leave => (stretched(from), stretched(to)),
    }
}
