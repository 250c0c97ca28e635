//! The `center` program by hand: what an operator types.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/center.example.toml");

fn center(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_center"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that needs no input may be gone before it is written.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn help_version_and_completion_are_there() {
    for (arguments, expected) in [
        (vec!["--help"], "hash-password"),
        (vec!["--version"], "center 0."),
        (vec!["completion", "bash"], "complete -F _center"),
        (vec!["completion", "zsh"], "#compdef center"),
    ] {
        let output = center(&arguments, "");
        assert!(output.status.success(), "{arguments:?}");
        assert!(out(&output).contains(expected), "{arguments:?}");
    }
}

#[test]
fn the_example_configuration_checks_out_and_a_wrong_one_says_why() {
    let output = center(&["check-config", "--config", EXAMPLE], "");
    assert!(output.status.success(), "{}", err(&output));
    assert!(out(&output).contains("5 fields, 3 counters"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("center.toml");
    let text =
        std::fs::read_to_string(EXAMPLE).unwrap().replace("letter = \"B\"", "letter = \"A\"");
    std::fs::write(&file, text).unwrap();
    let output = center(&["check-config", "--config", file.to_str().unwrap()], "");
    assert!(!output.status.success());
    assert!(
        err(&output).contains("field chung-thuc: another field has the same"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_password_becomes_a_salted_hash_and_short_ones_are_refused() {
    use argon2::{Argon2, PasswordHash, PasswordVerifier as _};
    let hashes = [0, 1].map(|_| out(&center(&["hash-password"], "mật khẩu dài\n")));
    assert_ne!(hashes[0], hashes[1], "salted");
    let hash = PasswordHash::new(hashes[0].trim()).unwrap();
    Argon2::default().verify_password("mật khẩu dài".as_bytes(), &hash).unwrap();
    for short in ["", "bảy chữ", "1234567\n"] {
        let output = center(&["hash-password"], short);
        assert!(!output.status.success() && output.stdout.is_empty(), "{short}");
    }
}
