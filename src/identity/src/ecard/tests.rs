//! Profiles and what they make of cards.

use proptest::prelude::*;

use super::*;

const EXAMPLE: &str = include_str!("../../../../config/ecards/example.toml");
const ATR: [u8; 6] = [0x3B, 0x81, 0x80, 0x01, 0x80, 0x80];

/// A card with one application and one file.
struct Card {
    file: Vec<u8>,
    selected: u8,
    commands: Vec<Vec<u8>>,
}

impl Card {
    fn with(file: Vec<u8>) -> Self {
        Self { file, selected: 0, commands: vec![] }
    }
}

impl ApduLink for Card {
    fn max_response(&self) -> usize {
        258
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        self.commands.push(command.to_vec());
        let no = || Ok(vec![0x6A, 0x82]);
        match command {
            [0, 0xA4, 0x04, 0, 8, name @ ..] if name == b"\xF0MOTCUA\x01" => self.selected = 1,
            [0, 0xA4, 0x02, 0x0C, 2, 1, 1] if self.selected == 1 => self.selected = 2,
            [0, 0xB0, high, low, 0] if self.selected == 2 => {
                let offset = usize::from(u16::from_be_bytes([*high, *low]));
                let rest = self.file.get(offset..).unwrap_or_default();
                return Ok([rest.get(..256).unwrap_or(rest), &OK].concat());
            }
            _ => return no(),
        }
        Ok(OK.to_vec())
    }
}

fn object(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], value].concat()
}

fn holder() -> Vec<u8> {
    let residence = "Hà Nội ".repeat(40);
    let fields = [
        (0x80, "001099000001"),
        (0x81, "Nguyễn Văn An"),
        (0x82, "15/01/1999"),
        (0x83, "Nam"),
        (0x84, residence.as_str()),
    ];
    let inside: Vec<u8> =
        fields.iter().flat_map(|(tag, text)| object(*tag, text.as_bytes())).collect();
    object(0x70, &inside)
}

#[track_caller]
fn facts_of(read: Result<ECard, LinkError>) -> CardFacts {
    match read {
        Ok(ECard::Facts(facts)) => facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_card_of_the_profile_is_read_and_its_serial_number_is_not() {
    let profile = Profile::parse(EXAMPLE).unwrap();
    let mut card = Card::with(holder());
    let facts = facts_of(read(&mut card, &ATR, &profile));
    assert_eq!(facts.name, "Nguyễn Văn An");
    assert_eq!(facts.personal_number.digits(), "001099000001");
    assert_eq!((facts.sex, facts.issue_date), (Some(Sex::Male), None));
    assert_eq!(facts.birth_date, Some(jiff::civil::date(1999, 1, 15)));
    assert!(facts.residence.unwrap().len() > 256, "the file came in several answers");
    assert!(card.commands.iter().all(|command| command[0] == 0), "nothing is asked of the reader");
}

#[test]
fn text_in_parts_is_read_as_well() {
    let written = EXAMPLE
        .replace(r#"kind = "tlv", inside = "70""#, r#"kind = "text", separator = "|""#)
        .replace("\"80\"", "\"1\"")
        .replace("\"81\"", "\"0\"")
        .replace("\"82\"", "\"2\"");
    let profile = Profile::parse(&written).unwrap();
    let mut card = Card::with("Trần Thị Bình|079185000002|03071985\n".into());
    let facts = facts_of(read(&mut card, &ATR, &profile));
    assert_eq!((facts.name.as_str(), facts.sex), ("Trần Thị Bình", None));
    assert_eq!(facts.birth_date, Some(jiff::civil::date(1985, 7, 3)));
}

#[test]
fn another_kind_of_card_is_left_alone() {
    let profile = Profile::parse(EXAMPLE).unwrap();
    let mut card = Card::with(holder());
    assert_eq!(read(&mut card, &ATR[..5], &profile), Ok(ECard::OtherKind));
    assert!(card.commands.is_empty());
    let any = EXAMPLE.replace("3B 81 80 01 80 80", "3B ?? 80 01 80 ??");
    let any = Profile::parse(&any).unwrap();
    facts_of(read(&mut card, &[0x3B, 1, 0x80, 1, 0x80, 2], &any));
    let other = Profile::parse(&EXAMPLE.replace("F0 4D", "F1 4D")).unwrap();
    assert_eq!(read(&mut Card::with(holder()), &ATR, &other), Ok(ECard::OtherKind));
    for file in [vec![], b"\x70\x03abc".to_vec(), object(0x70, &object(0x80, b"123"))] {
        assert_eq!(read(&mut Card::with(file), &ATR, &profile), Ok(ECard::Unusable));
    }
}

#[test]
fn a_profile_that_cannot_be_used_says_why() {
    for (from, to, said) in [
        ("file = \"0101\"", "file = \"01\"", "two bytes"),
        ("file = \"0101\"", "file = \"01x1\"", "file must be bytes in hex"),
        ("file = \"0101\"", "", "not written"),
        ("3B 81 80 01 80 80", "3B 8", "atr must be"),
        ("F0 4D 4F 54 43 55 41 01", "F0 4D", "5 to 16"),
        ("name = \"81\"", "name = \"zz\"", "fields.Name must be a tag"),
        ("name = \"81\"", "", "personal-number and name"),
        ("sex = \"83\"", "serial-number = \"83\"", "not written"),
        ("inside = \"70\"", "inside = \"70717273\"", "layout.inside"),
        ("kind = \"tlv\"", "kind = \"xml\"", "not written"),
    ] {
        assert!(EXAMPLE.contains(from), "{from}");
        let error = Profile::parse(&EXAMPLE.replace(from, to)).unwrap_err();
        assert!(error.to_string().contains(said), "{to}: {error}");
    }
    let unknown: String = EXAMPLE
        .lines()
        .filter(|line| !line.starts_with("a"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(Profile::parse(&unknown), Err(ProfileError::KnownByNothing));
}

proptest! {
    #[test]
    fn whatever_a_card_holds_is_taken_without_panic(file: Vec<u8>) {
        let profile = Profile::parse(EXAMPLE).unwrap();
        let _ = read(&mut Card::with(file), &ATR, &profile);
    }

    #[test]
    fn whatever_a_profile_says_is_taken_without_panic(text in ".{0,40}") {
        let _ = Profile::parse(&EXAMPLE.replace("0101", &text));
        let _ = Profile::parse(&EXAMPLE.replace("F0 4D", &text));
    }
}
