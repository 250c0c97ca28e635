//! A printer and code readers in one process, each behind its worker, as a kiosk holds them: what
//! they answer while somebody pulls their plugs and puts them back. `scripts/rig` does that.
//!
//! `plugs PRINTER_PORT CODE_PORT…` takes an order a line: `printer status`, `printer print`, or
//! `code N` for a code of the Nth reader, counted from 0. Each is answered by a line.

use std::{
    env,
    error::Error,
    io::{self, BufRead as _, Write as _},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use hardware_api::{Block, CodeReader as _, DeviceError, PaperSlip, Printer as _, Sight, TextSize};
use serde::Serialize;
use settings::{CodePort, PaperSetting, Printer, PrinterPort};
use worker::{Class, CodeProxy, Launch, PrinterProxy, program_beside};

const ANSWER: Duration = Duration::from_secs(5);
const PRINT: Duration = Duration::from_secs(30);
const CODE: Duration = Duration::from_secs(60);
/// How long one look lasts.
const LOOK: Duration = Duration::from_millis(250);

fn main() -> Result<(), Box<dyn Error>> {
    let mut ports = env::args().skip(1);
    let port: PrinterPort = ports.next().ok_or("usage: plugs PRINTER_PORT CODE_PORT…")?.parse()?;
    let program = program_beside(&env::current_exe()?)?;
    let model = "epson-tm-t20".to_owned();
    let set = Printer { port, model, paper: PaperSetting::Mm80 };
    let mut printer = PrinterProxy::start(launch(&program, Class::Printer, &set)?)?;
    let mut readers = vec![];
    for port in ports {
        let port: CodePort = port.parse()?;
        readers.push(CodeProxy::start(launch(&program, Class::Code, &port)?)?);
    }
    for order in io::stdin().lock().lines() {
        let answer = match order?.split_once(' ').unwrap_or_default() {
            ("printer", "status") => format!("{:?}", printer.status(ANSWER)),
            ("printer", "print") => format!("{:?}", printer.print(&slip(), PRINT)),
            ("code", number) => {
                let reader = readers.get_mut(number.parse::<usize>()?).ok_or("no such reader")?;
                format!("{:?}", code(reader))
            }
            _ => "no such order".to_owned(),
        };
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

fn launch(
    program: &Path,
    class: Class,
    settings: &impl Serialize,
) -> Result<Launch, Box<dyn Error>> {
    Ok(Launch::new(program, class, class.name(), settings, Arc::new(|_| {}))?)
}

fn code(reader: &mut CodeProxy) -> Result<String, DeviceError> {
    let end = Instant::now() + CODE;
    while Instant::now() < end {
        if let Some(Sight::Code(code)) = reader.next(LOOK)? {
            return Ok(String::from_utf8_lossy(&code.bytes).into_owned());
        }
    }
    Ok(String::new())
}

/// Long enough to be pulled in its middle.
fn slip() -> PaperSlip {
    let line = |n| Block::Left(TextSize::Normal, format!("Dòng {n}: Đặng Thị Ngọc Ánh"));
    let mut blocks: Vec<_> = (1..=12).map(line).collect();
    blocks.push(Block::Qr("motcua plugs".to_owned()));
    PaperSlip { blocks }
}
