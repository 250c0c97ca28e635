//! The lab program: a window with the whole hall behind it, the hall alone, a scripted visit, or
//! figures.

use std::{
    error::Error,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use app::{Event, Kiosk, Pace};
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use lab::{CardSetup, Hall, HallSetup, Ports, ScriptedVisit, Size, Stop, TokenSetup};
use ui::{Ui, UiOptions};

/// Kiosk, center, province and simulated devices on one machine.
#[derive(Parser)]
#[command(name = "lab", version)]
struct Arguments {
    /// Where everything is kept.
    #[arg(long, global = true, value_name = "FOLDER", default_value = "lab-data")]
    data: PathBuf,
    /// The project's configuration folder.
    #[arg(long, global = true, value_name = "FOLDER", default_value = "config")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open the kiosk in a window; console, board and bench panel in a browser.
    Run {
        /// Form of the screen.
        #[arg(long, value_enum, default_value_t = Form::Portrait)]
        form: Form,
        /// Cover the whole screen.
        #[arg(long)]
        full_screen: bool,
        #[command(flatten)]
        at: At,
    },
    /// Open all of it but the window, until Ctrl-C: console, board and bench panel in a browser.
    Serve {
        #[command(flatten)]
        at: At,
    },
    /// Play a visit without a display and leave its pictures, papers and documents.
    Visit {
        /// Form of the screen.
        #[arg(long, value_enum, default_value_t = Form::Portrait)]
        form: Form,
        /// Where to leave them.
        #[arg(long, value_name = "FOLDER", default_value = "lab-data/pictures")]
        pictures: PathBuf,
    },
    /// Measure the whole and print one JSON line per figure.
    Bench {
        /// How often.
        #[arg(long, default_value_t = 15)]
        rounds: usize,
    },
    /// Print a completion script for a shell.
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Args)]
struct At {
    /// Port of the center; the province and the bench panel take the next two. 0 takes free ones.
    #[arg(long, default_value_t = 8081)]
    port: u16,
}

impl From<At> for Ports {
    fn from(At { port }: At) -> Self {
        match port {
            0 => Self::default(),
            center => {
                Self { center, province: center.wrapping_add(1), panel: center.wrapping_add(2) }
            }
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// 1080×1920.
    Portrait,
    /// 1920×1080.
    Landscape,
    /// 1280×800.
    Small,
}

impl Form {
    fn size(self) -> Size {
        match self {
            Self::Portrait => Size::PORTRAIT,
            Self::Landscape => Size::LANDSCAPE,
            Self::Small => Size::SMALL,
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    journal::init(journal::LogFormat::Text, "warn");
    let stop = match Stop::listen() {
        Ok(stop) => stop,
        Err(error) => return complain(&error),
    };
    let ended = run(arguments, &stop);
    match (stop.exit_code(), ended) {
        (Some(code), _) => ExitCode::from(code),
        (None, Ok(())) => ExitCode::SUCCESS,
        (None, Err(error)) => complain(error.as_ref()),
    }
}

fn complain(error: &dyn Error) -> ExitCode {
    let mut text = format!("lab: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    let _closed = writeln!(io::stderr(), "{text}");
    ExitCode::FAILURE
}

/// The reader's service listens where its library is told to look, which cannot be changed once
/// this process runs; without that there is no card reader.
fn card_setup(config: &std::path::Path) -> Option<CardSetup> {
    let socket = std::env::var_os("PCSCLITE_CSOCK_NAME").map(PathBuf::from)?;
    let project = config.join("..");
    Some(CardSetup {
        python: project.join(".venv/bin/python"),
        chip: project.join("tests/rig/id_card.py"),
        options: vec![],
        ecards: vec![config.join("ecards")],
        service: Some(socket.parent()?.to_owned()),
    })
}

fn run(arguments: Arguments, stop: &Stop) -> Result<(), Box<dyn Error>> {
    let setup = HallSetup {
        ports: Ports::default(),
        card: card_setup(&arguments.config),
        config: arguments.config,
        worker: kiosk::worker_program()?,
        token: TokenSetup::software(&arguments.data.join("token")),
        pace: Pace::default(),
        witness: Arc::new(|_| {}),
        data: arguments.data,
    };
    let mut out = io::stdout();
    match arguments.command {
        Command::Run { form, full_screen, at } => {
            let hall = Hall::open(HallSetup { ports: at.into(), ..setup })?;
            writeln!(out, "{}", hall.addresses)?;
            window(&hall, form, full_screen, stop)
        }
        Command::Serve { at } => {
            let hall = Hall::open(HallSetup { ports: at.into(), ..setup })?;
            writeln!(out, "{}", hall.addresses)?;
            serve(&hall, stop)
        }
        Command::Visit { form, pictures } => {
            let visit = ScriptedVisit::open(setup, &pictures)?;
            writeln!(out, "{}", visit.addresses())?;
            visit.play(form.size(), stop)?;
            let left = pictures.display();
            writeln!(out, "the visit's pictures, papers and documents are in {left}")?;
            Ok(())
        }
        Command::Bench { rounds } => {
            for figure in lab::bench(&Hall::open(setup)?, rounds, stop)? {
                writeln!(out, "{}", serde_json::to_string(&figure)?)?;
            }
            Ok(())
        }
        Command::Completion { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "lab", &mut out);
            Ok(())
        }
    }
}

/// Opens the window; a signal, or closing the program, ends everything.
fn window(hall: &Hall, form: Form, full_screen: bool, stop: &Stop) -> Result<(), Box<dyn Error>> {
    let (inbox, events) = app::inbox();
    let touches = inbox.clone();
    let options = UiOptions { full_screen, mouse_pan: true };
    let ui = Ui::with_options(options, move |touch| touches.offer(Event::Touch(touch)))?;
    let size = form.size();
    ui.window().set_size(slint::PhysicalSize::new(size.width, size.height));
    let kiosk = Kiosk::start(hall.kiosk_parts()?, &inbox)?;
    ui.show(kiosk.screen());
    let (remote, quit, asked) = (ui.remote(), ui.remote(), stop.clone().asked());
    hall.runtime().spawn(async move {
        asked.await;
        quit.quit();
    });
    let machine =
        std::thread::spawn(move || kiosk.run(&events, |screen| remote.show(screen.clone())));
    let ended = ui.run();
    let _already_ended = inbox.deliver(Event::Stop);
    let _panicked = machine.join();
    Ok(ended?)
}

/// The same with a kiosk that nobody sees, until a signal comes.
fn serve(hall: &Hall, stop: &Stop) -> Result<(), Box<dyn Error>> {
    let (inbox, events) = app::inbox();
    let kiosk = Kiosk::start(hall.kiosk_parts()?, &inbox)?;
    let machine = std::thread::spawn(move || kiosk.run(&events, |_screen| {}));
    hall.runtime().block_on(stop.clone().asked());
    let _already_ended = inbox.deliver(Event::Stop);
    let _panicked = machine.join();
    Ok(())
}
