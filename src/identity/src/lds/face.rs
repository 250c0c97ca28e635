//! DG2: finds the encoded picture of the face inside its frames (ICAO 9303-10, 4.7.2, around a
//! record of ISO/IEC 19794-5). The picture is not decoded here.

use crate::{
    chip::{Portrait, PortraitFormat},
    tlv,
};

const RECORD_HEAD: usize = 14;
const FACE_HEAD: usize = 20;
const FEATURE_POINT: usize = 8;
const IMAGE_HEAD: usize = 12;

const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];
const JPEG_2000: &[&[u8]] = &[&[0, 0, 0, 0x0C, b'j', b'P', b' ', b' '], &[0xFF, 0x4F, 0xFF, 0x51]];

/// The first face of DG2.
#[must_use]
pub fn face(dg2: &[u8]) -> Option<Portrait> {
    let templates = tlv::descend(dg2, &[0x75, 0x7F61])?;
    let template = tlv::find(templates, 0x7F60)?;
    let record = tlv::find(template, 0x5F2E).or_else(|| tlv::find(template, 0x7F2E))?;
    let picture = picture(record).filter(|bytes| format(bytes).is_some());
    // Some issuers miscount their frames: then the picture is where its mark is.
    let picture = picture.or_else(|| {
        (0..record.len()).filter_map(|at| record.get(at..)).find(|rest| format(rest).is_some())
    })?;
    Some(Portrait { format: format(picture)?, bytes: picture.to_vec() })
}

fn picture(record: &[u8]) -> Option<&[u8]> {
    record.strip_prefix(b"FAC\0")?;
    let face = record.get(RECORD_HEAD..)?;
    let length = usize::try_from(u32::from_be_bytes(*face.first_chunk()?)).ok()?;
    let points = usize::from(u16::from_be_bytes(face.get(4..6)?.try_into().ok()?));
    face.get(FACE_HEAD + points * FEATURE_POINT + IMAGE_HEAD..length)
}

fn format(bytes: &[u8]) -> Option<PortraitFormat> {
    if bytes.starts_with(JPEG) {
        Some(PortraitFormat::Jpeg)
    } else {
        let is_2000 = JPEG_2000.iter().any(|mark| bytes.starts_with(mark));
        is_2000.then_some(PortraitFormat::Jpeg2000)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn group(record: &[u8]) -> Vec<u8> {
        let template = tlv::write(0x7F60, &tlv::write(0x5F2E, record));
        let count = tlv::write(0x02, &[1]);
        tlv::write(0x75, &tlv::write(0x7F61, &[&**count, &**template].concat())).to_vec()
    }

    fn record(points: u8, picture: &[u8]) -> Vec<u8> {
        let features = usize::from(points) * FEATURE_POINT;
        let length = u32::try_from(FACE_HEAD + features + IMAGE_HEAD + picture.len()).unwrap();
        let mut record = b"FAC\x00010\x00".to_vec();
        record.extend((length + 14).to_be_bytes());
        record.extend([0, 1]);
        record.extend(length.to_be_bytes());
        record.extend([0, points]);
        record.resize(record.len() + 14 + features + IMAGE_HEAD, 0);
        record.extend(picture);
        record
    }

    #[test]
    fn the_picture_is_found_behind_its_feature_points() {
        let jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];
        let jp2 = [0, 0, 0, 0x0C, b'j', b'P', b' ', b' ', 9];
        for (points, picture, format) in
            [(0, &jpeg[..], PortraitFormat::Jpeg), (3, &jp2[..], PortraitFormat::Jpeg2000)]
        {
            let found = face(&group(&record(points, picture))).unwrap();
            assert_eq!((found.format, found.bytes.as_slice()), (format, picture));
        }
    }

    #[test]
    fn a_miscounted_frame_does_not_hide_the_picture() {
        let mut wrong = record(0, &[0xFF, 0xD8, 0xFF, 0xE0, 7]);
        wrong[19] = 200;
        assert_eq!(face(&group(&wrong)).unwrap().bytes, [0xFF, 0xD8, 0xFF, 0xE0, 7]);
        assert_eq!(face(&group(b"FAC\0no picture at all")), None);
    }

    proptest! {
        #[test]
        fn any_record_is_borne(record in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = face(&group(&record));
            let _ = face(&group(&[b"FAC\0".as_slice(), &record].concat()));
            let _ = face(&record);
        }
    }
}
