//! What the kiosk knows of its surroundings, and what that lets a citizen do.

use std::sync::Arc;

use jiff::civil::Date;

use super::WorldNews;
use crate::{
    Bilingual,
    catalogue::{Catalogue, Need, Procedure, SearchIndex},
    screen::{Availability, FieldTile, Shortcoming, Welcome},
};

/// What the center said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CenterFacts {
    /// Its name.
    pub name: Bilingual,
    /// Its fields.
    pub fields: Vec<FieldTile>,
}

/// The surroundings. What was last learned of the center's name and fields is kept when it
/// falls silent, so that screens and papers stay right.
#[derive(Debug, Clone)]
pub struct World {
    pub(super) today: Date,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) edition: u64,
    pub(super) index: Arc<SearchIndex>,
    center: CenterFacts,
    /// `None` until it has answered or failed to.
    center_answers: Option<bool>,
    /// `None` until it has answered or failed to.
    province_answers: Option<bool>,
    printer: Option<Shortcoming>,
    pub(super) scanner: bool,
    pub(super) code_reader: bool,
    pub(super) card_reader: bool,
    outbox: bool,
}

impl World {
    /// Nothing is known yet but the day and the center's name as configured.
    #[must_use]
    pub fn new(today: Date, center: Bilingual) -> Self {
        Self {
            today,
            catalogue: Arc::default(),
            edition: 0,
            index: Arc::default(),
            center: CenterFacts { name: center, fields: vec![] },
            center_answers: None,
            province_answers: None,
            printer: Some(Shortcoming::NoPrinter),
            scanner: false,
            code_reader: false,
            card_reader: false,
            outbox: false,
        }
    }

    pub(super) fn learn(&mut self, news: WorldNews) {
        match news {
            WorldNews::Printer(shortcoming) => self.printer = shortcoming,
            WorldNews::Scanner(there) => self.scanner = there,
            WorldNews::CodeReader(there) => self.code_reader = there,
            WorldNews::CardReader(there) => self.card_reader = there,
            WorldNews::Center(Some(facts)) => {
                self.center = facts;
                self.center_answers = Some(true);
            }
            WorldNews::Center(None) => self.center_answers = Some(false),
            WorldNews::Province(answers) => self.province_answers = Some(answers),
            WorldNews::Outbox(writes) => self.outbox = writes,
            WorldNews::Catalogue(catalogue, edition) => {
                self.index = Arc::new(SearchIndex::new(&catalogue, self.today));
                self.catalogue = catalogue;
                self.edition = edition;
            }
            WorldNews::Today(day) if day != self.today => {
                self.today = day;
                self.index = Arc::new(SearchIndex::new(&self.catalogue, day));
            }
            WorldNews::Today(_) => {}
        }
    }

    pub(super) fn center_name(&self) -> Bilingual {
        self.center.name.clone()
    }

    pub(super) fn fields(&self) -> Vec<FieldTile> {
        self.center.fields.clone()
    }

    pub(super) fn field_name(&self, code: &crate::FieldCode) -> Bilingual {
        self.catalogue.field(code).map_or_else(
            || Bilingual::new(code.as_str(), code.as_str()),
            |field| field.name.clone(),
        )
    }

    pub(super) fn province_answers(&self) -> bool {
        self.province_answers == Some(true)
    }

    pub(super) fn paper(&self) -> Availability {
        self.printer.map_or(Availability::Ready, Availability::Limited)
    }

    pub(super) fn welcome(&self) -> Welcome {
        let tickets = if self.center_answers == Some(true) {
            self.paper()
        } else {
            Availability::Down(Shortcoming::NoCenter)
        };
        let look_up = if self.province_answers() {
            Availability::Ready
        } else {
            Availability::Down(Shortcoming::NoProvince)
        };
        Welcome { tickets, dossiers: self.dossiers(), look_up }
    }

    fn dossiers(&self) -> Availability {
        if self.catalogue.procedures.is_empty() {
            Availability::Down(Shortcoming::NoCatalogue)
        } else if !self.outbox {
            Availability::Down(Shortcoming::NoStorage)
        } else if !self.scanner {
            Availability::Limited(Shortcoming::NoScanner)
        } else if !self.province_answers() {
            Availability::Limited(Shortcoming::NoProvince)
        } else {
            Availability::Ready
        }
    }

    /// Whether this procedure can be handed in here now.
    pub(super) fn can_submit(&self, procedure: &Procedure) -> Availability {
        let needs_scanner = procedure.papers.iter().any(|paper| paper.need == Need::Always);
        match self.dossiers() {
            Availability::Limited(Shortcoming::NoScanner) if needs_scanner => {
                Availability::Down(Shortcoming::NoScanner)
            }
            other => other,
        }
    }

    /// Whether anything at all can be done here. A kiosk that has only just started, and has
    /// not heard from everybody, is not out of service.
    pub(super) fn in_service(&self) -> bool {
        if self.center_answers.is_none() || self.province_answers.is_none() {
            return true;
        }
        let Welcome { tickets, dossiers, look_up } = self.welcome();
        [tickets, dossiers, look_up].iter().any(|it| !matches!(it, Availability::Down(_)))
    }
}
