//! Where a device takes and gives its bytes.

use rusb::{Context, Device, Direction, InterfaceDescriptor, TransferType};

/// The USB class of printers.
const PRINTER: u8 = 7;
/// Makers' own class: printers that are switched to it do not appear as printers, and speak the
/// same over their bulk endpoints.
const VENDOR: u8 = 0xFF;
/// Both ways; a printer that only listens cannot be asked for its paper.
const BIDIRECTIONAL: u8 = 2;

/// The way to talk to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Endpoints {
    pub interface: u8,
    pub setting: u8,
    pub output: u8,
    pub input: Option<u8>,
    /// Bytes of a whole packet from the device.
    pub packet: usize,
}

impl Endpoints {
    /// Chooses the best interface: a printer's before the maker's own, both ways before one.
    pub(super) fn of(device: &Device<Context>) -> Result<Self, rusb::Error> {
        let config = device.active_config_descriptor()?;
        let settings = config.interfaces().flat_map(|interface| interface.descriptors());
        let usable = settings.filter_map(|setting| Some((rank(&setting)?, Self::in_(&setting)?)));
        let best = usable.max_by_key(|(rank, endpoints)| (endpoints.input.is_some(), *rank));
        best.map(|(_, endpoints)| endpoints).ok_or(rusb::Error::NotSupported)
    }

    fn in_(setting: &InterfaceDescriptor<'_>) -> Option<Self> {
        let bulk = |direction| {
            let mut all = setting.endpoint_descriptors();
            all.find(|endpoint| {
                endpoint.transfer_type() == TransferType::Bulk && endpoint.direction() == direction
            })
        };
        let input = bulk(Direction::In);
        Some(Self {
            interface: setting.interface_number(),
            setting: setting.setting_number(),
            output: bulk(Direction::Out)?.address(),
            input: input.as_ref().map(rusb::EndpointDescriptor::address),
            packet: input.map_or(64, |input| usize::from(input.max_packet_size().max(8))),
        })
    }
}

fn rank(setting: &InterfaceDescriptor<'_>) -> Option<u8> {
    match (setting.class_code(), setting.protocol_code()) {
        (PRINTER, BIDIRECTIONAL) => Some(2),
        (PRINTER, _) => Some(1),
        (VENDOR, _) => Some(0),
        _ => None,
    }
}
