//! The incremental update (ISO 32000-1, 7.5.6) that holds a signature.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::Timestamp;

use super::PadesError;
use super::object::{Dictionary, Object, Reference};
use super::source::{Source, damaged};
use crate::pdf::VIETNAM;

/// Room for `[0 … … …]` with three numbers of ten digits, as many as cross-references can hold.
const RANGE_WIDTH: usize = 36;

/// Longest file whose offsets fit.
const MAX_BYTES: usize = 9_999_999_999;

/// The updated file with a gap for the signature.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) bytes: Vec<u8>,
    /// The hexadecimal string with its `<` and `>`, all zeros: the only part not signed.
    gap: Range<usize>,
}

impl Draft {
    /// What stands before and behind the gap.
    pub(super) fn signed_parts(&self) -> Option<(&[u8], &[u8])> {
        Some((self.bytes.get(..self.gap.start)?, self.bytes.get(self.gap.end..)?))
    }

    /// Writes the CMS structure into the gap; `None` when it does not fit.
    pub(super) fn fill(mut self, cms: &[u8]) -> Option<Vec<u8>> {
        let digits = self.gap.start.checked_add(1)?..self.gap.end.checked_sub(1)?;
        let room = self.bytes.get_mut(digits)?.get_mut(..cms.len().checked_mul(2)?)?;
        for (pair, byte) in room.chunks_exact_mut(2).zip(cms) {
            pair.copy_from_slice(format!("{byte:02x}").as_bytes());
        }
        Some(self.bytes)
    }
}

/// Appends an invisible signature field on the first page, with room for `cms_bytes`.
pub(super) fn append_signature(
    pdf: &[u8],
    cms_bytes: usize,
    time: Timestamp,
) -> Result<Draft, PadesError> {
    let mut update = Update::of(Source::read(pdf)?);
    let root = update.source.root()?;
    update.refuse_if_locked(root)?;
    let (page, _) = update.source.first_page(&update.dictionary(root)?)?;

    let form = update.form(root)?;
    let field = update.new_number();
    update.list(form, "Fields", field)?;
    update.set(form, "SigFlags", Object::integer(3))?;
    update.list(page, "Annots", field)?;
    update.write(pdf, &Widget { field, page }, cms_bytes, time)
}

/// The signature field, which is its own annotation.
struct Widget {
    field: Reference,
    page: Reference,
}

/// Changed objects over those of the file.
struct Update<'a> {
    source: Source<'a>,
    changed: BTreeMap<u32, (u16, Object)>,
    next_number: u32,
}

impl<'a> Update<'a> {
    fn of(source: Source<'a>) -> Self {
        let next_number = source.next_number;
        Self { source, changed: BTreeMap::new(), next_number }
    }

    fn new_number(&mut self) -> Reference {
        let number = self.next_number;
        self.next_number = number.saturating_add(1);
        Reference { number, generation: 0 }
    }

    fn dictionary(&self, at: Reference) -> Result<Dictionary, PadesError> {
        self.load(at)?.into_dictionary().ok_or(damaged("dictionary"))
    }

    fn load(&self, at: Reference) -> Result<Object, PadesError> {
        match self.changed.get(&at.number) {
            Some((_, object)) => Ok(object.clone()),
            None => self.source.load(at),
        }
    }

    fn put(&mut self, at: Reference, object: Object) {
        self.changed.insert(at.number, (at.generation, object));
    }

    fn set(&mut self, at: Reference, key: &str, value: Object) -> Result<(), PadesError> {
        let mut dictionary = self.dictionary(at)?;
        dictionary.set(key, value);
        self.put(at, Object::Dictionary(dictionary));
        Ok(())
    }

    /// Appends `item` to the array under `key`, wherever that array stands.
    fn list(&mut self, at: Reference, key: &str, item: Reference) -> Result<(), PadesError> {
        let item = Object::Reference(item);
        let dictionary = self.dictionary(at)?;
        match dictionary.get(key) {
            Some(Object::Reference(elsewhere)) => {
                let Object::Array(mut items) = self.load(*elsewhere)? else {
                    return Err(damaged("array"));
                };
                items.push(item);
                self.put(*elsewhere, Object::Array(items));
                Ok(())
            }
            Some(Object::Array(items)) => {
                let mut items = items.clone();
                items.push(item);
                self.set(at, key, Object::Array(items))
            }
            Some(_) => Err(damaged("array")),
            None => self.set(at, key, Object::Array(vec![item])),
        }
    }

    /// A certifying signature lists itself under `Perms`. Which changes it allows is not looked
    /// at: to ask for the uncertified file is safer than to break somebody's certification.
    fn refuse_if_locked(&self, root: Reference) -> Result<(), PadesError> {
        let catalog = self.dictionary(root)?;
        match catalog.get("Perms").map(|perms| self.source.resolve(perms)).transpose()? {
            None => Ok(()),
            Some(Object::Dictionary(perms)) if perms.get("DocMDP").is_none() => Ok(()),
            Some(_) => Err(PadesError::Locked),
        }
    }

    /// The form as an object of its own, so that a later signature leaves the catalog alone.
    fn form(&mut self, root: Reference) -> Result<Reference, PadesError> {
        let form = match self.dictionary(root)?.get("AcroForm") {
            Some(Object::Reference(form)) => return Ok(*form),
            Some(Object::Dictionary(form)) => form.clone(),
            Some(_) => return Err(damaged("form")),
            None => Dictionary::default(),
        };
        let number = self.new_number();
        self.put(number, Object::Dictionary(form));
        self.set(root, "AcroForm", Object::Reference(number))?;
        Ok(number)
    }

    fn write(
        mut self,
        pdf: &[u8],
        widget: &Widget,
        cms_bytes: usize,
        time: Timestamp,
    ) -> Result<Draft, PadesError> {
        let (appearance, signature) = (self.new_number(), self.new_number());
        let mut out = Objects::behind(pdf, cms_bytes);
        for (number, (generation, object)) in &self.changed {
            out.begin(Reference { number: *number, generation: *generation });
            object.write(&mut out.bytes);
            out.end();
        }
        out.text(widget.field, &widget.dictionary(appearance, signature));
        // Readers of PDF/A-1 want an appearance even where nothing is to be seen.
        out.text(
            appearance,
            "<</Type/XObject/Subtype/Form/BBox[0 0 0 0]/Resources<<>>/Length 0>>\n\
             stream\n\nendstream",
        );

        out.begin(signature);
        let date = VIETNAM.to_datetime(time).strftime("D:%Y%m%d%H%M%S+07'00'");
        out.bytes.extend(
            format!(
                "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
                 /M({date})/ByteRange "
            )
            .bytes(),
        );
        self.finish(out, cms_bytes).ok_or(damaged("length"))
    }

    /// Writes byte range, gap and cross-references; the gap's place follows from fixed widths.
    fn finish(self, out: Objects, cms_bytes: usize) -> Option<Draft> {
        const CONTENTS: &str = "/Contents ";
        let Objects { mut bytes, offsets } = out;
        let start = bytes.len().checked_add(RANGE_WIDTH)?.checked_add(CONTENTS.len())?;
        let end = start.checked_add(cms_bytes.checked_mul(2)?)?.checked_add(2)?;

        let mut tail = b">>\nendobj\n".to_vec();
        let references_at = end.checked_add(tail.len())?;
        write_references(&offsets, &mut tail);
        self.trailer().write(&mut tail);
        tail.extend(format!("\nstartxref\n{references_at}\n%%EOF\n").bytes());
        if end.checked_add(tail.len())? > MAX_BYTES {
            return None;
        }

        let range = format!("[0 {start} {end} {}]", tail.len());
        bytes.extend(format!("{range:<RANGE_WIDTH$}{CONTENTS}<").bytes());
        bytes.resize(end.checked_sub(1)?, b'0');
        bytes.push(b'>');
        bytes.append(&mut tail);
        Some(Draft { bytes, gap: start..end })
    }

    fn trailer(&self) -> Object {
        let mut trailer = Dictionary::default();
        trailer.set("Size", Object::Plain(self.next_number.to_string().into_bytes()));
        trailer.set("Prev", Object::integer(self.source.newest_at));
        for key in ["Root", "Info", "ID"] {
            if let Some(value) = self.source.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        Object::Dictionary(trailer)
    }
}

impl Widget {
    /// Printed, locked (F 132), of no size. The name is unique: no object had this number before.
    fn dictionary(&self, appearance: Reference, signature: Reference) -> String {
        let Reference { number, generation } = self.page;
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(motcua-{})/Rect[0 0 0 0]/F 132\
             /P {number} {generation} R/AP<</N {} 0 R>>/V {} 0 R>>",
            self.field.number, appearance.number, signature.number,
        )
    }
}

/// The growing file, with the places of the objects appended.
struct Objects {
    bytes: Vec<u8>,
    offsets: BTreeMap<u32, (u16, usize)>,
}

impl Objects {
    fn behind(pdf: &[u8], cms_bytes: usize) -> Self {
        const FRAME_BYTES: usize = 4096;
        let more = cms_bytes.saturating_mul(2).saturating_add(FRAME_BYTES);
        let mut bytes = Vec::with_capacity(pdf.len().saturating_add(more));
        bytes.extend(pdf);
        if !pdf.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        Self { bytes, offsets: BTreeMap::new() }
    }

    fn begin(&mut self, Reference { number, generation }: Reference) {
        self.offsets.insert(number, (generation, self.bytes.len()));
        self.bytes.extend(format!("{number} {generation} obj\n").bytes());
    }

    fn end(&mut self) {
        self.bytes.extend(b"\nendobj\n");
    }

    fn text(&mut self, at: Reference, text: &str) {
        self.begin(at);
        self.bytes.extend(text.bytes());
        self.end();
    }
}

/// The section of cross-references with the word `trailer`; runs of numbers share a heading.
fn write_references(offsets: &BTreeMap<u32, (u16, usize)>, out: &mut Vec<u8>) {
    let entries: Vec<(u32, (u16, usize))> = offsets.iter().map(|(n, at)| (*n, *at)).collect();
    out.extend(b"xref\n");
    for run in entries.chunk_by(|(a, _), (b, _)| a.checked_add(1) == Some(*b)) {
        let first = run.first().map_or(0, |(number, _)| *number);
        out.extend(format!("{first} {}\n", run.len()).bytes());
        for (_, (generation, offset)) in run {
            out.extend(format!("{offset:010} {generation:05} n \n").bytes());
        }
    }
    out.extend(b"trailer\n");
}
