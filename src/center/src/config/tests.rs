//! What a configuration may say.

use super::*;

const EXAMPLE: &str = include_str!("../../../../config/center.example.toml");

#[test]
fn the_example_can_be_used() {
    let config = CenterConfig::parse(EXAMPLE).unwrap();
    assert_eq!((config.fields.len(), config.counters.len()), (5, 3));
}

#[test]
fn what_does_not_fit_together_is_named() {
    let officer = "\n[[officers]]\nlogin = \"quay1\"\npassword = \"$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$1uAPzSbqVJ9QIpAVBh6Kpg\"\ncounter = 1\n";
    CenterConfig::parse(&format!("{EXAMPLE}{officer}")).unwrap();
    type Case = (&'static str, &'static str, fn(&ConfigError) -> bool);
    let cases: [Case; 10] = [
        ("letter = \"B\"", "letter = \"b\"", |e| matches!(e, ConfigError::Letter(_))),
        ("letter = \"B\"", "letter = \"A\"", |e| matches!(e, ConfigError::SameField(_))),
        ("number = 2", "number = 1", |e| matches!(e, ConfigError::SameCounter(CounterNo(1)))),
        ("[\"dat-dai\", \"kinh-doanh\"]", "[\"dat-dai\"]", |e| {
            matches!(e, ConfigError::Unserved(_))
        }),
        ("[\"dat-dai\", \"kinh-doanh\"]", "[\"thue\"]", |e| {
            matches!(e, ConfigError::UnknownField { .. } | ConfigError::Unserved(_))
        }),
        ("login = \"quay1\"", "login = \" \"", |e| matches!(e, ConfigError::Login(_))),
        ("counter = 1", "counter = 9", |e| matches!(e, ConfigError::NoCounter(_))),
        ("$argon2id$", "$plain$", |e| matches!(e, ConfigError::Password(_))),
        ("# public_url = \"https", "public_url = \"ftp", |e| matches!(e, ConfigError::PublicUrl)),
        ("listen =", "colour = \"red\"\nlisten =", |e| matches!(e, ConfigError::Shape(_))),
    ];
    for (from, to, expected) in cases {
        let text = format!("{EXAMPLE}{officer}");
        assert!(text.contains(from), "{from}");
        let error = CenterConfig::parse(&text.replace(from, to)).unwrap_err();
        assert!(expected(&error), "{to}: {error:?}");
    }
}

#[test]
fn a_password_hash_is_never_printed() {
    assert_eq!(format!("{:?}", PasswordHash("$argon2id$…".to_owned())), "***");
}
