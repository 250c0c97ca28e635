//! DG13 in the two layouts that public samples have, with fields missing, doubled and broken.

use proptest::prelude::*;

use super::*;

/// An invented citizen in the layout read off public samples.
const DG13: &str = "6d82017b30820177020101060628d31601000830\
    8201683011020101130c303031303939303030303031";

fn field_bytes(number: u8, value: &[u8]) -> Vec<u8> {
    tlv::write(SEQUENCE, &[&[2, 1, number], value].concat()).to_vec()
}

fn utf8(text: &str) -> Vec<u8> {
    tlv::write(0x0C, text.as_bytes()).to_vec()
}

fn group(fields: &[Vec<u8>]) -> Vec<u8> {
    let head = hex::decode("020101060628D316010008").unwrap();
    let set = tlv::write(SET, &fields.concat());
    tlv::write(0x6D, &tlv::write(SEQUENCE, &[&head[..], &set].concat())).to_vec()
}

fn whole() -> Vec<Vec<u8>> {
    let parents = [utf8("Nguyễn Văn B"), utf8("Trần Thị Mẹ")].concat();
    let printable = |text: &str| tlv::write(0x13, text.as_bytes()).to_vec();
    vec![
        field_bytes(1, &printable("001099000001")),
        field_bytes(2, &utf8("Nguyễn Văn An")),
        field_bytes(3, &printable("15/01/1999")),
        field_bytes(4, &utf8("Nam")),
        field_bytes(5, &utf8("Việt Nam")),
        field_bytes(6, &utf8("Kinh")),
        field_bytes(7, &utf8("Không")),
        field_bytes(8, &utf8("Hoàn Kiếm, Hà Nội")),
        field_bytes(9, &utf8("Số 1 Phố Thử, Hà Nội")),
        field_bytes(10, &utf8("Nốt ruồi")),
        field_bytes(11, &printable("15/01/2024")),
        field_bytes(12, &printable("15/01/2039")),
        field_bytes(13, &tlv::write(SEQUENCE, &parents)),
        field_bytes(14, &[]),
        field_bytes(15, &[]),
        field_bytes(16, &printable("0000000000000000")),
    ]
}

#[test]
fn each_field_is_found_by_its_number() {
    let citizen = Citizen::parse(&group(&whole()), Beliefs::Drop).unwrap();
    let facts = citizen.facts().unwrap();
    assert_eq!(facts.personal_number.digits(), "001099000001");
    assert_eq!(facts.name, "Nguyễn Văn An");
    assert_eq!(facts.birth_date, Some(Date::constant(1999, 1, 15)));
    assert_eq!(facts.sex, Some(Sex::Male));
    assert_eq!(facts.residence.as_deref(), Some("Số 1 Phố Thử, Hà Nội"));
    assert_eq!(facts.issue_date, Some(Date::constant(2024, 1, 15)));
    assert_eq!(citizen.home_town.as_deref(), Some("Hoàn Kiếm, Hà Nội"));
    assert_eq!(citizen.parents, ["Nguyễn Văn B", "Trần Thị Mẹ"]);
    assert_eq!((&citizen.spouse, &citizen.former_number), (&None, &None));
}

#[test]
fn fields_may_come_in_any_order_and_without_their_frame() {
    let mut turned = whole();
    turned.reverse();
    let in_frame = Citizen::parse(&group(&whole()), Beliefs::Keep);
    assert_eq!(Citizen::parse(&group(&turned), Beliefs::Keep), in_frame);
    // The other layout: the fields directly in one sequence.
    let bare = tlv::write(0x6D, &tlv::write(SEQUENCE, &whole().concat()));
    assert_eq!(Citizen::parse(&bare, Beliefs::Keep), in_frame);
}

#[test]
fn beliefs_are_dropped_unless_asked_for() {
    let dropped = Citizen::parse(&group(&whole()), Beliefs::Drop).unwrap();
    assert_eq!((&dropped.ethnicity, &dropped.religion), (&None, &None));
    let kept = Citizen::parse(&group(&whole()), Beliefs::Keep).unwrap();
    assert_eq!(kept.ethnicity.as_deref(), Some("Kinh"));
    assert_eq!(kept.religion.as_deref(), Some("Không"));
}

#[test]
fn the_former_number_is_known_by_its_digits() {
    let number = |digits: &str| tlv::write(0x13, digits.as_bytes()).to_vec();
    for (fifteen, sixteen, former) in [
        ("012345678", "0000000000000000", Some("012345678")),
        ("", "001085000002", Some("001085000002")),
        ("012345678", "123456789", Some("012345678")),
        ("12345", "abc", None),
    ] {
        let fields = [field_bytes(15, &number(fifteen)), field_bytes(16, &number(sixteen))];
        let citizen = Citizen::parse(&group(&fields), Beliefs::Drop).unwrap();
        assert_eq!(citizen.former_number.as_deref(), former, "{fifteen} {sixteen}");
    }
}

#[test]
fn letters_are_composed_and_broken_texts_left_out() {
    let fields = [
        field_bytes(2, &utf8(" Nguye\u{302}\u{303}n Va\u{306}n An ")),
        field_bytes(8, &tlv::write(0x0C, &[0xC3, 0x28])),
        field_bytes(9, &tlv::write(0x05, &[])),
        field_bytes(3, &utf8("1999")),
    ];
    let citizen = Citizen::parse(&group(&fields), Beliefs::Drop).unwrap();
    assert_eq!(citizen.name.as_deref(), Some("Nguyễn Văn An"));
    assert_eq!((&citizen.home_town, &citizen.residence), (&None, &None));
    assert_eq!(citizen.birth(), Some(BirthDate::Year(1999)));
    assert_eq!(citizen.facts(), None);
}

#[test]
fn an_encrypted_group_is_not_understood() {
    let noise = [&[0x6D, 0x20][..], &[0xA7; 32]].concat();
    assert_eq!(Citizen::parse(&noise, Beliefs::Drop), None);
    assert_eq!(Citizen::parse(&hex::decode(DG13).unwrap(), Beliefs::Drop), None);
    assert_eq!(Citizen::parse(&[], Beliefs::Drop), None);
}

#[test]
fn nothing_of_a_citizen_is_shown() {
    let citizen = Citizen::parse(&group(&whole()), Beliefs::Keep).unwrap();
    let shown = format!("{citizen:?}");
    for hidden in ["Nguyễn", "Kinh", "Phố", "1999", "001099000001"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Citizen::parse(&bytes, Beliefs::Keep);
        let _ = Citizen::parse(&tlv::write(0x6D, &tlv::write(SEQUENCE, &bytes)), Beliefs::Keep);
        let _ = Citizen::parse(&group(&[field_bytes(13, &bytes)]), Beliefs::Keep);
    }
}
