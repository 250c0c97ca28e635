//! The reader of symbols against two strangers: what the `qrcode` crate writes, and what the
//! `rqrr` crate reads.

use proptest::prelude::*;
use qrcode::{EcLevel, QrCode, Version};

use super::*;

/// The modules of a symbol as a perfect camera sees them.
fn modules(code: &QrCode) -> Modules {
    let dark = code.to_colors().iter().map(|color| color.select(1.0, -1.0)).collect();
    Modules { size: code.width(), dark }
}

fn read_modules(modules: &Modules) -> Option<Vec<u8>> {
    read(modules, &Layout::new(modules.size)?)
}

fn rqrr_reads(modules: &Modules) -> Option<Vec<u8>> {
    let grid = rqrr::SimpleGrid::from_func(modules.size, |x, y| modules.get(x, y) > 0.0);
    let mut bytes = Vec::new();
    rqrr::Grid::new(grid).decode_to(&mut bytes).ok().map(|_| bytes)
}

/// A place in the symbol that holds data, for each of its modules in turn.
fn data_places(size: usize) -> Vec<usize> {
    let layout = Layout::new(size).unwrap();
    layout.path.iter().map(|(x, y)| y * size + x).collect()
}

#[test]
fn every_version_and_level_is_read_as_another_reader_reads_it() {
    for version in 1..=40 {
        for level in [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H] {
            let payload = format!("{version} Đỗ Thị Hà").into_bytes();
            let payload = payload.get(..payload.len().min(7)).unwrap();
            let code = QrCode::with_version(payload, Version::Normal(version), level).unwrap();
            let modules = modules(&code);
            assert_eq!(read_modules(&modules).as_deref(), Some(payload), "{version} {level:?}");
            assert_eq!(rqrr_reads(&modules).as_deref(), Some(payload), "{version} {level:?}");
        }
    }
}

#[test]
fn full_symbols_are_read_to_their_last_byte() {
    // Capacities in bytes at level L (ISO/IEC 18004, table 7).
    for (version, capacity) in [(1, 17_u8), (2, 32), (5, 106), (9, 230)] {
        let payload: Vec<u8> = (0..capacity).map(|byte| byte.wrapping_mul(37)).collect();
        let code = QrCode::with_version(&payload, Version::Normal(version), EcLevel::L).unwrap();
        assert_eq!(read_modules(&modules(&code)), Some(payload), "version {version}");
    }
}

#[test]
fn all_kinds_of_segments_come_back_as_bytes() {
    let kanji = [0x93, 0x5f, 0xe4, 0xaa];
    let cases: [&[u8]; 6] = [
        b"0123456789012345",
        b"00",
        b"AC-42 $%*+./:",
        b"012345678901234567890ABCDEFGHIJKLmnopqr",
        "Nguyễn Thị Bưởi".as_bytes(),
        &kanji,
    ];
    for payload in cases {
        for version in [9, 10, 27] {
            let code = QrCode::with_version(payload, Version::Normal(version), EcLevel::M).unwrap();
            assert_eq!(read_modules(&modules(&code)).as_deref(), Some(payload), "{payload:?}");
        }
    }
}

#[test]
fn a_declared_character_set_does_not_change_the_bytes() {
    let mut bits = qrcode::bits::Bits::new(Version::Normal(3));
    bits.push_eci_designator(26).unwrap();
    bits.push_byte_data("Lý Mỹ".as_bytes()).unwrap();
    bits.push_terminator(EcLevel::M).unwrap();
    let code = QrCode::with_bits(bits, EcLevel::M).unwrap();
    assert_eq!(read_modules(&modules(&code)).as_deref(), Some("Lý Mỹ".as_bytes()));
}

#[test]
fn a_mirrored_symbol_is_read_too() {
    let code = QrCode::new("079185000002||Trần Thị Bình|03071985").unwrap();
    let mirrored = modules(&code).mirrored();
    assert_eq!(read_modules(&mirrored).unwrap(), "079185000002||Trần Thị Bình|03071985".as_bytes());
}

#[test]
fn hidden_modules_cost_half_of_wrong_ones() {
    let payload = "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Hà Nội|20052021";
    let code = QrCode::with_version(payload, Version::Normal(5), EcLevel::L).unwrap();
    // One block with 26 check codewords: 13 errors or, with a margin of three, 22 erasures.
    let places = data_places(37);
    let spoil = |count: usize, change: fn(f32) -> f32| {
        let mut modules = modules(&code);
        for place in places.chunks(8).step_by(3).take(count).flatten() {
            modules.dark[*place] = change(modules.dark[*place]);
        }
        modules
    };
    let wrong = |dark: f32| -dark;
    let hidden = |dark: f32| dark * -0.01;
    let cases = [
        (13, spoil(13, wrong), true),
        (14, spoil(14, wrong), false),
        (22, spoil(22, hidden), true),
        (26, spoil(26, hidden), false),
    ];
    for (count, spoilt, is_read) in cases {
        let bytes = read_modules(&spoilt);
        assert_eq!(bytes.is_some(), is_read, "{count} codewords");
        assert!(bytes.is_none_or(|bytes| bytes == payload.as_bytes()));
        if count > 13 {
            assert_eq!(rqrr_reads(&spoilt), None, "beyond what errors alone allow");
        }
    }
}

#[test]
fn a_few_random_checks_are_not_believed() {
    // Version 1 at level L has seven check codewords. Three errors would be within reach, but a
    // random symbol is that near to some codeword once in 1.6 million times.
    let payload = [7; 17];
    let code = QrCode::with_version(payload, Version::Normal(1), EcLevel::L).unwrap();
    for (errors, is_read) in [(0, true), (1, true), (2, false), (3, false)] {
        let mut modules = modules(&code);
        for place in data_places(21).chunks(8).take(errors).flatten() {
            modules.dark[*place] *= -1.0;
        }
        assert_eq!(read_modules(&modules), is_read.then(|| payload.to_vec()), "{errors} errors");
    }
}

#[test]
fn there_is_no_symbol_of_another_size() {
    for size in [0, 1, 17, 20, 22, 23, 24, 178, 181] {
        assert!(Layout::new(size).is_none(), "{size}");
    }
}

/// Modules from a seed: any value, often near zero.
fn random_modules(size: usize, seed: u64) -> Modules {
    let mut state = seed | 1;
    let dark = (0..size * size).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        f32::from(i16::try_from(state >> 48 & 0x7fff).unwrap() - 0x4000) / 16384.0
    });
    Modules { size, dark: dark.collect() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_modules_are_never_read(version in 1_usize..12, seed in any::<u64>()) {
        prop_assert_eq!(read_modules(&random_modules(17 + 4 * version, seed)), None);
    }

    #[test]
    fn true_patterns_with_random_data_are_never_read(seed in any::<u64>(), hidden in 0.0_f32..1.0) {
        let code = QrCode::with_version(b"x", Version::Normal(3), EcLevel::L).unwrap();
        let mut modules = modules(&code);
        let random = random_modules(modules.size, seed);
        for place in data_places(modules.size) {
            modules.dark[place] = random.dark[place] * hidden;
        }
        prop_assert_eq!(read_modules(&modules), None);
    }

    #[test]
    fn spoilt_modules_give_the_payload_or_nothing(
        version in 2_i16..9,
        seed in any::<u64>(),
        share in 0.0_f32..0.3,
    ) {
        let payload = b"VE|A042|Quay 3|08:15";
        let code = QrCode::with_version(payload, Version::Normal(version), EcLevel::M).unwrap();
        let mut modules = modules(&code);
        let random = random_modules(modules.size, seed);
        for (dark, random) in modules.dark.iter_mut().zip(random.dark) {
            if random.abs() < share {
                *dark = random;
            }
        }
        let read = read_modules(&modules);
        prop_assert!(read.as_deref().is_none_or(|bytes| bytes == payload), "{:?}", read);
    }
}
