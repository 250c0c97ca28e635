//! Asking at the terminal without showing what is typed.

use std::io::{self, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, isatty, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Longer than any PIN or access number.
const LONGEST: usize = 128;
/// What keys send: Ctrl-C, Ctrl-D, both kinds of backspace, Ctrl-U.
const INTERRUPT: u8 = 0x03;
const END: u8 = 0x04;
const RUB_OUT: [u8; 2] = [0x08, 0x7F];
const BEGIN_ANEW: u8 = 0x15;

/// Asks for one line; at a terminal it is not shown. From a pipe the first line is taken.
/// `Ok(None)` when nothing was given.
pub(crate) fn ask_secret(question: &str) -> Result<Option<Zeroizing<String>>, Failure> {
    let stdin = io::stdin();
    let hidden = isatty(&stdin).then(|| Hidden::begin(question)).transpose();
    let hidden = hidden.map_err(Failure::Terminal)?;
    let line = read_line(&mut stdin.lock());
    drop(hidden);
    let line = line?;
    let text =
        str::from_utf8(&line).map_err(|_| Failure::Terminal(io::ErrorKind::InvalidData.into()))?;
    let text = text.trim_end_matches('\r');
    Ok((!text.is_empty()).then(|| Zeroizing::new(text.to_owned())))
}

/// The terminal while it shows nothing. Keys come one by one and Ctrl-C is one of them, so that
/// no way out leaves a terminal behind that shows nothing.
struct Hidden(Termios);

impl Hidden {
    fn begin(question: &str) -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        // What was typed before the question is no answer to it.
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden)?;
        let begun = Self(before);
        write!(io::stderr(), "{question}")?;
        Ok(begun)
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _terminal_gone = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
        let _nobody_reads = writeln!(io::stderr());
    }
}

fn read_line(input: &mut dyn io::Read) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // Never grows, and is filled byte by byte, so that no copy of a PIN is left behind.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut next = Zeroizing::new([END]);
    loop {
        match input.read_exact(&mut *next) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            read => read.map_err(Failure::Terminal)?,
        }
        let [byte] = *next;
        match byte {
            b'\n' | END => break,
            INTERRUPT => return Err(Failure::Interrupted),
            BEGIN_ANEW => line.clear(),
            byte if RUB_OUT.contains(&byte) => drop(line.pop()),
            byte if line.len() < LONGEST => line.push(byte),
            _ => return Err(Failure::Terminal(io::ErrorKind::InvalidData.into())),
        }
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_is_typed() {
        let line = |typed: &[u8]| read_line(&mut &*typed).map(|line| line.to_vec());
        for (typed, expected) in [
            (b"1234\n5678\n".as_slice(), b"1234".as_slice()),
            (b"12\x7F3\x084\n", b"14"),
            (b"99\x1556\n", b"56"),
            (b"12\x04", b"12"),
            (b"12", b"12"),
            (b"", b""),
        ] {
            assert_eq!(line(typed).unwrap(), expected, "{typed:?}");
        }
        assert!(matches!(line(b"12\x03"), Err(Failure::Interrupted)));
        assert!(line(&[b'1'; LONGEST + 1]).is_err());
    }
}
