//! Words and colours, read from the sources: all translated, all legible.

#[cfg(test)]
mod words {
    use std::{collections::BTreeSet, fs, path::Path};

    fn sources() -> String {
        fn walk(directory: &Path, all: &mut String) {
            let mut entries: Vec<_> =
                fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
            entries.sort();
            for path in entries {
                if path.is_dir() {
                    walk(&path, all);
                } else if path.extension().is_some_and(|extension| extension == "slint") {
                    all.push_str(&fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut all = String::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("slint"), &mut all);
        all
    }

    /// The first string of every `@tr(`.
    fn messages() -> BTreeSet<String> {
        sources()
            .split("@tr(\"")
            .skip(1)
            .map(|rest| rest.split_once('"').unwrap().0.to_owned())
            .collect()
    }

    fn translations() -> Vec<(String, String, bool)> {
        let po = Path::new(env!("CARGO_MANIFEST_DIR")).join("lang/vi/LC_MESSAGES/ui.po");
        let po = fs::read_to_string(po).unwrap();
        let quoted = |line: &str| {
            line.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).unwrap().0.to_owned()
        };
        let entry = |block: &str| {
            let id = block.lines().find(|line| line.starts_with("msgid \""))?;
            let text = block.lines().find(|line| line.starts_with("msgstr"))?;
            Some((quoted(id), quoted(text), block.contains("#, fuzzy")))
        };
        po.split("\n\n").filter_map(entry).filter(|(id, ..)| !id.is_empty()).collect()
    }

    #[test]
    fn every_sentence_has_a_vietnamese_wording_and_no_wording_is_left_over() {
        let translated: BTreeSet<String> = translations()
            .into_iter()
            .filter(|(_, text, fuzzy)| !text.is_empty() && !fuzzy)
            .map(|(id, ..)| id)
            .collect();
        let messages = messages();
        assert!(messages.len() > 200);
        let missing: Vec<_> = messages.difference(&translated).collect();
        let stale: Vec<_> = translated.difference(&messages).collect();
        assert!(missing.is_empty() && stale.is_empty(), "missing {missing:#?} stale {stale:#?}");
    }

    #[test]
    fn vietnamese_is_composed_and_keeps_the_places_for_numbers() {
        for (id, text, _) in translations() {
            assert_eq!(domain::text::nfc(&text), text);
            for place in ["{}", "{0}", "{1}", "{n}"] {
                assert_eq!(id.contains(place), text.contains(place), "{id}");
            }
        }
    }

    fn colour(theme: &str, role: &str) -> [f64; 3] {
        let mark = format!("<color> {role}: #");
        let hex = theme.split_once(&mark).unwrap_or_else(|| panic!("no colour {role}")).1;
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        [channel(0), channel(2), channel(4)]
    }

    /// Contrast as WCAG 2.2 defines it.
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let luminance = |c: [f64; 3]| 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// What a style sheet of the web pages names, and what follows.
    fn sheet(path: &str) -> (Vec<(String, String)>, String) {
        let css = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
        let css = fs::read_to_string(css).unwrap();
        let (names, rest) = css.split_once(":root {").unwrap().1.split_once('}').unwrap();
        let named = |line: &str| {
            let (name, colour) = line.trim().strip_prefix("--")?.split_once(": ")?;
            Some((name.to_owned(), colour.trim_end_matches(';').to_owned()))
        };
        (names.lines().filter_map(named).collect(), rest.to_owned())
    }

    fn is_colour(word: &str) -> bool {
        let hex = |at: &str| {
            let digits = at.chars().take_while(char::is_ascii_hexdigit).count();
            let after = at.chars().nth(digits);
            matches!(digits, 3 | 4 | 6 | 8)
                && !after.is_some_and(|c| c.is_alphanumeric() || c == '-')
        };
        word.contains("rgb(") || word.split('#').skip(1).any(hex)
    }

    #[test]
    fn the_web_pages_wear_the_colours_of_the_kiosk() {
        let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("slint/theme.slint");
        let theme = fs::read_to_string(theme).unwrap();
        for path in ["src/center/assets/center.css", "src/province/assets/officers.css"] {
            let (names, rest) = sheet(path);
            let shared: Vec<_> = names
                .iter()
                .filter_map(|(name, colour)| {
                    let mark = format!("<color> {name}: ");
                    let there = theme.split_once(&mark)?.1.split(';').next()?;
                    Some((name, colour, there))
                })
                .collect();
            assert!(shared.len() > 15, "{path}: {}", shared.len());
            for (name, colour, there) in shared {
                assert_eq!(colour, there, "{path} --{name}");
            }
            for line in rest.lines() {
                assert!(!is_colour(line), "{path} has a colour of its own: {line}");
            }
        }
    }

    #[test]
    fn badges_of_the_officers_are_legible() {
        let (names, _) = sheet("src/province/assets/officers.css");
        let all: String =
            names.iter().map(|(name, colour)| format!("<color> {name}: {colour};\n")).collect();
        for (words, ground) in [
            ("going", "going-soft"),
            ("asked", "asked-soft"),
            ("good", "good-soft"),
            ("fault", "fault-soft"),
            ("on-gold-soft", "gold-soft"),
            ("ink-soft", "paper"),
            ("brand", "brand-soft"),
        ] {
            let ratio = contrast(colour(&all, words), colour(&all, ground));
            assert!(ratio >= 4.5, "{words} on {ground}: {ratio:.2}");
        }
    }

    #[test]
    fn words_stand_out_from_every_ground_they_meet() {
        let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("slint/theme.slint");
        let theme = fs::read_to_string(theme).unwrap();
        let pairs: &[(&str, &[&str])] = &[
            (
                "ink",
                &[
                    "paper",
                    "surface",
                    "sunken",
                    "key",
                    "key-quiet",
                    "pressed",
                    "brand-soft",
                    "good-soft",
                    "gold-soft",
                ],
            ),
            ("ink-soft", &["paper", "surface", "sunken", "pressed"]),
            ("ink", &["motif"]),
            ("ink-soft", &["motif"]),
            ("brand-deep", &["paper", "surface", "sunken", "pressed", "key-quiet"]),
            ("brand", &["surface"]),
            ("on-brand", &["brand", "brand-deep"]),
            ("on-brand-soft", &["brand-deep", "motif-deep"]),
            ("on-good", &["good"]),
            ("good", &["good-soft", "surface"]),
            ("fault", &["fault-soft", "surface", "pressed"]),
            ("on-gold-soft", &["gold-soft"]),
        ];
        let mut weak = Vec::new();
        for (words, grounds) in pairs {
            for ground in *grounds {
                let ratio = contrast(colour(&theme, words), colour(&theme, ground));
                if ratio < 7.0 {
                    weak.push(format!("{words} on {ground}: {ratio:.2}"));
                }
            }
        }
        // Edges of fields and icons.
        for (edge, ground) in
            [("line-strong", "surface"), ("line-strong", "paper"), ("brand", "paper")]
        {
            let ratio = contrast(colour(&theme, edge), colour(&theme, ground));
            if ratio < 3.0 {
                weak.push(format!("{edge} on {ground}: {ratio:.2}"));
            }
        }
        assert!(weak.is_empty(), "{weak:#?}");
    }
}
