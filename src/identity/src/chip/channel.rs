//! The way to the chip: commands out, answers back, protected once the chip is open. Counts the
//! round trips and asks before each whether to go on.

use zeroize::Zeroizing;

use super::{
    ApduLink, ChipError, Continue, Progress, Step,
    apdu::{Command, Form, Response, status},
    messaging::Messaging,
};

/// The longest answer that short lengths allow, status word included.
pub(super) const SHORT_RESPONSE: usize = 258;
/// Answers in pieces (T=0) have an end.
const MOST_PIECES: usize = 300;

/// A chip behind a link.
pub(super) struct Channel<'a> {
    link: &'a mut dyn ApduLink,
    progress: &'a mut dyn FnMut(Progress) -> Continue,
    percent: u8,
    messaging: Option<Messaging>,
    /// Round trips so far.
    pub round_trips: u32,
    /// Whether chip and reader take extended lengths.
    pub form: Form,
}

impl<'a> Channel<'a> {
    pub fn new(
        link: &'a mut dyn ApduLink,
        progress: &'a mut dyn FnMut(Progress) -> Continue,
    ) -> Self {
        let form = if link.max_response() > SHORT_RESPONSE { Form::Extended } else { Form::Short };
        Self { link, progress, percent: 0, messaging: None, round_trips: 0, form }
    }

    /// From here on commands are protected with these keys.
    pub fn protect(&mut self, messaging: Messaging) {
        self.messaging = Some(messaging);
    }

    /// From here on commands go as they are.
    pub fn unprotect(&mut self) {
        self.messaging = None;
    }

    /// Whether commands are protected.
    pub fn is_protected(&self) -> bool {
        self.messaging.is_some()
    }

    /// How far reading has come, as the next command will say.
    pub fn reached(&mut self, percent: u8) {
        self.percent = self.percent.max(percent.min(100));
    }

    /// How many bytes of data one answer can bring.
    pub fn room(&self) -> usize {
        let response = match self.form {
            Form::Short => SHORT_RESPONSE,
            Form::Extended => self.link.max_response().clamp(SHORT_RESPONSE, 65_538),
        };
        match &self.messaging {
            Some(messaging) => messaging.room(response),
            None => response - 2,
        }
    }

    /// Sends a command as it is or protected. A protected command that is answered by a bare
    /// status word ends the session: [`Channel::is_protected`] is false then.
    pub fn send(&mut self, step: Step, command: &Command) -> Result<Response, ChipError> {
        let Some(messaging) = &mut self.messaging else {
            return self.exchange(step, &command.bytes(command.form()));
        };
        let sealed = messaging.seal(command).map_err(|_| ChipError::Malformed { step })?;
        let answer = self.exchange(step, &sealed)?;
        if answer.data.is_empty() {
            self.messaging = None;
            // A chip that says yes without proof is none that this session was agreed with.
            return if answer.status == status::OK {
                Err(ChipError::Altered { step })
            } else {
                Ok(answer)
            };
        }
        let Some(messaging) = &mut self.messaging else {
            return Err(ChipError::Altered { step });
        };
        let opened = messaging.open(&answer);
        if opened.is_err() {
            self.messaging = None;
        }
        opened.map_err(|_| ChipError::Altered { step })
    }

    /// One command and its whole answer. Cards on contacts (T=0) hand out answers in pieces and
    /// want to be asked for exactly as many bytes as there are.
    fn exchange(&mut self, step: Step, command: &[u8]) -> Result<Response, ChipError> {
        let mut answer = self.round_trip(step, command)?;
        let is_short = command.get(4) != Some(&0) || command.len() == 5;
        if let ([0x6C, exact], true) = (answer.status.to_be_bytes(), is_short) {
            let mut again = Zeroizing::new(command.to_vec());
            if let Some(last) = again.last_mut() {
                *last = exact;
            }
            answer = self.round_trip(step, &again)?;
        }
        let class = command.first().copied().unwrap_or_default() & 0x0F;
        for _ in 0..MOST_PIECES {
            let [0x61, more] = answer.status.to_be_bytes() else {
                return Ok(answer);
            };
            let piece = self.round_trip(step, &[class, 0xC0, 0, 0, more])?;
            answer.status = piece.status;
            answer.data.extend_from_slice(&piece.data);
        }
        Err(ChipError::Malformed { step })
    }

    fn round_trip(&mut self, step: Step, command: &[u8]) -> Result<Response, ChipError> {
        let progress = Progress { step, percent: self.percent };
        if (self.progress)(progress) == Continue::Stop {
            return Err(ChipError::Stopped);
        }
        self.round_trips += 1;
        let answer = self.link.transmit(command).map_err(ChipError::of_link)?;
        Response::parse(answer).ok_or(ChipError::Malformed { step })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chip::LinkError;

    /// A card that says what it is told to say.
    struct Script(Vec<&'static str>, Vec<String>);

    impl ApduLink for Script {
        fn max_response(&self) -> usize {
            65_538
        }

        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
            self.1.push(hex::encode_upper(command));
            Ok(hex::decode(self.0.remove(0)).unwrap())
        }
    }

    fn told_to(
        answers: &[&'static str],
        expected: usize,
    ) -> (Result<Response, ChipError>, Vec<String>) {
        let mut script = Script(answers.to_vec(), vec![]);
        let mut go_on = |_| Continue::Yes;
        let mut channel = Channel::new(&mut script, &mut go_on);
        let command = Command::new([0, 0xB0, 0x81, 0]).expecting(expected);
        let answer = channel.send(Step::CardAccess, &command);
        (answer, script.1)
    }

    fn told(answers: &[&'static str]) -> (Result<Response, ChipError>, Vec<String>) {
        told_to(answers, 256)
    }

    #[test]
    fn an_answer_in_pieces_is_put_together() {
        let (answer, sent) = told(&["01026102", "03049000"]);
        assert_eq!(*answer.unwrap().data, [1, 2, 3, 4]);
        assert_eq!(sent, ["00B0810000", "00C0000002"]);
    }

    #[test]
    fn a_card_that_wants_the_exact_length_gets_it() {
        let (answer, sent) = told(&["6C03", "0102039000"]);
        assert_eq!(*answer.unwrap().data, [1, 2, 3]);
        assert_eq!(sent, ["00B0810000", "00B0810003"]);
    }

    #[test]
    fn a_long_command_is_not_cut_to_a_short_length() {
        let (answer, sent) = told_to(&["6C03"], 1000);
        assert_eq!((answer.unwrap().status, sent.len()), (0x6C03, 1));
    }

    #[test]
    fn pieces_without_end_are_no_answer() {
        let (answer, _) = told(&["6101"; 400]);
        assert!(matches!(answer, Err(ChipError::Malformed { .. })));
    }

    #[test]
    fn a_bare_yes_on_a_session_is_a_lie() {
        let mut script = Script(vec!["9000"], vec![]);
        let mut go_on = |_| Continue::Yes;
        let mut channel = Channel::new(&mut script, &mut go_on);
        channel.protect(Messaging::agreed(super::super::cipher::Suite::Aes128, b"secret", 0));
        let command = Command::new([0, 0xA4, 4, 0x0C]).with(&[1]);
        let answer = channel.send(Step::Application, &command);
        assert!(matches!(answer, Err(ChipError::Altered { .. })));
        assert!(!channel.is_protected());
    }
}
