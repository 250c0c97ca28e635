//! E-cards of agencies and companies: known by a profile, read over any link.
//!
//! Such a card proves nothing about itself: its file can be copied onto another. What it says
//! is therefore worth as much as a printed code ([`domain::Evidence::Code`]). Its serial number
//! is neither asked for nor taken for anything: whoever makes a card can choose it.

mod profile;

use domain::{CardFacts, PersonalNumber, Sex};
use profile::{Field, Layout};
pub use profile::{Profile, ProfileError};

use crate::{
    birth_date::parse_date,
    chip::{ApduLink, LinkError},
    tlv,
};

/// Longest file that is read.
const LONGEST: usize = 4096;
const OK: [u8; 2] = [0x90, 0x00];
/// The end of the file came before the length that was asked for.
const END: [u8; 2] = [0x62, 0x82];

/// What an e-card turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ECard {
    /// One of the profile's kind, and this is its holder.
    Facts(CardFacts),
    /// One of the profile's kind that says nothing that can be used.
    Unusable,
    /// A card of another kind.
    OtherKind,
}

/// Reads the card as `profile` describes it. `atr` is its answer to reset.
///
/// # Errors
/// When card or reader are gone.
pub fn read(link: &mut dyn ApduLink, atr: &[u8], profile: &Profile) -> Result<ECard, LinkError> {
    if !profile.has_answer(atr) {
        return Ok(ECard::OtherKind);
    }
    if let Some(application) = &profile.application
        && !select(link, [0x04, 0x00], application)?
    {
        return Ok(ECard::OtherKind);
    }
    if !select(link, [0x02, 0x0C], &profile.file)? {
        // Known by nothing but its answer to reset, which cards of many kinds share.
        let is_sure = profile.application.is_some();
        return Ok(if is_sure { ECard::Unusable } else { ECard::OtherKind });
    }
    let file = whole_file(link)?;
    Ok(facts(&file, profile).map_or(ECard::Unusable, ECard::Facts))
}

fn select(link: &mut dyn ApduLink, how: [u8; 2], name: &[u8]) -> Result<bool, LinkError> {
    let Ok(length) = u8::try_from(name.len()) else { return Ok(false) };
    let command = [&[0x00, 0xA4], &how[..], &[length], name].concat();
    Ok(link.transmit(&command)?.ends_with(&OK))
}

fn whole_file(link: &mut dyn ApduLink) -> Result<Vec<u8>, LinkError> {
    let mut file = Vec::new();
    while file.len() < LONGEST {
        let Ok(offset) = u16::try_from(file.len()) else { break };
        let [high, low] = offset.to_be_bytes();
        let answer = link.transmit(&[0x00, 0xB0, high, low, 0x00])?;
        let Some((data, status)) = answer.split_last_chunk::<2>() else { break };
        if data.is_empty() || !(*status == OK || *status == END) {
            break;
        }
        file.extend_from_slice(data);
        if *status == END || data.len() < 256 {
            break;
        }
    }
    Ok(file)
}

/// What the file says; none without number and name.
fn facts(file: &[u8], profile: &Profile) -> Option<CardFacts> {
    let text = |field| {
        let text = value(file, profile, field)?;
        let text = domain::text::nfc(text.trim());
        (!text.is_empty() && !text.contains(char::is_control)).then_some(text)
    };
    let day = |field| parse_date(&text(field)?.replace('/', ""));
    Some(CardFacts {
        personal_number: PersonalNumber::parse(&text(Field::PersonalNumber)?).ok()?,
        name: text(Field::Name)?,
        birth_date: day(Field::BirthDate),
        sex: text(Field::Sex).and_then(|sex| match sex.as_str() {
            "Nam" => Some(Sex::Male),
            "Nữ" => Some(Sex::Female),
            _ => None,
        }),
        residence: text(Field::Residence),
        issue_date: day(Field::IssueDate),
    })
}

fn value<'a>(file: &'a [u8], profile: &Profile, field: Field) -> Option<&'a str> {
    let place = *profile.fields.get(&field)?;
    match &profile.layout {
        Layout::Tlv { inside } => {
            let object = tlv::find(file, *inside)?;
            str::from_utf8(tlv::find(object, place)?).ok()
        }
        Layout::Text { separator } => {
            let text = str::from_utf8(file).ok()?;
            text.split(*separator).nth(usize::try_from(place).ok()?)
        }
    }
}

#[cfg(test)]
mod tests;
