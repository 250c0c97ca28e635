//! The card reader's worker.

use card_reader::{Extended, PcscReader};
use hardware_api::CardReader as _;
use worker::{Class, PipeError, host::Pipes, message::CardCall};

pub fn host(mut pipes: Pipes) -> Result<(), PipeError> {
    let wanted: String = pipes.greet(Class::Card)?;
    crate::confine::before_use(&crate::confine::card());
    let mut reader = PcscReader::new(&wanted, Extended::AsReaderSays);
    pipes.serve(
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
