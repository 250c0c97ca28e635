//! The file to be signed: its cross-references, and the objects found through them.

use std::collections::{BTreeMap, BTreeSet};

use super::PadesError;
use super::object::{Dictionary, Object, Parser, Reference};

/// Where the pointer to the newest cross-references may stand, counted from the end.
const TAIL_BYTES: usize = 2048;

/// Most entries that are read over all updates; a scanned dossier has hundreds.
const MAX_ENTRIES: u32 = 1_000_000;

/// Most page tree nodes visited on the way to the first page.
const MAX_NODES: u32 = 1000;

/// Highest object number PDF allows (ISO 32000-1, annex C).
const MAX_NUMBER: u32 = 8_388_607;

/// A file with its cross-references read.
#[derive(Debug)]
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    /// The newest trailer.
    pub(super) trailer: Dictionary,
    /// Where the newest cross-references start.
    pub(super) newest_at: usize,
    /// The first object number not in use.
    pub(super) next_number: u32,
    entries: BTreeMap<u32, Entry>,
}

/// What the newest mention of an object number says.
#[derive(Debug, Clone, Copy)]
enum Entry {
    Free,
    At { offset: usize, generation: u16 },
}

/// One section of cross-references with its trailer.
struct Section {
    entries: Vec<(u32, Entry)>,
    trailer: Dictionary,
}

/// Names the part of the file at fault.
pub(super) fn damaged(at_fault: &'static str) -> PadesError {
    PadesError::Damaged { at_fault }
}

impl<'a> Source<'a> {
    /// Reads all cross-references from the newest to the oldest.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, PadesError> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(damaged("header"));
        }
        let newest_at = newest_section(bytes).ok_or(damaged("startxref"))?;
        let mut budget = MAX_ENTRIES;
        let newest = Section::read(bytes, newest_at, &mut budget)?;

        let mut entries = BTreeMap::new();
        let mut visited = BTreeSet::from([newest_at]);
        let mut previous = newest.trailer.get("Prev").cloned();
        entries.extend(newest.entries);
        while let Some(at) = previous {
            let at = at.as_usize().ok_or(damaged("pointer to older cross-references"))?;
            if !visited.insert(at) {
                return Err(damaged("cross-references in a circle"));
            }
            let section = Section::read(bytes, at, &mut budget)?;
            for (number, entry) in section.entries {
                entries.entry(number).or_insert(entry);
            }
            previous = section.trailer.get("Prev").cloned();
        }

        let above = entries.last_key_value().map_or(0, |(number, _)| number.saturating_add(1));
        let size = newest.trailer.get("Size").and_then(Object::as_usize).ok_or(damaged("size"))?;
        let next_number = u32::try_from(size).map_err(|_| damaged("size"))?.max(above).max(1);
        if next_number > MAX_NUMBER {
            return Err(damaged("size"));
        }
        Ok(Self { bytes, trailer: newest.trailer, newest_at, next_number, entries })
    }

    /// The object behind a reference.
    pub(super) fn load(&self, reference: Reference) -> Result<Object, PadesError> {
        let offset = match self.entries.get(&reference.number) {
            Some(Entry::At { offset, generation }) if *generation == reference.generation => offset,
            Some(Entry::At { .. } | Entry::Free) | None => return Err(damaged("missing object")),
        };
        let read = || {
            let mut parser = Parser::at(self.bytes, *offset)?;
            let number: u32 = parser.digits()?;
            let generation: u16 = parser.digits()?;
            parser.keyword("obj")?;
            let found = Reference { number, generation };
            (found == reference).then(|| parser.object()).flatten()
        };
        read().ok_or(damaged("object"))
    }

    /// The dictionary behind a reference.
    pub(super) fn dictionary(&self, reference: Reference) -> Result<Dictionary, PadesError> {
        self.load(reference)?.into_dictionary().ok_or(damaged("dictionary"))
    }

    /// The object itself, or what it refers to.
    pub(super) fn resolve(&self, object: &Object) -> Result<Object, PadesError> {
        if let Object::Reference(reference) = object {
            return self.load(*reference);
        }
        Ok(object.clone())
    }

    /// The catalog's number.
    pub(super) fn root(&self) -> Result<Reference, PadesError> {
        match self.trailer.get("Root") {
            Some(Object::Reference(root)) => Ok(*root),
            _ => Err(damaged("root")),
        }
    }

    /// The first page in reading order.
    pub(super) fn first_page(
        &self,
        catalog: &Dictionary,
    ) -> Result<(Reference, Dictionary), PadesError> {
        let mut waiting = vec![catalog.get("Pages").cloned().ok_or(damaged("page tree"))?];
        let mut nodes_left = MAX_NODES;
        while let Some(node) = waiting.pop() {
            nodes_left = nodes_left.checked_sub(1).ok_or(damaged("page tree"))?;
            let Object::Reference(reference) = node else {
                return Err(damaged("page tree"));
            };
            let node = self.dictionary(reference)?;
            match node.get("Kids").map(|kids| self.resolve(kids)).transpose()? {
                Some(Object::Array(kids)) => waiting.extend(kids.into_iter().rev()),
                Some(_) => return Err(damaged("page tree")),
                None => return Ok((reference, node)),
            }
        }
        Err(damaged("page tree without a page"))
    }
}

/// The number behind the last `startxref`.
fn newest_section(bytes: &[u8]) -> Option<usize> {
    const WORD: &[u8] = b"startxref";
    let tail = bytes.get(bytes.len().saturating_sub(TAIL_BYTES)..)?;
    let at = tail.windows(WORD.len()).rposition(|window| window == WORD)?;
    Parser::at(tail, at.checked_add(WORD.len())?)?.digits()
}

impl Section {
    fn read(bytes: &[u8], at: usize, budget: &mut u32) -> Result<Self, PadesError> {
        let mut parser = Parser::at(bytes, at).ok_or(damaged("startxref"))?;
        if parser.keyword("xref").is_none() {
            // A stream in this place is an object: "12 0 obj".
            let stream = parser.digits::<u32>().is_some();
            return Err(if stream { PadesError::Compressed } else { damaged("cross-references") });
        }
        let entries = entries(&mut parser, budget).ok_or(damaged("cross-references"))?;
        let Some(Object::Dictionary(trailer)) = parser.object() else {
            return Err(damaged("trailer"));
        };
        if trailer.get("Encrypt").is_some() {
            return Err(PadesError::Encrypted);
        }
        if trailer.get("XRefStm").is_some() {
            return Err(PadesError::Compressed);
        }
        Ok(Self { entries, trailer })
    }
}

/// All entries up to and with the word `trailer`.
fn entries(parser: &mut Parser<'_>, budget: &mut u32) -> Option<Vec<(u32, Entry)>> {
    let mut entries = Vec::new();
    while parser.keyword("trailer").is_none() {
        let (first, count): (u32, u32) = (parser.digits()?, parser.digits()?);
        for number in first..first.checked_add(count)? {
            *budget = budget.checked_sub(1)?;
            let (offset, generation) = (parser.digits()?, parser.digits()?);
            let entry = match parser.keyword("n") {
                Some(()) => Entry::At { offset, generation },
                None => parser.keyword("f").map(|()| Entry::Free)?,
            };
            entries.push((number, entry));
        }
    }
    Some(entries)
}
