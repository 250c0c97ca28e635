//! Blocks from top to bottom.

use hardware_api::{Block, PaperSlip, TextSize};

use super::Paper;
use super::bars::Bars;
use super::bitmap::Bitmap;
use super::face::{Face, SizedFace, Weight};
use super::symbol::Symbol;
use super::text::{clean, wrap, wrap_evenly};

// All in tenths of a millimetre.
const SIDE_MARGIN: u32 = 12;
const RULE_THICKNESS: u32 = 3;
const AROUND_RULE: u32 = 15;
const AROUND_GIANT: u32 = 15;
const PAIR_GAP: u32 = 20;
const PAIR_INDENT: u32 = 40;

/// Draws all blocks onto a strip just long enough.
pub(crate) fn lay_out(slip: &PaperSlip, paper: Paper) -> Bitmap {
    let mut sheet = Sheet {
        paper,
        medium: Face::open(Weight::Medium),
        semibold: Face::open(Weight::SemiBold),
        bitmap: Bitmap::new(paper.dots),
        bottom: 0,
    };
    for block in &slip.blocks {
        sheet.add(block);
    }
    sheet.bitmap
}

#[derive(Clone, Copy)]
enum Align {
    Left(u32),
    Center,
    Right,
}

struct Sheet {
    paper: Paper,
    medium: Face,
    semibold: Face,
    bitmap: Bitmap,
    bottom: u32,
}

impl Sheet {
    fn add(&mut self, block: &Block) {
        match block {
            Block::Center(TextSize::Giant, text) => self.add_giant(text, Align::Center),
            Block::Left(TextSize::Giant, text) => self.add_giant(text, Align::Left(0)),
            Block::Center(size, text) => self.add_text(*size, text, Align::Center),
            Block::Left(size, text) => self.add_text(*size, text, Align::Left(0)),
            Block::Pair(label, value) => self.add_pair(label, value),
            Block::Qr(text) => self.add_code(text),
            Block::Code128(text) => self.add_bars(text),
            Block::Rule => {
                let thickness = self.paper.tenths_mm(RULE_THICKNESS).max(1);
                let (left, width) = (self.margin(), self.width());
                self.feed(self.paper.tenths_mm(AROUND_RULE));
                let top = self.feed(thickness);
                self.bitmap.fill(left, top, width, thickness);
                self.feed(self.paper.tenths_mm(AROUND_RULE));
            }
            Block::Space(millimetres) => {
                self.feed(self.paper.tenths_mm(u32::from(*millimetres) * 10));
            }
        }
    }

    fn add_text(&mut self, size: TextSize, text: &str, align: Align) {
        let indent = if let Align::Left(indent) = align { indent } else { 0 };
        let width = self.width().saturating_sub(indent);
        let lines = match align {
            Align::Center => wrap_evenly(&clean(text), self.face(size), width),
            Align::Left(_) | Align::Right => wrap(&clean(text), self.face(size), width),
        };
        for line in lines {
            let top = self.feed_line(size);
            self.draw(size, &line, align, top);
        }
    }

    /// A queue number: one line, made smaller if it does not fit, with no more paper around it
    /// than it needs.
    fn add_giant(&mut self, text: &str, align: Align) {
        let text = clean(text).replace('\n', " ");
        let mut cap = self.paper.tenths_mm(cap_height(TextSize::Giant));
        while cap > 8 && self.semibold.at(cap).width(&text) > self.width() {
            cap -= 1;
        }
        let (above, below) = self.semibold.at(cap).ink(&text);
        self.feed(self.paper.tenths_mm(AROUND_GIANT));
        let top = self.feed(above + below);
        let face = self.semibold.at(cap);
        let left = self.left_of(face.width(&text), align);
        face.draw(&text, left, top + above, &mut self.bitmap);
        self.feed(self.paper.tenths_mm(AROUND_GIANT));
    }

    fn add_pair(&mut self, label: &str, value: &str) {
        let (label, value) = (clean(label), clean(value));
        let face = self.face(TextSize::Normal);
        let gap = self.paper.tenths_mm(PAIR_GAP);
        let one_line = !label.contains('\n')
            && !value.contains('\n')
            && face.width(&label) + gap + face.width(&value) <= self.width();
        if one_line {
            let top = self.feed_line(TextSize::Normal);
            self.draw(TextSize::Normal, &label, Align::Left(0), top);
            self.draw(TextSize::Normal, &value, Align::Right, top);
        } else {
            let indent = self.paper.tenths_mm(PAIR_INDENT);
            self.add_text(TextSize::Normal, &label, Align::Left(0));
            self.add_text(TextSize::Normal, &value, Align::Left(indent));
        }
    }

    /// A code, or its text where so much does not fit into a code: it can still be typed.
    fn add_code(&mut self, text: &str) {
        let Some(symbol) = Symbol::of(text, self.paper) else {
            return self.add_text(TextSize::Small, text, Align::Left(0));
        };
        let top = self.feed(symbol.dots());
        // At a whole byte, so that squares of dots stay squares when they are sent.
        let left = (self.paper.dots - symbol.dots()) / 16 * 8;
        symbol.draw(left, top, &mut self.bitmap);
    }

    /// A bar code with its text below, or the text alone where the bars do not fit.
    fn add_bars(&mut self, text: &str) {
        if let Some(bars) = Bars::of(text, self.paper) {
            let top = self.feed(bars.height());
            let left = (self.paper.dots - bars.width()) / 2;
            bars.draw(left, top, &mut self.bitmap);
        }
        self.add_text(TextSize::Small, text, Align::Center);
    }

    fn draw(&mut self, size: TextSize, line: &str, align: Align, top: u32) {
        let left = self.left_of(self.face(size).width(line), align);
        let cap = self.paper.tenths_mm(cap_height(size));
        // The face is borrowed apart from the picture it is drawn on.
        let face = match weight(size) {
            Weight::Medium => self.medium.at(cap),
            Weight::SemiBold => self.semibold.at(cap),
        };
        face.draw(line, left, top + face.ascent(), &mut self.bitmap);
    }

    fn left_of(&self, width: u32, align: Align) -> u32 {
        let free = self.width().saturating_sub(width);
        self.margin()
            + match align {
                Align::Left(indent) => indent,
                Align::Center => free / 2,
                Align::Right => free,
            }
    }

    fn face(&self, size: TextSize) -> SizedFace<'_> {
        let face = match weight(size) {
            Weight::Medium => &self.medium,
            Weight::SemiBold => &self.semibold,
        };
        face.at(self.paper.tenths_mm(cap_height(size)))
    }

    fn margin(&self) -> u32 {
        self.paper.tenths_mm(SIDE_MARGIN)
    }

    fn width(&self) -> u32 {
        self.paper.dots.saturating_sub(2 * self.margin())
    }

    /// Makes room for a line of text; returns its top.
    fn feed_line(&mut self, size: TextSize) -> u32 {
        let face = self.face(size);
        self.feed(face.ascent() + face.descent())
    }

    /// Makes room below; returns where it begins.
    fn feed(&mut self, dots: u32) -> u32 {
        let top = self.bottom;
        self.bottom += dots;
        self.bitmap.grow_to(self.bottom);
        top
    }
}

/// Height of capitals in tenths of a millimetre.
fn cap_height(size: TextSize) -> u32 {
    match size {
        TextSize::Small => 20,
        TextSize::Normal => 25,
        TextSize::Large => 35,
        TextSize::Giant => 140,
    }
}

fn weight(size: TextSize) -> Weight {
    match size {
        TextSize::Small | TextSize::Normal => Weight::Medium,
        TextSize::Large | TextSize::Giant => Weight::SemiBold,
    }
}
