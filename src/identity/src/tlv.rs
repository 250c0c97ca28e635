//! BER-TLV, as chips write commands, answers and files.

use zeroize::Zeroizing;

/// One data object, borrowed from what it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag as a number, `0x7F49` for two bytes.
    pub tag: u32,
    /// The value.
    pub value: &'a [u8],
    /// Tag, length and value as they stood there.
    pub whole: &'a [u8],
}

/// The head of a data object, of which the value need not be there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The tag.
    pub tag: u32,
    /// How many bytes tag and length take.
    pub octets: usize,
    /// How many bytes the value takes.
    pub length: usize,
}

/// Reads the head of an object. None where it is cut short, has a tag of more than three bytes,
/// or a length of more than four: chips have no such objects.
#[must_use]
pub fn head(bytes: &[u8]) -> Option<Head> {
    let (tag, tag_octets) = tag(bytes)?;
    let rest = bytes.get(tag_octets..)?;
    let (&first, rest) = rest.split_first()?;
    if first < 0x80 {
        return Some(Head { tag, octets: tag_octets + 1, length: usize::from(first) });
    }
    let count = usize::from(first & 0x7F);
    if !(1..=4).contains(&count) {
        return None;
    }
    let length = rest.get(..count)?.iter().fold(0_usize, |all, byte| all << 8 | usize::from(*byte));
    Some(Head { tag, octets: tag_octets + 1 + count, length })
}

/// Reads one object from the front; gives it and what follows.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<(Tlv<'_>, &[u8])> {
    let Head { tag, octets, length } = head(bytes)?;
    let whole = octets.checked_add(length)?;
    let (whole, rest) = bytes.split_at_checked(whole)?;
    Some((Tlv { tag, value: whole.get(octets..)?, whole }, rest))
}

/// The objects of a string one after another, up to the first that is broken. Zero bytes between
/// objects are filler.
pub fn objects(bytes: &[u8]) -> impl Iterator<Item = Tlv<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        while let Some((0, after)) = rest.split_first() {
            rest = after;
        }
        let (object, after) = read(rest)?;
        rest = after;
        Some(object)
    })
}

/// The value of the first object with that tag.
#[must_use]
pub fn find(bytes: &[u8], tag: u32) -> Option<&[u8]> {
    objects(bytes).find(|object| object.tag == tag).map(|object| object.value)
}

/// The value at the end of a path of tags, each inside the one before.
#[must_use]
pub fn descend<'a>(bytes: &'a [u8], path: &[u32]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |inside, tag| find(inside, *tag))
}

/// Writes one object.
#[must_use]
pub fn write(tag: u32, value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut object = Zeroizing::new(Vec::with_capacity(value.len() + 8));
    object.extend(significant(&tag.to_be_bytes()));
    if let Ok(short @ 0..0x80) = u8::try_from(value.len()) {
        object.push(short);
    } else {
        let length = value.len().to_be_bytes();
        let octets = significant(&length);
        object.push(0x80 | u8::try_from(octets.len()).unwrap_or(8));
        object.extend(octets);
    }
    object.extend_from_slice(value);
    object
}

/// Without leading zero bytes, but never empty.
fn significant(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len().saturating_sub(1));
    bytes.get(first..).unwrap_or_default()
}

fn tag(bytes: &[u8]) -> Option<(u32, usize)> {
    let (&first, rest) = bytes.split_first()?;
    let mut tag = u32::from(first);
    if first & 0x1F != 0x1F {
        return Some((tag, 1));
    }
    for (at, byte) in rest.iter().take(2).enumerate() {
        tag = tag << 8 | u32::from(*byte);
        if byte & 0x80 == 0 {
            return Some((tag, at + 2));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn objects_are_read_with_short_and_long_heads() {
        let long = [&[0x7F, 0x61, 0x81, 0x80][..], &[7; 0x80]].concat();
        let cases: [(&[u8], u32, usize); 4] = [
            (&[0x61, 0x00], 0x61, 0),
            (&[0x5F, 0x1F, 0x02, 1, 2], 0x5F1F, 2),
            (&[0x75, 0x82, 0x00, 0x01, 9], 0x75, 1),
            (&long, 0x7F61, 0x80),
        ];
        for (bytes, tag, length) in cases {
            let (object, rest) = read(bytes).unwrap();
            assert_eq!((object.tag, object.value.len(), rest.len()), (tag, length, 0));
            assert_eq!(object.whole, bytes);
        }
    }

    #[test]
    fn what_is_cut_short_or_absurd_is_no_object() {
        let cases: [&[u8]; 8] = [
            &[],
            &[0x61],
            &[0x61, 0x02, 1],
            &[0x7F],
            &[0x7F, 0x80, 0x80, 0x80, 0],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x85, 0, 0, 0, 0, 0],
            &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        ];
        for bytes in cases {
            assert_eq!(read(bytes), None, "{bytes:02X?}");
        }
    }

    #[test]
    fn filler_between_objects_is_skipped() {
        let tags: Vec<u32> = objects(&[0, 0x02, 1, 5, 0, 0, 0x04, 0]).map(|tlv| tlv.tag).collect();
        assert_eq!(tags, [0x02, 0x04]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(tag in prop::sample::select(vec![0x30_u32, 0x5F1F, 0x7F49]),
                                   value in prop::collection::vec(any::<u8>(), 0..70_000)) {
            let bytes = write(tag, &value);
            let (object, rest) = read(&bytes).unwrap();
            prop_assert_eq!((object.tag, object.value, rest.len()), (tag, value.as_slice(), 0));
        }

        #[test]
        fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let read: usize = objects(&bytes).map(|object| object.whole.len()).sum();
            prop_assert!(read <= bytes.len());
            let _ = descend(&bytes, &[0x61, 0x5F1F]);
        }
    }
}
