//! Options of scanners that are sold, and of some that cannot exist.

use hardware_api::{ColorMode, Resolutions, ScanRequest, ScannerCapabilities, Source};
use proptest::prelude::*;

use super::*;

fn option(name: &str, kind: Kind, constraint: Constraint) -> Descriptor {
    Descriptor { index: 1, name: name.into(), kind, unit: Unit::Other, settable: true, constraint }
}

fn texts(name: &str, values: &[&str]) -> Descriptor {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    option(name, Kind::Text, Constraint::Texts(values))
}

fn switch(name: &str) -> Descriptor {
    option(name, Kind::Bool, Constraint::None)
}

fn sensor(name: &str) -> Descriptor {
    Descriptor { settable: false, ..switch(name) }
}

fn edge(name: &str, most_mm: i32) -> Descriptor {
    let constraint = Constraint::Range { min: 0, max: most_mm << 16, quant: 0 };
    Descriptor { unit: Unit::Millimetre, ..option(name, Kind::Fixed, constraint) }
}

fn request(source: Source) -> ScanRequest {
    ScanRequest { source, dpi: 200, color: ColorMode::Color }
}

/// What was set, in order.
type Set = Result<Vec<(String, Value)>, Unfit>;

fn set(options: &[Descriptor], request: &ScanRequest) -> Set {
    let mut all = Vec::new();
    for wish in wishes() {
        if let Some(setting) = setting(wish, options, request, 200.0)? {
            all.push((setting.option.name.clone(), setting.value));
        }
    }
    Ok(all)
}

fn word(name: &str, word: i32) -> (String, Value) {
    (name.into(), Value::Word(word))
}

fn said(name: &str, text: &str) -> (String, Value) {
    (name.into(), Value::Text(text.into()))
}

#[test]
fn both_sides_are_a_source_a_choice_or_a_switch() {
    let cases: [(Vec<Descriptor>, Set); 6] = [
        (
            vec![texts("source", &["ADF Front", "ADF Duplex"])],
            Ok(vec![said("source", "ADF Duplex")]),
        ),
        (
            vec![texts("source", &["Flatbed", "ADF"]), texts("adf-mode", &["Simplex", "Duplex"])],
            Ok(vec![said("source", "ADF"), said("adf-mode", "Duplex")]),
        ),
        (
            vec![texts("source", &["fb", "adf"]), switch("duplex")],
            Ok(vec![said("source", "adf"), word("duplex", 1)]),
        ),
        (vec![texts("source", &["ADF"]), sensor("duplex")], Err(Unfit::OneSide)),
        (vec![texts("source", &["Flatbed"])], Err(Unfit::Source)),
        (vec![], Err(Unfit::Source)),
    ];
    for (options, expected) in cases {
        assert_eq!(set(&options, &request(Source::FeederBothSides)), expected, "{options:?}");
    }
}

#[test]
fn one_side_is_asked_for_where_two_could_come() {
    let options = [
        texts("source", &["ADF", "ADF Duplex"]),
        texts("adf-mode", &["Simplex", "Duplex"]),
        switch("duplex"),
    ];
    let expected = vec![said("source", "ADF"), said("adf-mode", "Simplex"), word("duplex", 0)];
    assert_eq!(set(&options, &request(Source::Feeder)), Ok(expected));
}

#[test]
fn two_sheets_are_looked_out_for_only_in_the_feeder() {
    let options = [
        texts("source", &["Flatbed", "ADF"]),
        texts("df-action", &["Default", "Continue", "Stop"]),
        switch("df-thickness"),
        sensor("double-feed"),
    ];
    let feeder = set(&options, &request(Source::Feeder)).unwrap();
    assert_eq!(feeder[1..], [said("df-action", "Stop"), word("df-thickness", 1)]);
    let glass = set(&options, &request(Source::Flatbed)).unwrap();
    assert_eq!(glass[1..], [said("df-action", "Stop"), word("df-thickness", 0)]);
    assert_eq!(double_feed_sensor(&options).map(|one| one.name.as_str()), Some("double-feed"));
    assert_eq!(double_feed_sensor(&[switch("double-feed")]), None);
}

#[test]
fn a_scanner_tells_what_it_can_do() {
    let fixed = |dpi: i32| dpi << 16;
    let dpi = Constraint::Words(vec![fixed(600), fixed(75), fixed(300), fixed(300)]);
    let options = [
        texts("source", &["Flatbed", "ADF", "ADF Duplex"]),
        texts("mode", &["Lineart", "Gray", "Color"]),
        option("resolution", Kind::Fixed, dpi),
        edge("br-x", 216),
        edge("br-y", 356),
        switch("df-thickness"),
    ];
    let expected = ScannerCapabilities {
        sources: vec![Source::Flatbed, Source::Feeder, Source::FeederBothSides],
        colors: vec![ColorMode::Color, ColorMode::Grey],
        dpi: Resolutions::These(vec![75, 300, 600]),
        width_mm: Some(216),
        height_mm: Some(356),
        notices_double_feed: true,
    };
    assert_eq!(abilities(&options), expected);
    let nothing = ScannerCapabilities {
        sources: vec![Source::Flatbed],
        colors: vec![],
        dpi: Resolutions::Unknown,
        width_mm: None,
        height_mm: None,
        notices_double_feed: false,
    };
    assert_eq!(abilities(&[]), nothing);
}

#[test]
fn resolutions_are_whole_and_in_order() {
    let range =
        |min, max| option("resolution", Kind::Int, Constraint::Range { min, max, quant: 1 });
    for (option, expected) in [
        (range(1, 1200), Resolutions::Between(1, 1200)),
        (range(300, 100), Resolutions::Unknown),
        (range(-5, 100), Resolutions::Unknown),
        (range(1, i32::MAX), Resolutions::Unknown),
    ] {
        assert_eq!(abilities(std::slice::from_ref(&option)).dpi, expected, "{option:?}");
    }
}

const NAMES: [&str; 16] = [
    "source",
    "mode",
    "depth",
    "resolution",
    "y-resolution",
    "tl-x",
    "tl-y",
    "br-x",
    "br-y",
    "adf-mode",
    "duplex",
    "df-action",
    "df-thickness",
    "double-feed",
    "page-loaded",
    "other",
];

fn any_descriptor() -> impl Strategy<Value = Descriptor> {
    let kind = prop_oneof![
        Just(Kind::Bool),
        Just(Kind::Int),
        Just(Kind::Fixed),
        Just(Kind::Text),
        Just(Kind::Other),
    ];
    let unit = prop_oneof![Just(Unit::Pixel), Just(Unit::Millimetre), Just(Unit::Other)];
    let one = prop_oneof!["(ADF|Flatbed|Color|Gray|Stop)( (Duplex|Front|Back))?", ".{0,6}",];
    let constraint = prop_oneof![
        Just(Constraint::None),
        (any::<i32>(), any::<i32>(), any::<i32>())
            .prop_map(|(min, max, quant)| Constraint::Range { min, max, quant }),
        proptest::collection::vec(any::<i32>(), 0..5).prop_map(Constraint::Words),
        proptest::collection::vec(one, 0..5).prop_map(Constraint::Texts),
    ];
    (0..NAMES.len(), kind, unit, any::<bool>(), constraint).prop_map(
        |(name, kind, unit, settable, constraint)| Descriptor {
            index: 1,
            name: NAMES[name].to_owned(),
            kind,
            unit,
            settable,
            constraint,
        },
    )
}

proptest! {
    #[test]
    fn whatever_a_backend_describes_only_what_it_allows_is_set(
        options in proptest::collection::vec(any_descriptor(), 0..12),
        source in prop_oneof![
            Just(Source::Flatbed), Just(Source::Feeder), Just(Source::FeederBothSides),
        ],
        dpi in any::<u16>(),
        in_force in any::<f64>(),
    ) {
        let request = ScanRequest { source, dpi, color: ColorMode::Color };
        for wish in wishes() {
            if let Ok(Some(setting)) = setting(wish, &options, &request, in_force) {
                prop_assert!(setting.option.settable && setting.is_allowed(), "{setting:?}");
            }
        }
        let able = abilities(&options);
        // What it says it can do is what a request for it does not refuse.
        let refused = setting(Wish::Source, &options, &request, 200.0).is_err();
        prop_assert_eq!(able.sources.contains(&source), !refused, "{:?}", able);
    }
}
