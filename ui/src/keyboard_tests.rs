//! Vietnamese as it is typed on the glass.

use super::*;

fn words(capitals: Capitals, telex: bool) -> Board {
    Board::new(Shape::Words { max: 200, capitals }, "", telex)
}

fn telex(keys: &str) -> String {
    let mut board = words(Capitals::Never, true);
    for c in keys.chars() {
        board.press(Key::Exact(c));
    }
    board.value()
}

/// Digits stand for the tone keys: 1 sắc 2 huyền 3 hỏi 4 ngã 5 nặng 0 none; < is backspace.
fn tapped(keys: &str) -> String {
    let mut board = words(Capitals::Never, false);
    for c in keys.chars() {
        board.press(match c {
            '0' => Key::Tone(Tone::Level),
            '1' => Key::Tone(Tone::Acute),
            '2' => Key::Tone(Tone::Grave),
            '3' => Key::Tone(Tone::Hook),
            '4' => Key::Tone(Tone::Tilde),
            '5' => Key::Tone(Tone::Dot),
            '<' => Key::Backspace,
            c => Key::Letter(c),
        });
    }
    board.value()
}

#[test]
fn tone_keys_put_the_tone_where_it_is_written() {
    for (keys, expected) in [
        ("giương2", "giường"),
        ("gi2ương", "giường"),
        ("ngươi2", "người"),
        ("nguyễn", "nguyễn"),
        ("nguyên4", "nguyễn"),
        ("quy1", "quý"),
        ("gi2", "gì"),
        ("gin2", "gìn"),
        ("gia2", "già"),
        ("thuy3", "thủy"),
        ("khuyu3", "khuỷu"),
        ("hoa2", "hòa"),
        ("hoa2n", "hoàn"),
        ("hoa2n<", "hòa"),
        ("ngoai2", "ngoài"),
        ("mia1", "mía"),
        ("cua3", "của"),
        ("quôc1", "quốc"),
        ("đương2", "đường"),
        ("a1 la2", "á là"),
        ("ban1", "bán"),
        ("ban15", "bạn"),
        ("ban11", "ban"),
        ("ban10", "ban"),
        ("st1", "st"),
        ("huynh2", "huỳnh"),
        ("thuê1", "thuế"),
        ("yêu1", "yếu"),
        ("uy1", "úy"),
        ("quyên2", "quyền"),
    ] {
        assert_eq!(tapped(keys), expected, "{keys}");
    }
}

#[test]
fn telex_composes_anywhere_in_the_syllable() {
    for (keys, expected) in [
        ("giuwowngf", "giường"),
        ("nguowif", "người"),
        ("nguwowif", "người"),
        ("nguoiwf", "người"),
        ("nguyeenx", "nguyễn"),
        ("nguyenxe", "nguyễn"),
        ("quys", "quý"),
        ("gif", "gì"),
        ("thuyr", "thủy"),
        ("khuyur", "khuỷu"),
        ("hoaf", "hòa"),
        ("hoafn", "hoàn"),
        ("hoawcj", "hoặc"),
        ("ddangw", "đăng"),
        ("dangwd", "đăng"),
        ("dduowcj", "được"),
        ("dduwowcj", "được"),
        ("quoocs", "quốc"),
        ("thuowr", "thuở"),
        ("muaw", "mưa"),
        ("huwu", "hưu"),
        ("huuw", "hưu"),
        ("tw", "tư"),
        ("rowij", "rợi"),
        ("ddawngj thij ngocj anhs", "đặng thị ngọc ánh"),
        ("Ddawngj Thij Ngocj Anhs", "Đặng Thị Ngọc Ánh"),
        ("ngoaif", "ngoài"),
        ("truwowngf", "trường"),
        ("khoer", "khỏe"),
        ("laays", "lấy"),
        ("tieengs vieetj", "tiếng việt"),
    ] {
        assert_eq!(telex(keys), expected, "{keys}");
    }
}

#[test]
fn a_repeated_telex_key_takes_its_change_back() {
    for (keys, expected) in [
        ("aaa", "aa"),
        ("ass", "as"),
        ("asss", "ass"),
        ("ddd", "dd"),
        ("oww", "ow"),
        ("eee", "ee"),
        ("booong", "boong"),
        ("asz", "a"),
        ("test", "tét"),
        ("tesst", "test"),
        ("windows", "windows"),
    ] {
        assert_eq!(telex(keys), expected, "{keys}");
    }
}

#[test]
fn two_engines_agree_on_telex() {
    let vocabulary = "tieengs vieetj nguyeenx giuwowngf nguwowif dduwowcj ddawng hoawcj quoocs gif \
        khuyur thuees ngoaif cuar mias hoaf thuyr khoer ddangj thij ngocj anhs traanf lee phamj vawn \
        huyeenf chuyeenr xuaan tuaans duwowng lyj voox buif ddoox ngoo hoof phaan ddinhj lamf quyeenf \
        nghieemj trinhj khai sinh keets hoon chuwngs thuwcj boor sung giaays towf suwar ddooir";
    for word in vocabulary.split_whitespace() {
        let mut engine = bamboo_core::Engine::new(bamboo_core::InputMethod::telex());
        let expected = engine.process(word, bamboo_core::Mode::Vietnamese);
        assert_eq!(telex(word), expected, "{word}");
    }
}

#[test]
fn names_get_their_capitals_by_themselves() {
    let mut board = words(Capitals::Words, true);
    for c in "ddawngj thij ngocj anhs".chars() {
        board.press(Key::Letter(c));
    }
    assert_eq!(board.value(), "Đặng Thị Ngọc Ánh");
    assert!(!board.upper());
    board.press(Key::Letter(' '));
    assert!(board.upper());
}

#[test]
fn typing_in_the_middle_leaves_the_rest_alone() {
    let mut board = words(Capitals::Never, false);
    for c in "phường hoàn kim".chars() {
        board.press(Key::Exact(c));
    }
    board.press(Key::Left);
    board.press(Key::Letter('ê'));
    board.press(Key::Tone(Tone::Acute));
    assert_eq!(board.shown(), ("phường hoàn kiế".to_owned(), "m".to_owned()));
    (0..40).for_each(|_| assert!(!board.press(Key::Left)));
    assert!(!board.press(Key::Backspace));
    board.press(Key::Exact('x'));
    assert_eq!(board.value(), "xphường hoàn kiếm");
}

#[test]
fn digits_are_grouped_and_never_too_many() {
    for (grouping, max, keys, value, shown) in [
        (Grouping::Date, 8, "0509199012", "05/09/1990", "05/09/1990"),
        (Grouping::Date, 8, "0a5", "05", "05"),
        (Grouping::Date, 8, "050", "05/0", "05/0"),
        (Grouping::PersonalNumber, 12, "0010990000011", "001099000001", "001 099 000 001"),
        (Grouping::Phone, 10, "0912345678", "0912345678", "0912 345 678"),
        (Grouping::Thousands, 13, "1250000", "1250000", "1.250.000"),
        (Grouping::Bare, 4, "12345", "1234", "1234"),
    ] {
        let mut board = Board::new(Shape::Digits { max, grouping }, "", false);
        for c in keys.chars() {
            board.press(Key::Letter(c));
        }
        assert_eq!((board.value().as_str(), board.shown().0.as_str()), (value, shown));
    }
}

#[test]
fn a_code_is_capitals_digits_and_two_signs() {
    let mut board = Board::new(Shape::Code { max: 40 }, "", true);
    for c in "000.00.15.h26-261121-0007 aa".chars() {
        board.press(Key::Letter(c));
    }
    assert_eq!(board.value(), "000.00.15.H26-261121-0007AA");
}

#[test]
fn no_line_grows_beyond_its_bounds_and_all_stay_composed() {
    let mut board = Board::new(Shape::Words { max: 5, capitals: Capitals::Never }, "", true);
    for c in "nghieengs".chars() {
        board.press(Key::Exact(c));
    }
    let value = board.value();
    assert!(value.chars().count() <= 5, "{value}");
    assert_eq!(nfc(&value), value);
}
