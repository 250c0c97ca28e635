//! What holds for every command: help, settings, pipes, terminals.

use std::process::Command;

use crate::stage::{Bench, succeed};

/// All commands that need settings, and for which devices.
const COMMANDS: [(&str, &str); 11] = [
    ("printer status", "printer"),
    ("printer test", "printer"),
    ("scanner status", "scanner"),
    ("scanner test", "scanner"),
    ("code status", "code reader"),
    ("code test --seconds 1", "code reader"),
    ("card status", "card reader"),
    ("card test --can 000001", "card reader"),
    ("token list", "module of signing tokens"),
    ("token status", "module of signing tokens"),
    ("token test", "module of signing tokens"),
];

#[test]
fn what_the_settings_do_not_name_is_said() {
    let bench = Bench::new("");
    for (command, device) in COMMANDS {
        let words = format!("the settings name no {device}");
        let said = bench.run(command).failed(3, &words, "SET-002");
        assert_eq!(said.out, "", "{command}");
        let said = bench.run(&format!("--json {command}")).ended(3);
        assert!(said.err.starts_with("{\"error\":\"the settings name no "), "{said:?}");
        assert_eq!((said.err.lines().count(), said.out.as_str()), (1, ""));
    }
}

#[test]
fn settings_that_cannot_be_used_are_named_in_one_sentence() {
    for (settings, words) in [
        ("[printer]\nprot = \"none\"\n", "unknown field `prot`"),
        ("[printer]\nport = \"usb\"\n", "\"usb\" is not of the form usb:VENDOR:PRODUCT"),
        ("[printer\n", "line 5"),
        ("[scanner]\ndpi = \"many\"\n", "dpi"),
    ] {
        let bench = Bench::new(settings);
        let said = bench.run("printer status").failed(3, words, "SET-001");
        assert!(said.err.contains("kiosk.toml: "), "{}", said.err);
        assert_eq!(said.err.lines().count(), 2, "{}", said.err);
    }
    let bench = Bench::new("");
    std::fs::remove_file(bench.path("kiosk.toml")).unwrap();
    let nowhere = bench.run("doctor");
    let said = nowhere.failed(3, "could not use the settings in ", "SET-001");
    assert!(said.err.contains("No such file"), "{}", said.err);
}

#[test]
fn settings_of_one_device_do_not_stop_another() {
    let bench = Bench::new(
        "[printer]\nport = \"tcp:127.0.0.1:1\"\nmodel = \"no-such\"\n\
         [codes]\nreaders = [\"image:picture.png\"]\n\
         [token]\nmodules = [\"/nowhere.so\"]\nroots = [\"/nowhere.pem\"]\n",
    );
    bench.run("printer status").failed(3, "printer.model: ", "WRK-003");
    bench.run("token status").failed(3, "could not read /nowhere.pem", "SET-001");
    bench.run("card list");
    bench.run("scanner status").failed(3, "the settings name no scanner", "SET-002");
}

#[test]
fn every_command_has_its_help_and_tells_its_statuses() {
    let bench = Bench::new("");
    let classes = ["", "doctor", "printer", "scanner", "code", "card", "token", "completion"];
    let verbs = COMMANDS.map(|(command, _)| command.split(" -").next().unwrap());
    for command in classes.into_iter().chain(verbs).chain(["code read", "printer list"]) {
        let said = bench.run(&format!("{command} --help")).ended(0).says("Usage: kioskctl");
        assert!(said.out.contains("--json"), "{command}: {}", said.out);
        let is_class = classes[2..].contains(&command);
        assert_eq!(said.out.contains("Exit status:"), !is_class, "{command}");
        let narrow = bench.in_terminal(50, &format!("{command} --help")).ended(0);
        let widest = narrow.out.lines().map(|line| line.trim_end().chars().count()).max();
        // The statuses are a table, and what has no space in it cannot be broken.
        assert!(widest <= Some(80), "{command}: {}", narrow.out);
        let described = narrow.out.lines().take_while(|line| !line.contains("Usage:"));
        assert!(described.into_iter().all(|line| line.trim_end().len() <= 50), "{}", narrow.out);
    }
    bench.run("printer shout").ended(2);
    bench.run("code test --seconds 0").ended(2);
    bench.run("code read").ended(2);
    bench.run("").ended(2);
}

#[test]
fn completions_are_scripts_that_shells_understand() {
    let bench = Bench::new("");
    for (shell, words) in [
        ("bash", "complete -F _kioskctl"),
        ("zsh", "#compdef kioskctl"),
        ("fish", "complete -c kioskctl"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        bench.run(&format!("completion {shell}")).ended(0).says(words);
    }
    let completed = bench.script(
        "source <($KIOSKCTL completion bash); COMP_WORDS=(kioskctl printer st); COMP_CWORD=2; \
         _kioskctl kioskctl st printer; printf '%s\\n' \"${COMPREPLY[@]}\"",
    );
    assert_eq!(completed.ended(0).out, "status\n");
    bench.run("completion cmd").ended(2);
}

/// Whoever reads may go away, as `head` does: that is no failure to speak of.
#[test]
fn output_that_nobody_reads_ends_the_command_quietly() {
    let bench = Bench::new("");
    for command in ["completion zsh", "doctor", "code read --batch list", "--help"] {
        std::fs::write(bench.path("list"), "a.png\n".repeat(20_000)).unwrap();
        let script = format!("$KIOSKCTL {command} | true; echo ${{PIPESTATUS[0]}}");
        let said = bench.script(&script).ended(0);
        assert_eq!(said.err, "", "{command}");
        assert!(["141\n", "0\n"].contains(&&*said.out), "{command}: {}", said.out);
    }
    let full = bench.script("$KIOSKCTL completion zsh >/dev/full").ended(1);
    assert!(full.err.starts_with("kioskctl: could not write the answer: "), "{full:?}");
}

#[test]
fn a_worker_that_is_not_installed_is_said() {
    let bench = Bench::new("[printer]\nport = \"tcp:127.0.0.1:1\"\n");
    let alone = bench.path("kioskctl");
    std::fs::copy(env!("CARGO_BIN_EXE_kioskctl"), &alone).unwrap();
    let mut command = Command::new(&alone);
    let output = command.arg("--config").arg(bench.path("kiosk.toml")).args(["printer", "status"]);
    let output = output.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(said.contains("device-worker is neither in") && said.contains("[SET-003]"), "{said}");
}

#[test]
fn lists_need_no_settings_and_say_when_there_is_nothing() {
    let bench = Bench::new("[broken");
    // No device of this machine may be in the way.
    let empty = "unshare --map-root-user --mount sh -c 'mount -t tmpfs none /sys && \
                 mount -t tmpfs none /run && mount --bind /run /dev/input 2>/dev/null; exec ";
    for (list, words, status) in [
        ("printer list", "there is no printer on USB", 0),
        ("code list", "", 0),
        ("card list", "could not ask the PC/SC service for readers", 1),
    ] {
        let said = bench.script(&format!("{empty}'\"$KIOSKCTL {list}\"\\''"));
        let _ = said;
        let said = bench.script(&format!("{empty}$KIOSKCTL {list}'")).ended(status);
        assert!(said.err.contains(words), "{list}: {said:?}");
        let said = bench.script(&format!("{empty}$KIOSKCTL --json {list}'")).ended(status);
        assert_eq!(said.out, "", "{list}");
    }
    let sane = bench.path("sane");
    std::fs::create_dir(&sane).unwrap();
    std::fs::write(sane.join("dll.conf"), "").unwrap();
    let said = Bench::new("").with("SANE_CONFIG_DIR", sane).run("scanner list").ended(0);
    assert!(said.err.contains("SANE finds no scanner"), "{said:?}");
    assert!(succeed(Command::new(env!("CARGO_BIN_EXE_kioskctl")).arg("--version")).contains("0.1"));
}
