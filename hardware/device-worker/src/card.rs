//! The card reader's worker.

use card_reader::{Extended, PcscReader};
use hardware_api::CardReader as _;
use settings::{Card, ExtendedLength};
use worker::{
    Class, PipeError,
    host::{Ended, Pipes},
    message::CardCall,
};

pub fn host(mut pipes: Pipes) -> Result<Ended, PipeError> {
    let settings: Card = pipes.greet(Class::Card)?;
    let walls = crate::confine::before_use(&crate::confine::card());
    let mut reader = PcscReader::new(&settings.reader, extended(settings.extended_length));
    pipes.serve(
        &walls,
        || {},
        |order, reply| match order.call {
            CardCall::Status => reply.answer(&reader.status(order.limit)),
            CardCall::Connect => reply.answer(&reader.connect(order.limit)),
            CardCall::Transmit(command) => reply.answer(&reader.transmit(&command, order.limit)),
            CardCall::Disconnect => {
                reader.disconnect();
                reply.answer(&())
            }
        },
    )
}

fn extended(length: ExtendedLength) -> Extended {
    match length {
        ExtendedLength::AsReaderSays => Extended::AsReaderSays,
        ExtendedLength::Always => Extended::Always,
        ExtendedLength::Never => Extended::Never,
    }
}
