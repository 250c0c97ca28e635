//! Codes as cards print them, as readers damage them, and the cases that must fail.

use domain::{PersonalNumber, Sex};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2026, 11, 21);
const AN: &str =
    "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử, Hoàn Kiếm, Hà Nội|20052021";
const BINH: &str =
    "079185000002||Trần Thị Bình|03071985|Nữ|Ấp 2, Xã Mẫu, Huyện Mẫu, TP. Hồ Chí Minh|11122022";
const BLAC: &str =
    "066204000003||Y Blắc Niê|29022004|Nam|Buôn Thử, Xã Ea Mẫu, Tỉnh Đắk Lắk|04102024||||";
const CHILD: &str = "001324000004||Lê Bé Na|10022024|Nữ|Phường Hoàn Kiếm, Thành phố Hà Nội|15082024||Lê Văn Cha|Phạm Thị Mẹ|";

fn parse(text: &str) -> Result<IdCardCode, IdCardError> {
    parse_id_card(text.as_bytes(), TODAY)
}

/// `AN` with one field replaced.
fn with(field: usize, value: &str) -> String {
    let mut fields: Vec<&str> = AN.split('|').collect();
    fields[field] = value;
    fields.join("|")
}

#[test]
fn cards_of_both_generations_are_read_whole() {
    let cases = [
        (AN, "Nguyễn Văn An", date(1999, 1, 15), Sex::Male, date(2021, 5, 20), 0),
        (BINH, "Trần Thị Bình", date(1985, 7, 3), Sex::Female, date(2022, 12, 11), 0),
        (BLAC, "Y Blắc Niê", date(2004, 2, 29), Sex::Male, date(2024, 10, 4), 4),
        (CHILD, "Lê Bé Na", date(2024, 2, 10), Sex::Female, date(2024, 8, 15), 4),
    ];
    for (text, name, born, sex, issued, extra) in cases {
        let card = parse(text).unwrap();
        assert_eq!(card.personal_number.digits(), &text[..12]);
        assert_eq!((card.name.as_str(), card.birth_date), (name, BirthDate::Day(born)));
        assert_eq!((card.sex, card.issue_date, card.extra_fields()), (sex, issued, extra));
        assert_eq!(card.warnings(), []);
    }
    let card = parse(AN).unwrap();
    assert_eq!(card.former_number.as_ref().map(FormerNumber::digits), Some("012345678"));
    assert_eq!(card.residence, "Số 1 Phố Thử, Hoàn Kiếm, Hà Nội");
    assert_eq!(card.facts().birth_date, Some(date(1999, 1, 15)));
}

#[test]
fn form_is_judged_with_tolerance() {
    let an = parse(AN);
    let decomposed: String = AN.nfd().collect();
    assert_ne!(decomposed, AN);
    for text in [
        format!("\u{feff}{AN}"),
        format!("{AN}\r\n"),
        format!("\0{AN}\0\r"),
        decomposed,
        with(4, "NAM"),
        with(4, " nam "),
        with(2, " Nguyễn Văn An "),
    ] {
        assert_eq!(parse(&text), an, "{text:?}");
    }
    assert_eq!(parse(&BINH.replace("Nữ", "NỮ")), parse(BINH));
    assert_eq!(parse(&with(5, "")).unwrap().facts().residence, None);
    assert_eq!(parse(&format!("{AN}|||||và gì nữa")).unwrap().extra_fields(), 5);
}

#[test]
fn sense_is_judged_strictly() {
    use IdCardError::{DatesOutOfOrder, NotAnIdCard, Short, TooLong, WrongField};
    use IdCardField::{BirthDate, FormerNumber, IssueDate, Name, Sex};
    let six_fields = AN.rsplit_once('|').unwrap().0;
    let cases = [
        (with(0, "00109900000"), NotAnIdCard),
        (with(0, "0010990000011"), NotAnIdCard),
        ("không có gạch".to_owned(), NotAnIdCard),
        (String::new(), NotAnIdCard),
        ("00020101021238540010A000000727".to_owned(), NotAnIdCard),
        (
            "GD4010100000001|4e677579|15/01/1999|1|48c3a0|01 - 001|01/01/2026".to_owned(),
            NotAnIdCard,
        ),
        (six_fields.to_owned(), Short),
        (with(5, &"x".repeat(1024)), TooLong),
        (with(1, "01234567"), WrongField(FormerNumber)),
        (with(2, ""), WrongField(Name)),
        (with(2, "Nguyễn 2"), WrongField(Name)),
        (with(3, "29022005"), WrongField(BirthDate)),
        (with(3, "31022000"), WrongField(BirthDate)),
        (with(3, "00012000"), WrongField(BirthDate)),
        (with(3, "1501199"), WrongField(BirthDate)),
        (with(3, "00000000"), WrongField(BirthDate)),
        (with(3, ""), WrongField(BirthDate)),
        (with(4, "Khác"), WrongField(Sex)),
        (with(6, "32012021"), WrongField(IssueDate)),
        (with(6, ""), WrongField(IssueDate)),
        (with(6, "14011999"), DatesOutOfOrder),
        (with(6, "22112026"), DatesOutOfOrder),
        (with(3, "00002022"), DatesOutOfOrder),
    ];
    for (text, error) in cases {
        assert_eq!(parse(&text), Err(error), "{text}");
    }
    assert!(parse(&with(6, "21112026")).is_ok(), "issued today");
    assert!(parse(&with(6, "15011999")).is_ok(), "issued on the day of birth");
}

#[test]
fn a_year_alone_is_a_birth_date() {
    for text in ["00001999", "1999"] {
        let card = parse(&with(3, text)).unwrap();
        assert_eq!(card.birth_date, BirthDate::Year(1999));
        assert_eq!((card.birth_date.form_text(), card.facts().birth_date), ("1999".into(), None));
    }
    assert_eq!(parse(AN).unwrap().birth_date.form_text(), "15/01/1999");
}

#[test]
fn odd_numbers_are_a_warning_and_never_a_refusal() {
    use IdCardWarning::{BirthYearDisagrees, SexDisagrees, UnknownProvince};
    let cases = [
        ("003099000001", vec![UnknownProvince]),
        ("001199000001", vec![SexDisagrees]),
        ("001098000001", vec![BirthYearDisagrees]),
        ("001499000001", vec![BirthYearDisagrees]),
        ("999300000001", vec![UnknownProvince, SexDisagrees, BirthYearDisagrees]),
    ];
    for (number, warnings) in cases {
        assert_eq!(parse(&with(0, number)).unwrap().warnings(), warnings, "{number}");
    }
}

#[test]
fn a_reader_that_spoils_letters_still_gives_the_digits() {
    let windows_1258 =
        b"001099000001||Nguy\xea\xden V\xe3n An|15011999|Nam|H\xe0 N\xf4\xf2i|20052021";
    let latin_1: String = AN.bytes().map(char::from).collect();
    for bytes in [
        windows_1258.to_vec(),
        with(2, "Nguy?n V?n An").into_bytes(),
        with(4, "N?").into_bytes(),
        with(5, "H\u{fffd} N\u{fffd}i").into_bytes(),
        latin_1.into_bytes(),
    ] {
        let Err(IdCardError::Garbled(digits)) = parse_id_card(&bytes, TODAY) else {
            panic!("{bytes:?} was not taken as garbled");
        };
        assert_eq!(digits.personal_number, PersonalNumber::parse("001099000001").unwrap());
        assert_eq!(digits.birth_date, BirthDate::Day(date(1999, 1, 15)));
        assert_eq!(digits.issue_date, date(2021, 5, 20));
    }
    let garbled_dates = b"001099000001||\xff|150119xx|Nam||20052021";
    assert_eq!(
        parse_id_card(garbled_dates, TODAY),
        Err(IdCardError::WrongField(IdCardField::BirthDate))
    );
}

#[test]
fn nothing_personal_is_shown_by_debug() {
    let card = parse(AN).unwrap();
    let garbled = parse(&with(2, "Nguy?n")).unwrap_err();
    for shown in
        [format!("{card:?}"), format!("{:?}", card.birth_date), format!("{garbled:?} {garbled}")]
    {
        for secret in ["099000", "Nguy", "1999", "2021", "012345678", "Phố"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    assert!(format!("{card:?}").contains("001******001"));
}

prop_compose! {
    fn any_day()(year in 1900i16..=2024, month in 1i8..=12, day in 1i8..=28) -> Date {
        date(year, month, day)
    }
}

fn ddmmyyyy(day: Date) -> String {
    format!("{:02}{:02}{:04}", day.day(), day.month(), day.year())
}

proptest! {
    #[test]
    fn whatever_a_card_says_is_read_back(
        number in "[0-9]{12}",
        former in "|[0-9]{9}",
        name in "[A-ZĐÁẤ][a-zđàạắôơưỹ]{0,6}( [A-ZĐ][a-zđàạắôơưỹ]{1,6}){0,4}",
        born in any_day(),
        female: bool,
        residence in "([A-ZĐ][a-zàạắôơư0-9]{1,8}[,.]? ){0,12}",
        age_at_issue in 0i64..700,
        extra in 0usize..5,
    ) {
        let issued = born.checked_add(jiff::Span::new().days(age_at_issue)).unwrap();
        let sex = if female { Sex::Female } else { Sex::Male };
        let text = format!(
            "{number}|{former}|{name}|{}|{}|{residence}|{}{}",
            ddmmyyyy(born), sex.vi(), ddmmyyyy(issued), "|".repeat(extra),
        );
        let card = parse(&text).unwrap();
        prop_assert_eq!(card.personal_number.digits(), number);
        prop_assert_eq!(card.former_number.as_ref().map_or("", FormerNumber::digits), former);
        prop_assert_eq!((card.name, card.residence.as_str()), (name, residence.trim()));
        prop_assert_eq!((card.birth_date, card.sex), (BirthDate::Day(born), sex));
        prop_assert_eq!((card.issue_date, card.extra.len()), (issued, extra));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..1200)) {
        let _ = parse_id_card(&bytes, TODAY);
    }
}
