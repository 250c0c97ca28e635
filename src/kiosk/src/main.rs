//! The kiosk: settings, drivers, loop, screen.

use std::{
    error::Error,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use app::{Event, Kiosk, Pace};
use clap::{CommandFactory as _, Parser, Subcommand};
use ui::{Ui, UiOptions};

/// Self-service kiosk of a one-stop public administration center.
#[derive(Parser)]
#[command(name = "kiosk", version)]
struct Arguments {
    /// The machine's settings; what it does not set is built in.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Read the settings and say whether they can be used.
    CheckConfig,
    /// Show every setting with the layer that set it.
    ExplainConfig,
    /// Print a completion script for a shell.
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

fn main() -> ExitCode {
    die_whole();
    let arguments = Arguments::parse();
    let done = match arguments.command {
        None => run(arguments.config.as_ref()),
        Some(Command::CheckConfig) => check(arguments.config.as_ref()),
        Some(Command::ExplainConfig) => explain(arguments.config.as_ref()),
        Some(Command::Completion { shell }) => {
            clap_complete::generate(shell, &mut Arguments::command(), "kiosk", &mut io::stdout());
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(error.as_ref()),
    }
}

/// A mistake of ours in any thread ends the process, which its supervisor starts anew: a screen
/// without its loop would stand there for ever.
#[expect(clippy::exit, reason = "it is main's, and returning from a broken thread is not possible")]
fn die_whole() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |mistake| {
        tell(mistake);
        // Not an abort: a core dump would hold what the citizen entered.
        std::process::exit(101);
    }));
}

/// Says what failed and why, once, and exits with failure.
fn report(error: &dyn Error) -> ExitCode {
    let mut text = format!("kiosk: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    let _closed = writeln!(io::stderr(), "{text}");
    ExitCode::FAILURE
}

fn run(config: Option<&PathBuf>) -> Result<(), Box<dyn Error>> {
    let settings = kiosk::read_settings(config)?;
    kiosk::start_log(&settings);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (inbox, events) = app::inbox();
    let worker = kiosk::worker_program()?;
    let parts = kiosk::parts(
        &settings,
        &worker,
        Pace::default(),
        kiosk::os_clock(),
        runtime.handle().clone(),
    )?;
    let options = UiOptions {
        full_screen: settings.screen.full_screen,
        mouse_pan: settings.screen.mouse_pan,
    };
    let touches = inbox.clone();
    let ui = Ui::with_options(options, move |touch| touches.offer(Event::Touch(touch)))?;
    let quit = ui.remote();
    let center = settings.center.embedded.as_deref();
    let center = center.map(|file| kiosk::start_center(file, &runtime, move || quit.quit()));
    let center = center.transpose()?;
    let machine = Kiosk::start(parts, &inbox)?;
    // The first frame needs no answer from anybody.
    ui.show(machine.screen());
    let remote = ui.remote();
    let machine = std::thread::Builder::new()
        .name("kiosk".to_owned())
        .spawn(move || machine.run(&events, |screen| remote.show(screen.clone())))?;
    let ended = ui.run();
    let _already_ended = inbox.deliver(Event::Stop);
    let _panicked = machine.join();
    if let Some(center) = center {
        center.stop(&runtime)?;
    }
    Ok(ended?)
}

fn check(config: Option<&PathBuf>) -> Result<(), Box<dyn Error>> {
    let settings = kiosk::read_settings(config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let worker = kiosk::worker_program()?;
    for unconfined in kiosk::check_workers(&settings, &worker)? {
        writeln!(io::stdout(), "note: {unconfined}")?;
    }
    kiosk::parts(&settings, &worker, Pace::default(), kiosk::os_clock(), runtime.handle().clone())?;
    writeln!(io::stdout(), "the settings can be used")?;
    Ok(())
}

fn explain(config: Option<&PathBuf>) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    for setting in settings::explain(&kiosk::read_layers(config)?)? {
        writeln!(out, "{} = {}  # {}", setting.key, setting.value, setting.layer)?;
    }
    // What is set is shown all the same: it is looked at to find what is wrong.
    kiosk::read_settings(config)?;
    Ok(())
}
