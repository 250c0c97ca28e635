//! The typeface on paper, measured and drawn in whole dots.
#![expect(clippy::as_conversions, reason = "outline coordinates are rounded to dots here only")]
#![expect(clippy::cast_possible_truncation, reason = "coordinates are far below 2^31")]

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

use super::bitmap::Bitmap;
use super::kerning::Kerning;

const MEDIUM: &[u8] = include_bytes!("../../../../ui/fonts/BeVietnamPro-Medium.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../../../ui/fonts/BeVietnamPro-SemiBold.ttf");

/// Letters that reach highest and lowest: line heights are made for them.
const TALLEST: &str = "ẲẨẪẴỔỖỂỄ";
const DEEPEST: &str = "ỰẬỴgyjQ,";

/// Weights used on paper. Regular breaks into holes at one bit per dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Running text.
    Medium,
    /// Emphasis.
    SemiBold,
}

/// A weight of the typeface.
pub(crate) struct Face {
    font: FontRef<'static>,
    kerning: Kerning<'static>,
}

impl Face {
    /// Opens a weight.
    #[expect(clippy::expect_used, reason = "compiled in and opened by a test of this file")]
    pub(crate) fn open(weight: Weight) -> Self {
        let bytes = match weight {
            Weight::Medium => MEDIUM,
            Weight::SemiBold => SEMIBOLD,
        };
        let font = FontRef::try_from_slice(bytes).expect("the typeface is part of the program");
        let face = ttf_parser::Face::parse(bytes, 0).expect("the typeface is part of the program");
        Self { font, kerning: Kerning::of(&face) }
    }

    /// The face at a size, given as height of capitals in dots.
    pub(crate) fn at(&self, cap_dots: u32) -> SizedFace<'_> {
        let cap = self.highest("H").max(1.0);
        let scale = PxScale::from(cap_dots as f32 * self.font.height_unscaled() / cap);
        SizedFace { face: self, scale }
    }

    /// The highest point of these letters above the base line, in font units. (The library's
    /// boxes have their least `y` at the top, as dots have.)
    fn highest(&self, letters: &str) -> f32 {
        let outlines = letters.chars().filter_map(|c| self.font.outline(self.font.glyph_id(c)));
        outlines.map(|outline| outline.bounds.min.y).fold(0.0, f32::max)
    }

    /// The lowest point of these letters below the base line, in font units.
    fn lowest(&self, letters: &str) -> f32 {
        let outlines = letters.chars().filter_map(|c| self.font.outline(self.font.glyph_id(c)));
        outlines.map(|outline| -outline.bounds.max.y).fold(0.0, f32::max)
    }

    #[cfg(test)]
    pub(crate) fn has(&self, letter: char) -> bool {
        self.font.glyph_id(letter) != GlyphId(0)
    }
}

/// A face at a size.
#[derive(Clone, Copy)]
pub(crate) struct SizedFace<'a> {
    face: &'a Face,
    scale: PxScale,
}

impl SizedFace<'_> {
    /// Dots above the base line that any Vietnamese line needs.
    pub(crate) fn ascent(self) -> u32 {
        self.dots(self.face.highest(TALLEST))
    }

    /// Dots below the base line that any Vietnamese line needs.
    pub(crate) fn descent(self) -> u32 {
        self.dots(self.face.lowest(DEEPEST))
    }

    /// Dots above and below the base line that just this text needs.
    pub(crate) fn ink(self, text: &str) -> (u32, u32) {
        (self.dots(self.face.highest(text)), self.dots(self.face.lowest(text)))
    }

    /// Dots across that a text needs.
    pub(crate) fn width(self, text: &str) -> u32 {
        self.pens(text).1.ceil().max(0.0) as u32
    }

    /// Draws a text with its left edge at `x` and its base line above row `y`.
    pub(crate) fn draw(self, text: &str, x: u32, y: u32, onto: &mut Bitmap) {
        for (id, pen) in self.pens(text).0 {
            // Whole dots: the same letter always comes out the same.
            let at = point(x as f32 + pen.round(), y as f32);
            let glyph = id.with_scale_and_position(self.scale, at);
            let Some(outline) = self.face.font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, coverage| {
                let (left, top) = (corner.x + dx as f32, corner.y + dy as f32);
                if coverage >= 0.5 && left >= 0.0 && top >= 0.0 {
                    onto.blacken(left as u32, top as u32);
                }
            });
        }
    }

    /// Glyphs with their pen positions, and where the pen ends.
    fn pens(self, text: &str) -> (Vec<(GlyphId, f32)>, f32) {
        let font = self.face.font.as_scaled(self.scale);
        let unit = font.h_scale_factor();
        let mut pen = 0.0;
        let mut glyphs: Vec<(GlyphId, f32)> = Vec::new();
        for letter in text.chars() {
            let id = self.face.font.glyph_id(letter);
            if let Some((before, _)) = glyphs.last() {
                pen += f32::from(self.face.kerning.between(before.0, id.0)) * unit;
            }
            glyphs.push((id, pen));
            pen += font.h_advance(id);
        }
        (glyphs, pen)
    }

    fn dots(self, font_units: f32) -> u32 {
        let unit = self.face.font.as_scaled(self.scale).v_scale_factor();
        (font_units * unit).ceil().max(0.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The letters of Vietnamese that carry a tone or another mark, small and capital.
    pub(crate) fn toned_letters() -> Vec<char> {
        const SMALL: &str = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ";
        SMALL.chars().flat_map(|c| std::iter::once(c).chain(c.to_uppercase())).collect()
    }

    #[test]
    fn all_134_toned_letters_are_in_both_weights_and_inside_the_line() {
        let letters = toned_letters();
        assert_eq!(letters.len(), 134);
        for weight in [Weight::Medium, Weight::SemiBold] {
            let face = Face::open(weight);
            let size = face.at(20);
            for letter in &letters {
                let (above, below) = size.ink(&letter.to_string());
                assert!(face.has(*letter) && above > 0, "{letter}");
                assert!(above <= size.ascent() && below <= size.descent(), "{letter}");
            }
        }
    }

    #[test]
    fn no_two_toned_letters_look_the_same_in_the_smallest_print() {
        let face = Face::open(Weight::Medium);
        let mut seen = std::collections::HashMap::new();
        for letter in toned_letters() {
            let mut bitmap = Bitmap::new(64);
            bitmap.grow_to(64);
            face.at(16).draw(&letter.to_string(), 8, 40, &mut bitmap);
            let twin = seen.insert(bitmap.bits().to_vec(), letter);
            assert_eq!(twin, None, "{letter} looks like {twin:?}");
        }
    }

    #[test]
    fn capitals_have_the_height_asked_for_and_pairs_are_kerned() {
        let face = Face::open(Weight::SemiBold);
        assert_eq!(face.at(112).ink("H").0, 112);
        let size = face.at(112);
        assert!(size.width("AV") < size.width("A") + size.width("V"));
        assert!(size.width("Tô") < size.width("T") + size.width("ô"));
    }
}
