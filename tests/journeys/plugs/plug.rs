//! The plugs of the bench, and what staff hear of them.

use lab::Hall;
use simulator::{CameraFault, GunFault, PrinterFault, ScannerFault};
use worker::Class;

use super::super::workers::signal;

/// What can be pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plug {
    /// The ticket printer.
    Printer,
    /// The document scanner.
    Scanner,
    /// The hand-held code reader.
    Gun,
    /// The camera.
    Camera,
    /// Gun and camera: then no code can be read at all.
    CodeReaders,
    /// The reader of chip cards.
    CardReader,
    /// The signing token.
    Token,
    /// The cable to the center.
    Center,
    /// The cable to the province.
    Province,
    /// The program that holds a device's driver, which is killed and comes back by itself.
    Worker(Class),
}

/// An event, words beside it, and how often it comes.
pub type Told = (&'static str, &'static str, usize);

impl Plug {
    /// Pulls it.
    pub fn pull(self, hall: &Hall) {
        if let Self::Worker(class) = self {
            signal("-KILL", class.name());
        } else {
            self.set(hall, false);
        }
    }

    /// Plugs it in again.
    pub fn plug_in(self, hall: &Hall) {
        self.set(hall, true);
    }

    fn set(self, hall: &Hall, plugged: bool) {
        let simulator = &hall.simulator;
        let (gun, camera) = ((!plugged).then_some(GunFault::Unplugged), !plugged);
        let camera = camera.then_some(CameraFault::Unplugged);
        match self {
            Self::Printer => {
                simulator.printer.set_fault((!plugged).then_some(PrinterFault::Unplugged));
            }
            Self::Scanner => {
                simulator.scanner.set_fault((!plugged).then_some(ScannerFault::Unplugged));
            }
            Self::Gun => simulator.gun.set_fault(gun),
            Self::Camera => simulator.camera.set_fault(camera).unwrap(),
            Self::CodeReaders => {
                simulator.gun.set_fault(gun);
                simulator.camera.set_fault(camera).unwrap();
            }
            Self::CardReader => {
                let field = hall.card.as_ref().unwrap();
                if plugged { field.plug_in() } else { field.unplug() }.unwrap();
            }
            Self::Token => hall.token.set_inserted(plugged),
            Self::Center | Self::Province => {
                let is_center = self == Self::Center;
                let cable = if is_center { &hall.center_cable } else { &hall.province_cable };
                if plugged { cable.join() } else { cable.cut() }
            }
            Self::Worker(_) => {}
        }
    }

    /// What staff hear when it is pulled.
    pub fn gone(self) -> Told {
        match self {
            Self::Printer => ("PRT-005", "", 1),
            Self::Scanner => ("SCN-001", "", 1),
            Self::Gun => ("COD-001", "reader=1", 1),
            Self::Camera => ("COD-001", "reader=2", 1),
            Self::CodeReaders => ("COD-001", "", 2),
            Self::CardReader => ("CRD-001", "", 1),
            Self::Token => ("TOK-010", "", 1),
            Self::Center => ("CEN-001", "", 1),
            Self::Province => ("PRV-001", "", 1),
            Self::Worker(class) => ("WRK-001", of(class), how_many(class)),
        }
    }

    /// What they hear when it is there again; of a token nothing, since that is the citizen's.
    pub fn back(self) -> Option<Told> {
        Some(match self {
            Self::Printer => ("PRT-006", "", 1),
            Self::Scanner => ("SCN-004", "", 1),
            Self::Gun => ("COD-002", "reader=1", 1),
            Self::Camera => ("COD-002", "reader=2", 1),
            Self::CodeReaders => ("COD-002", "", 2),
            Self::CardReader => ("CRD-002", "", 1),
            Self::Token => return None,
            Self::Center => ("CEN-002", "", 1),
            Self::Province => ("PRV-002", "", 1),
            Self::Worker(class) => ("WRK-002", of(class), how_many(class)),
        })
    }
}

fn of(class: Class) -> &'static str {
    match class {
        Class::Printer => "class=printer",
        Class::Scanner => "class=scanner",
        Class::Code => "class=code",
        Class::Card => "class=card",
        Class::Token => "class=token",
    }
}

/// The hall has a gun and a camera, and one of everything else.
fn how_many(class: Class) -> usize {
    if class == Class::Code { 2 } else { 1 }
}
