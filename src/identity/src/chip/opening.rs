//! How to get into a chip: what it offers, what the caller holds, and what cards of odd makes do.

use super::{
    Access, ApduLink, ChipError, LinkError, Opened, Step,
    apdu::{Command, Form, Response, status},
    bac,
    channel::Channel,
    pace,
};
use crate::lds::{PaceInfo, SecurityInfos};

/// The travel-document application.
const APPLICATION: [u8; 7] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];
/// EF.CardAccess is a few hundred bytes; one answer takes it.
const SHORT: usize = 256;

/// The way that a chip was opened, to go it again.
pub(super) enum Way {
    Pace(PaceInfo),
    Bac,
}

impl Way {
    pub fn opened(&self) -> Opened {
        match self {
            Self::Pace(_) => Opened::Pace,
            Self::Bac => Opened::Bac,
        }
    }
}

/// Opens the chip and leaves its application selected.
pub(super) fn open(
    channel: &mut Channel<'_>,
    access: &Access,
    random: &dyn Fn(&mut [u8]),
) -> Result<Way, ChipError> {
    let offered = card_access(channel)?;
    channel.reached(4);
    let Some(info) = pace_info(offered.as_ref(), access) else {
        return match access {
            Access::Mrz(_) => open_with_bac(channel, access, random),
            Access::Can(_) => Err(ChipError::Unsupported),
        };
    };
    match open_with_pace(channel, &info, access, random) {
        Ok(()) => Ok(Way::Pace(info)),
        Err(error) => fall_back(channel, error, offered.is_some(), access, random),
    }
}

/// Opens the chip again in the way that it was opened.
pub(super) fn reopen(
    channel: &mut Channel<'_>,
    way: &Way,
    access: &Access,
    random: &dyn Fn(&mut [u8]),
) -> Result<(), ChipError> {
    channel.unprotect();
    match way {
        Way::Pace(info) => open_with_pace(channel, info, access, random),
        Way::Bac => open_with_bac(channel, access, random).map(|_| ()),
    }
}

/// What to try PACE with: what the chip lists, else what most cards use. A chip that lists nothing
/// and a key that also opens the older way need no guess.
fn pace_info(offered: Option<&SecurityInfos>, access: &Access) -> Option<PaceInfo> {
    match (offered, access) {
        (Some(infos), _) => infos.best_pace().cloned(),
        (None, Access::Can(_)) => Some(pace::usual()),
        (None, Access::Mrz(_)) => None,
    }
}

fn open_with_pace(
    channel: &mut Channel<'_>,
    info: &PaceInfo,
    access: &Access,
    random: &dyn Fn(&mut [u8]),
) -> Result<(), ChipError> {
    let messaging = pace::open(channel, info, access, random)?;
    channel.protect(messaging);
    channel.reached(20);
    select_application(channel)
}

/// After a PACE that the chip would not do: the older way, if the caller's key opens that. A wrong
/// key is wrong there too, and is not tried on.
fn fall_back(
    channel: &mut Channel<'_>,
    error: ChipError,
    is_offered: bool,
    access: &Access,
    random: &dyn Fn(&mut [u8]),
) -> Result<Way, ChipError> {
    match (&error, access) {
        (ChipError::Refused { step: Step::Opening, .. }, Access::Mrz(_)) => {
            open_with_bac(channel, access, random)
        }
        (ChipError::Refused { step: Step::Opening, .. }, Access::Can(_)) if !is_offered => {
            // Nobody said that this chip speaks PACE.
            channel.unprotect();
            select_application(channel)?;
            Err(ChipError::NeedsMrz)
        }
        _ => Err(error),
    }
}

fn open_with_bac(
    channel: &mut Channel<'_>,
    access: &Access,
    random: &dyn Fn(&mut [u8]),
) -> Result<Way, ChipError> {
    let Access::Mrz(key) = access else {
        return Err(ChipError::NeedsMrz);
    };
    channel.unprotect();
    select_application(channel)?;
    let messaging = bac::open(channel, key, random)?;
    channel.protect(messaging);
    channel.reached(20);
    Ok(Way::Bac)
}

/// Whether the application can be selected. Some chips deny that until they are opened.
pub(super) fn is_there(link: &mut dyn ApduLink) -> Result<bool, LinkError> {
    let select = [&[0x00, 0xA4, 0x04, 0x0C, 0x07], APPLICATION.as_slice()].concat();
    let answer = link.transmit(&select)?;
    let word = answer.last_chunk().map(|word| u16::from_be_bytes(*word));
    Ok(matches!(word, Some(status::OK | status::DENIED)))
}

fn select_application(channel: &mut Channel<'_>) -> Result<(), ChipError> {
    let command = Command::new([0x00, 0xA4, 0x04, 0x0C]).with(&APPLICATION);
    let step = Step::Application;
    match channel.send(step, &command)?.status {
        status::OK => Ok(()),
        status::NOT_FOUND => Err(ChipError::NotAnIdCard),
        word => Err(ChipError::Refused { step, status: word }),
    }
}

/// Reads EF.CardAccess. Its extended length tells in passing whether the chip takes such. The
/// master file is selected last, and only where nothing else works: cards refuse that.
fn card_access(channel: &mut Channel<'_>) -> Result<Option<SecurityInfos>, ChipError> {
    let step = Step::CardAccess;
    let by_short_name = Command::new([0x00, 0xB0, 0x9C, 0x00]);
    if channel.form == Form::Extended {
        let answer = channel.send(step, &by_short_name.clone().expecting(channel.room()))?;
        if let Some(infos) = infos(&answer) {
            return Ok(Some(infos));
        }
        if answer.status == status::WRONG_LENGTH {
            channel.form = Form::Short;
        }
    }
    let answer = channel.send(step, &by_short_name.expecting(SHORT))?;
    if let Some(infos) = infos(&answer) {
        // Whatever word was given for it: only the length of the command was another.
        channel.form = Form::Short;
        return Ok(Some(infos));
    }
    if let Some(infos) = by_selecting(channel)? {
        return Ok(Some(infos));
    }
    // The chip may stand in the application from an earlier reading.
    let master = Command::new([0x00, 0xA4, 0x00, 0x0C]).with(&[0x3F, 0x00]);
    if channel.send(step, &master)?.status != status::OK {
        return Ok(None);
    }
    by_selecting(channel)
}

fn by_selecting(channel: &mut Channel<'_>) -> Result<Option<SecurityInfos>, ChipError> {
    let step = Step::CardAccess;
    let select = Command::new([0x00, 0xA4, 0x02, 0x0C]).with(&[0x01, 0x1C]);
    if channel.send(step, &select)?.status != status::OK {
        return Ok(None);
    }
    let answer = channel.send(step, &Command::new([0x00, 0xB0, 0, 0]).expecting(SHORT))?;
    Ok(infos(&answer))
}

fn infos(answer: &Response) -> Option<SecurityInfos> {
    let is_read = matches!(answer.status, status::OK | status::END_OF_FILE);
    is_read.then(|| SecurityInfos::parse(&answer.data)).flatten()
}
