//! Breaking text into lines.

use unicode_normalization::UnicodeNormalization;

use super::face::SizedFace;

/// The text as it stands on paper: NFC, so that each toned letter is one glyph, and without
/// control characters; a line break stays.
pub(crate) fn clean(text: &str) -> String {
    text.nfc().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// Breaks at word borders (never at a no-break space); a word wider than the line is broken
/// inside.
pub(crate) fn wrap(text: &str, face: SizedFace<'_>, width: u32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in words(paragraph, face, width) {
            let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
            if face.width(&longer) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = break_word(&word, face, width, &mut lines);
        }
        lines.push(line);
    }
    lines
}

/// The words of a paragraph; a short number stays with the word before it ("Quầy số 5").
fn words(paragraph: &str, face: SizedFace<'_>, width: u32) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in paragraph.split([' ', '\t']).filter(|word| !word.is_empty()) {
        let is_short_number = word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let glued =
            words.last().filter(|_| is_short_number).map(|last| format!("{last}\u{a0}{word}"));
        match (glued.filter(|glued| face.width(glued) <= width), words.last_mut()) {
            (Some(glued), Some(last)) => *last = glued,
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// Breaks into as few lines as [`wrap`] does, but of about the same length: a title does not end
/// in a line of one word.
pub(crate) fn wrap_evenly(text: &str, face: SizedFace<'_>, width: u32) -> Vec<String> {
    let mut best = wrap(text, face, width);
    if best.len() == text.split('\n').count() {
        return best;
    }
    let (mut too_narrow, mut enough) = (0, width);
    while too_narrow + 1 < enough {
        let tried = u32::midpoint(too_narrow, enough);
        let lines = wrap(text, face, tried);
        let fits = lines.iter().all(|line| face.width(line) <= tried);
        if fits && lines.len() == best.len() {
            (best, enough) = (lines, tried);
        } else {
            too_narrow = tried;
        }
    }
    best
}

/// Pushes full lines of a word and returns what is left of it.
fn break_word(word: &str, face: SizedFace<'_>, width: u32, lines: &mut Vec<String>) -> String {
    let mut line = String::new();
    for letter in word.chars() {
        line.push(letter);
        if face.width(&line) > width && line.chars().nth(1).is_some() {
            line.pop();
            lines.push(std::mem::take(&mut line));
            line.push(letter);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::face::{Face, Weight};
    use super::*;

    #[test]
    fn text_breaks_between_words_and_loses_none() {
        let face = Face::open(Weight::Medium);
        let size = face.at(20);
        let text = "Trung tâm Phục vụ hành chính công xã Ngọc Hồi, thành phố Hà Nội";
        let lines = wrap(text, size, 376);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| size.width(line) <= 376));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_inside() {
        let face = Face::open(Weight::Medium);
        let size = face.at(20);
        let word = "000.00.01.H26-251121-0001".repeat(3);
        let lines = wrap(&word, size, 300);
        assert!(lines.iter().all(|line| size.width(line) <= 300));
        assert_eq!(lines.concat(), word);
    }

    #[test]
    fn titles_are_broken_into_lines_of_about_the_same_length() {
        let face = Face::open(Weight::SemiBold);
        let lines = wrap_evenly("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", face.at(28), 556);
        assert_eq!(lines, ["TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG"]);
        let lines = wrap_evenly("Quầy số 5", face.at(28), 150);
        assert_eq!(lines, ["Quầy", "số\u{a0}5"]);
    }

    #[test]
    fn decomposed_letters_are_composed_and_controls_vanish() {
        assert_eq!(clean("A\u{302}\u{301}nh\u{1b}@\n2\t"), "Ấnh@\n2");
    }
}
