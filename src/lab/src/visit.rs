//! The scripted visit: a citizen takes a number, hands in a dossier and looks it up, and leaves
//! pictures of every screen, the papers, the documents and the receipt.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use app::outbox::{Step, Store};
use domain::{
    screen::{
        DossierPlace, IdentifyState, LookUpState, Page, Rating, ScannerState, SignState, SlipState,
        TicketState,
    },
    touch::Touch,
};

use crate::{
    Hall, HallSetup, LabError, Player, Ports, Size, hall::HallSetup as Setup, panel::CODES,
    save_paper,
};

/// The procedure handed in: the one whose documents want a signature.
const PROCEDURE: &str = "1.001612";
/// Answers to the questions that no card can answer.
const PIN: [u8; 6] = [1, 2, 3, 4, 5, 6];

/// Plays the visit on a screen of `size`; everything it makes is left in `pictures`.
pub fn play_visit(setup: HallSetup, size: Size, pictures: &Path) -> Result<PathBuf, LabError> {
    fs::create_dir_all(pictures).map_err(LabError::io(pictures.display().to_string()))?;
    let sealed = pictures.join("dossier.age");
    let setup =
        Setup { witness: keep_sealed(&setup.data, &sealed), ports: Ports::default(), ..setup };
    let signs = setup.token.is_some();
    let hall = Hall::open(setup)?;
    let mut story = Story { player: Player::start(&hall, size)?, hall: &hall, pictures, taken: 0 };
    story.arrive()?;
    story.take_a_number()?;
    story.find_and_identify()?;
    story.fill_the_form()?;
    story.scan_the_papers()?;
    if signs {
        story.sign()?;
    }
    story.hand_in()?;
    story.look_it_up()?;
    story.leave_papers(&sealed)?;
    Ok(pictures.to_owned())
}

/// Copies the sealed package aside before it is delivered and deleted.
fn keep_sealed(data: &Path, copy: &Path) -> app::outbox::Witness {
    let (outbox, copy) = (data.join("kiosk/outbox"), copy.to_owned());
    std::sync::Arc::new(move |step| {
        if step == Step::Recorded {
            let files = fs::read_dir(&outbox).into_iter().flatten().flatten();
            for file in files.filter(|f| f.path().extension().is_some_and(|e| e == "age")) {
                let _unreadable = fs::copy(file.path(), &copy);
            }
        }
    })
}

struct Story<'a> {
    player: Player,
    hall: &'a Hall,
    pictures: &'a Path,
    taken: usize,
}

impl Story<'_> {
    /// Takes a picture of the screen under a name that sorts in the order of the visit.
    fn picture(&mut self, name: &str) -> Result<(), LabError> {
        self.taken += 1;
        let file = self.pictures.join(format!("{:02}-{name}.png", self.taken));
        self.player.picture(&file)
    }

    /// Everything is up: devices found, center and province reached, catalogue loaded.
    fn arrive(&mut self) -> Result<(), LabError> {
        use domain::screen::Availability::Ready;
        self.player.wait_for_page("all services", |page| {
            matches!(page, Page::Welcome(welcome) if welcome.tickets == Ready
                && welcome.dossiers == Ready && welcome.look_up == Ready)
        })?;
        self.picture("welcome")
    }

    fn take_a_number(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::TakeTicket);
        self.picture("choose-field")?;
        self.player.touch(Touch::Field("ho-kinh-doanh".into()));
        self.player.wait_for_page("a printed ticket", |page| {
            matches!(page, Page::Ticket(ticket) if matches!(ticket.state, TicketState::Printed(_)))
        })?;
        self.picture("ticket-printed")?;
        self.player.touch(Touch::Next);
        self.picture("goodbye")?;
        self.player.skip(Duration::from_secs(5));
        Ok(())
    }

    fn find_and_identify(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::FindProcedure);
        self.picture("find-procedure")?;
        self.player.touch(Touch::Search("ho kinh doanh".into()));
        self.picture("find-procedure-typed")?;
        self.player.touch(Touch::Procedure(PROCEDURE.into()));
        self.picture("procedure-info")?;
        self.player.touch(Touch::Apply);
        self.picture("identify")?;
        let [(_, card), ..] = CODES;
        self.hall.simulator.gun.present(card.as_bytes());
        self.player.wait_for_page(
            "a known person",
            |page| matches!(page, Page::Identify(i) if matches!(i.state, IdentifyState::Known(_))),
        )?;
        self.picture("identified")?;
        self.player.touch(Touch::Next);
        Ok(())
    }

    fn fill_the_form(&mut self) -> Result<(), LabError> {
        let mut section = 0;
        while let Page::Form(form) = self.player.screen().page.clone() {
            if form.section.at == section {
                // The same section again: an answer was refused, which the script must not hide.
                return Err(LabError::Waited {
                    what: "the next section".to_owned(),
                    waited: Duration::ZERO,
                    page: format!("{form:?}"),
                });
            }
            section = form.section.at;
            for (at, question) in form.questions.iter().enumerate() {
                if question.value.is_empty() && !question.optional {
                    self.player.touch(Touch::FocusQuestion(at));
                    let text = crate::sample::answer(&question.kind, &question.id);
                    let question = question.id.clone();
                    self.player.touch(Touch::Answer { question, text });
                }
            }
            self.picture(&format!("form-{section}"))?;
            self.player.touch(Touch::Next);
        }
        Ok(())
    }

    fn scan_the_papers(&mut self) -> Result<(), LabError> {
        let mut first = true;
        while let Page::Scan(scan) = self.player.screen().page.clone() {
            let open = scan.papers.iter().position(|p| p.pages.is_empty() && !p.skipped);
            let Some(at) = open else { break };
            self.player.touch(Touch::FocusPaper(at));
            if std::mem::take(&mut first) {
                self.picture("scan")?;
            }
            self.hall.simulator.scanner.load_forms(2);
            self.player.touch(Touch::Scan);
            self.player.wait_for_page("scanned pages", |page| {
                matches!(page, Page::Scan(scan) if scan.scanner != ScannerState::Scanning
                    && scan.papers.get(at).is_some_and(|paper| !paper.pages.is_empty()))
            })?;
        }
        self.picture("scanned")?;
        self.player.touch(Touch::Next);
        Ok(())
    }

    fn sign(&mut self) -> Result<(), LabError> {
        self.picture("sign-insert")?;
        self.hall.token.set_inserted(true);
        self.player.wait_for_page(
            "the PIN pad",
            |page| matches!(page, Page::Sign(s) if matches!(s.state, SignState::EnterPin { .. })),
        )?;
        for digit in PIN {
            self.player.touch(Touch::PinDigit(digit));
        }
        self.picture("sign-pin")?;
        self.player.touch(Touch::PinEnter);
        self.player.wait_for_page(
            "signatures",
            |page| matches!(page, Page::Sign(s) if matches!(s.state, SignState::Signed { .. })),
        )?;
        self.picture("signed")?;
        self.hall.token.set_inserted(false);
        self.player.touch(Touch::Next);
        Ok(())
    }

    fn hand_in(&mut self) -> Result<(), LabError> {
        if matches!(self.player.screen().page, Page::Sign(_)) {
            self.player.touch(Touch::WithoutSignature);
        }
        self.picture("summary")?;
        self.player.touch(Touch::Submit);
        self.picture("submitting")?;
        self.player.wait_for_page("the province's receipt and the slip", |page| {
            matches!(page, Page::Received(received) if received.slip == SlipState::Printed
                && matches!(received.place, DossierPlace::Province(_)))
        })?;
        self.picture("received")?;
        self.player.touch(Touch::Next);
        self.picture("rate")?;
        self.player.touch(Touch::Rate(Rating::VerySatisfied));
        self.player.skip(Duration::from_secs(5));
        Ok(())
    }

    /// Holds the slip just printed to the gun, as its code says.
    fn look_it_up(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::LookUpDossier);
        self.picture("look-up")?;
        let slip = self.slip_code()?;
        self.hall.simulator.gun.present(slip.as_bytes());
        self.player.wait_for_page("the dossier's status", |page| {
            matches!(page, Page::DossierStatus(_))
                || matches!(page, Page::LookUp(l) if l.state == LookUpState::NotFound)
        })?;
        self.picture("dossier-status")?;
        self.player.touch(Touch::Finish);
        Ok(())
    }

    /// The code on the slip, read from the paper by the reader's own decoder.
    fn slip_code(&self) -> Result<String, LabError> {
        let missing = || LabError::Waited {
            what: "a readable code on the slip".to_owned(),
            waited: Duration::ZERO,
            page: "paper".to_owned(),
        };
        let tickets = self.hall.simulator.printer.tickets();
        let png = tickets.last().and_then(crate::paper_picture).ok_or_else(missing)?;
        let frame = code_reader::Frame::decode(&png).ok_or_else(missing)?;
        let codes = code_reader::find_codes(&frame);
        let code = codes.into_iter().next().ok_or_else(missing)?;
        String::from_utf8(code).map_err(|_| missing())
    }

    /// Papers as pictures, documents as files, the receipt as the province signed it.
    fn leave_papers(&self, sealed: &Path) -> Result<(), LabError> {
        let tickets = self.hall.simulator.printer.tickets();
        for (paper, name) in tickets.iter().zip(["ticket", "slip"]) {
            save_paper(&self.pictures.join(format!("paper-{name}.png")), paper)?;
            let raw = self.pictures.join(format!("paper-{name}.escpos"));
            write(&raw, paper.bytes())?;
        }
        let key = fs::read_to_string(self.hall.opening_key())
            .map_err(LabError::io("the province's opening key"))?;
        let key = key
            .parse()
            .map_err(|error: intake::keys::NotAKey| LabError::Province(Box::new(error)))?;
        let file = fs::File::open(sealed).map_err(LabError::io(sealed.display().to_string()))?;
        let package = intake::open(std::io::BufReader::new(file), &key)?;
        for document in &package.documents {
            write(&self.pictures.join(&document.name), &document.bytes)?;
        }
        let store = Store::open(&self.hall.outbox())?;
        if let Some(receipt) = store.receipt(&package.manifest.submission)? {
            write(&self.pictures.join("receipt.json"), receipt.as_bytes())?;
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), LabError> {
    fs::write(path, bytes).map_err(LabError::io(path.display().to_string()))
}
