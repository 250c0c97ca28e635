//! An sRGB colour profile (ICC.1:2001-04, version 2.4 format), built from the published numbers.
//!
//! Written here instead of shipping a file, so that no foreign licence or copyright string comes
//! along: the primaries are those of IEC 61966-2-1 adapted to D50 with the Bradford transform, and
//! the curve is that standard's, tabulated.

#![expect(
    clippy::as_conversions,
    reason = "lengths are a few thousand bytes, samples rounded values from 0 to 65535"
)]

/// White point D50 and the adapted primaries as s15Fixed16 numbers: 0.9642, 1, 0.8249 and so on.
const WHITE: [u32; 3] = [0x0000_F6D6, 0x0001_0000, 0x0000_D32D];
const RED: [u32; 3] = [0x0000_6FA2, 0x0000_38F5, 0x0000_0390];
const GREEN: [u32; 3] = [0x0000_6299, 0x0000_B785, 0x0000_18DA];
const BLUE: [u32; 3] = [0x0000_24A0, 0x0000_0F84, 0x0000_B6CF];

/// Enough samples that linear interpolation between them stays below one 8-bit step.
const CURVE_SAMPLES: u16 = 1024;

const NAME: &[u8] = b"sRGB IEC61966-2.1";
const COPYRIGHT: &[u8] = b"No copyright, use freely";

const HEADER_BYTES: usize = 128;
const TAG_ENTRY_BYTES: usize = 12;

/// The whole profile.
pub(super) fn srgb() -> Vec<u8> {
    let curve = curve();
    let blocks: [(&[&[u8; 4]], Vec<u8>); 7] = [
        (&[b"desc"], description()),
        (&[b"cprt"], [b"text\0\0\0\0", COPYRIGHT, b"\0"].concat()),
        (&[b"wtpt"], xyz(WHITE)),
        (&[b"rXYZ"], xyz(RED)),
        (&[b"gXYZ"], xyz(GREEN)),
        (&[b"bXYZ"], xyz(BLUE)),
        (&[b"rTRC", b"gTRC", b"bTRC"], curve),
    ];
    let tag_count: usize = blocks.iter().map(|(names, _)| names.len()).sum();

    let mut table = (tag_count as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let data_start = HEADER_BYTES + table.len() + tag_count * TAG_ENTRY_BYTES;
    for (names, mut block) in blocks {
        for name in names {
            table.extend_from_slice(*name);
            table.extend(((data_start + data.len()) as u32).to_be_bytes());
            table.extend((block.len() as u32).to_be_bytes());
        }
        // Tags start on multiples of four.
        block.resize(block.len().next_multiple_of(4), 0);
        data.append(&mut block);
    }
    [header((data_start + data.len()) as u32), table, data].concat()
}

/// A version 2.4 display profile for RGB, connecting through XYZ.
fn header(size: u32) -> Vec<u8> {
    let mut header = size.to_be_bytes().to_vec();
    header.extend(b"\0\0\0\0\x02\x40\0\0mntrRGB XYZ ");
    // A fixed date, so that the profile is the same in every file: 2026-01-01.
    header.extend([2026u16, 1, 1, 0, 0, 0].iter().flat_map(|part| part.to_be_bytes()));
    header.extend(b"acsp");
    // Platform, flags, device and its attributes, perceptual intent: none or 0.
    header.resize(68, 0);
    header.extend(WHITE.iter().flat_map(|part| part.to_be_bytes()));
    header.resize(HEADER_BYTES, 0);
    header
}

/// textDescriptionType: the ASCII name; Unicode and script-code names are empty.
fn description() -> Vec<u8> {
    let length = NAME.len() as u32 + 1;
    let mut block = [b"desc\0\0\0\0", &length.to_be_bytes()[..], NAME, b"\0"].concat();
    // Unicode language (4) and count (4), script code (2), count (1), script-code text (67).
    block.resize(block.len() + 4 + 4 + 2 + 1 + 67, 0);
    block
}

/// XYZType.
fn xyz(value: [u32; 3]) -> Vec<u8> {
    let mut block = b"XYZ \0\0\0\0".to_vec();
    block.extend(value.iter().flat_map(|part| part.to_be_bytes()));
    block
}

/// curveType: light for each signal value.
fn curve() -> Vec<u8> {
    let mut block = b"curv\0\0\0\0".to_vec();
    block.extend(u32::from(CURVE_SAMPLES).to_be_bytes());
    for step in 0..CURVE_SAMPLES {
        let signal = f64::from(step) / f64::from(CURVE_SAMPLES - 1);
        let light = (linear(signal) * f64::from(u16::MAX)).round() as u16;
        block.extend(light.to_be_bytes());
    }
    block
}

/// The transfer function of IEC 61966-2-1, both ways between 0 and 1.
fn linear(signal: f64) -> f64 {
    if signal <= 0.040_45 { signal / 12.92 } else { ((signal + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primaries_add_up_to_white() {
        for axis in 0..3 {
            let sum = RED[axis] + GREEN[axis] + BLUE[axis];
            assert!(sum.abs_diff(WHITE[axis]) <= 16, "axis {axis}: {sum:#x}");
        }
    }

    #[test]
    fn the_curve_runs_from_black_to_white_and_is_srgb_in_between() {
        assert_eq!(linear(0.0), 0.0);
        assert!((linear(1.0) - 1.0).abs() < 1e-12);
        // Middle grey, the value every table of sRGB has.
        assert!((linear(0.5) - 0.214_041).abs() < 1e-6);
    }

    #[test]
    fn the_profile_tells_its_own_length() {
        let profile = srgb();
        assert_eq!(profile[..4], (profile.len() as u32).to_be_bytes());
        assert!(profile.len().is_multiple_of(4));
    }
}
