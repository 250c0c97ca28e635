//! The scripted visit: a day in the hall, told so that every screen is seen. What it leaves are
//! pictures of each screen in both languages, the papers, the documents and the receipt.
//!
//! Each chapter is one file below; a chapter begins and ends at the start page.

mod dossier;
mod left;
mod looking_up;
mod numbers;
mod passer_by;
mod signing;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::Duration,
};

use app::outbox::{Step, Witness};
use domain::{
    Language,
    screen::{Availability, Page, Screen},
    touch::Touch,
};

use crate::{Addresses, Cable, Hall, HallSetup, LabError, Player, Size, Stop};

/// Time enough for a page that says goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// A hall in which the visit is to be played.
pub struct ScriptedVisit {
    hall: Hall,
    pictures: PathBuf,
    signs: bool,
    /// The cable that is cut in the middle of handing in.
    cut_while_sending: Arc<OnceLock<Cable>>,
}

impl ScriptedVisit {
    /// Opens the hall; everything the visit makes will be left in the folder `pictures`, from
    /// which what an earlier one left is removed.
    pub fn open(setup: HallSetup, pictures: &Path) -> Result<Self, LabError> {
        left::make_room(pictures)?;
        let cut_while_sending = Arc::new(OnceLock::new());
        let witness = at_the_moment_of_handing_in(
            &setup.data,
            &pictures.join(left::SEALED),
            &cut_while_sending,
        );
        // As on its first day: a kiosk with a catalogue could take dossiers without anybody.
        let _none_yet = fs::remove_file(setup.data.join("kiosk/catalogue.json"));
        let signs = setup.token.is_some();
        let hall = Hall::open(HallSetup { witness, ..setup })?;
        Ok(Self { hall, pictures: pictures.to_owned(), signs, cut_while_sending })
    }

    /// Where browsers can follow it.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        self.hall.addresses
    }

    /// Plays it on a screen of `size`, unless `stop` is asked for before it ends.
    pub fn play(&self, size: Size, stop: &Stop) -> Result<(), LabError> {
        for cable in [&self.hall.center_cable, &self.hall.province_cable] {
            cable.cut();
        }
        let mut player = Player::start(&self.hall, size)?;
        player.heed(stop.clone());
        let mut story = Story { player, hall: &self.hall, pictures: &self.pictures, taken: 0 };
        story.morning()?;
        story.a_number_on_paper()?;
        story.a_number_without_paper()?;
        story.no_number()?;
        story.somebody_walks_away()?;
        story.find_a_procedure()?;
        story.identify_by_code()?;
        story.read_the_chip()?;
        story.fill_the_form()?;
        story.scan_the_papers()?;
        if self.signs {
            story.sign()?;
        }
        let _first_visit = self.cut_while_sending.set(self.hall.province_cable.clone());
        story.hand_in()?;
        story.look_it_up()?;
        left::leave(&self.hall, &self.pictures)
    }
}

/// Once the dossier is kept, and before it is sent: a copy of what is sealed is put aside, and
/// the cable to the province is cut.
fn at_the_moment_of_handing_in(data: &Path, copy: &Path, cut: &Arc<OnceLock<Cable>>) -> Witness {
    let (outbox, copy, cut) = (data.join("kiosk/outbox"), copy.to_owned(), Arc::clone(cut));
    Arc::new(move |step| {
        if step != Step::Recorded {
            return;
        }
        let files = fs::read_dir(&outbox).into_iter().flatten().flatten();
        for file in files.filter(|f| f.path().extension().is_some_and(|e| e == "age")) {
            let _unreadable = fs::copy(file.path(), &copy);
        }
        if let Some(cable) = cut.get() {
            cable.cut();
        }
    })
}

/// The story so far.
struct Story<'a> {
    player: Player,
    hall: &'a Hall,
    pictures: &'a Path,
    taken: usize,
}

impl Story<'_> {
    /// Takes a picture of the screen as it stands.
    fn picture(&mut self, name: &str) -> Result<(), LabError> {
        let screen = self.player.screen().clone();
        self.picture_of(&screen, name)
    }

    /// Takes a picture of a screen that may have passed by, in both languages, under a name that
    /// sorts in the order of the story.
    fn picture_of(&mut self, screen: &Screen, name: &str) -> Result<(), LabError> {
        self.taken += 1;
        for (language, suffix) in [(Language::Vi, "vi"), (Language::En, "en")] {
            let file = self.pictures.join(format!("{:02}-{name}.{suffix}.png", self.taken));
            self.player.picture_of(&Screen { language, ..screen.clone() }, &file)?;
        }
        Ok(())
    }

    /// Waits for a page and takes its picture.
    fn see(&mut self, name: &str, wished: impl Fn(&Page) -> bool) -> Result<(), LabError> {
        self.player.wait_for_page(name, wished)?;
        self.picture(name)
    }

    fn everything_works(&mut self) -> Result<(), LabError> {
        self.player.wait_for_page("all services", |page| {
            matches!(page, Page::Welcome(welcome)
                if [welcome.tickets, welcome.dossiers, welcome.look_up] == [Availability::Ready; 3])
        })
    }

    /// From anywhere back to the start page, where everything works.
    fn leave(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::Finish);
        self.player.skip(GOODBYE);
        self.everything_works()
    }
}
