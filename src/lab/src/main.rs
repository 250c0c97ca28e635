//! The lab program: a window with the whole hall behind it, a scripted visit, or figures.

use std::{
    error::Error,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use app::{Event, Kiosk, Pace};
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
use lab::{CardSetup, Hall, HallSetup, Ports, Size, TokenSetup};
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
        /// Port of the center; the province and the bench panel take the next two.
        #[arg(long, default_value_t = 8081)]
        port: u16,
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
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut text = format!("lab: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                text.push_str(&format!(": {error}"));
                cause = error.source();
            }
            let _closed = writeln!(io::stderr(), "{text}");
            ExitCode::FAILURE
        }
    }
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

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
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
        Command::Run { form, full_screen, port } => {
            let ports = Ports { center: port, province: port + 1, panel: port + 2 };
            window(&Hall::open(HallSetup { ports, ..setup })?, form, full_screen)
        }
        Command::Visit { form, pictures } => {
            let left = lab::play_visit(setup, form.size(), &pictures)?;
            writeln!(out, "the visit's pictures, papers and documents are in {}", left.display())?;
            Ok(())
        }
        Command::Bench { rounds } => {
            for figure in lab::bench(&Hall::open(setup)?, rounds)? {
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

/// Opens the window; Ctrl-C, or closing the program, ends everything.
fn window(hall: &Hall, form: Form, full_screen: bool) -> Result<(), Box<dyn Error>> {
    let at = hall.addresses;
    let mut out = io::stdout();
    writeln!(
        out,
        "console      http://{}/console   (quay1 … quay3, password motcua-lab)",
        at.center
    )?;
    writeln!(out, "board        http://{}/board", at.center)?;
    writeln!(out, "province     http://{}/          (canbo, password motcua-lab)", at.province)?;
    writeln!(out, "bench panel  http://{}/", at.panel)?;
    let (inbox, events) = app::inbox();
    let touches = inbox.clone();
    let options = UiOptions { full_screen, mouse_pan: true };
    let ui = Ui::with_options(options, move |touch| touches.offer(Event::Touch(touch)))?;
    let size = form.size();
    ui.window().set_size(slint::PhysicalSize::new(size.width, size.height));
    let kiosk = Kiosk::start(hall.kiosk_parts()?, &inbox)?;
    ui.show(kiosk.screen());
    let remote = ui.remote();
    let quit = ui.remote();
    hall.runtime().spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            quit.quit();
        }
    });
    let machine =
        std::thread::spawn(move || kiosk.run(&events, |screen| remote.show(screen.clone())));
    let ended = ui.run();
    let _already_ended = inbox.deliver(Event::Stop);
    let _panicked = machine.join();
    Ok(ended?)
}
