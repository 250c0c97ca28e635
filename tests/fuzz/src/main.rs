//! The program that libFuzzer drives: `MOTCUA_FUZZ_TARGET` names the parser. `scripts/fuzz` builds
//! it with coverage. Built otherwise it looks after the corpus: `fuzz list`,
//! `fuzz unpack TARGET FOLDER`, `fuzz pack TARGET FOLDER`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    use std::sync::LazyLock;

    static TARGET: LazyLock<&fuzz::Target> = LazyLock::new(|| {
        let name = std::env::var("MOTCUA_FUZZ_TARGET").unwrap_or_default();
        fuzz::by_name(&name).unwrap_or(&fuzz::TARGETS[0])
    });
    (TARGET.feed)(bytes);
});

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    use std::{
        io::{Error, Write as _},
        path::Path,
    };

    use fuzz::corpus;

    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let target = |name: &str| {
        fuzz::by_name(name).ok_or_else(|| Error::other(format!("there is no target {name}")))
    };
    match words.as_slice() {
        ["list"] => {
            let mut out = std::io::stdout().lock();
            fuzz::TARGETS.iter().try_for_each(|target| writeln!(out, "{}", target.name))
        }
        ["unpack", name, folder] => corpus::unpack(target(name)?, Path::new(folder)),
        ["pack", name, folder] => corpus::pack(target(name)?, Path::new(folder)),
        _ => Err(Error::other("usage: fuzz list | unpack TARGET FOLDER | pack TARGET FOLDER")),
    }
}
