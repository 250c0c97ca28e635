//! Asking at the terminal without showing what is typed.

use std::io::{self, BufRead as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, isatty, tcgetattr, tcsetattr};

/// Asks for one line; at a terminal it is not shown.
pub(crate) fn ask_secret(question: &str) -> io::Result<String> {
    let stdin = io::stdin();
    let mut line = String::new();
    if !isatty(&stdin) {
        stdin.lock().read_line(&mut line)?;
        return Ok(line.trim_end().to_owned());
    }
    write!(io::stderr(), "{question}")?;
    let before = tcgetattr(&stdin)?;
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Flush, &hidden)?;
    let read = stdin.lock().read_line(&mut line);
    tcsetattr(&stdin, OptionalActions::Now, &before)?;
    writeln!(io::stderr())?;
    read?;
    Ok(line.trim_end().to_owned())
}
