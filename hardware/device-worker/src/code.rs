//! A code reader's worker.

use code_reader::{Camera, SerialGun, Wedge};
use hardware_api::{CodeReader, DeviceError};
use settings::CodePort;
use worker::{
    Class, PipeError,
    host::{Ended, Pipes},
    message::CodeCall,
};

use crate::late::Late;

pub fn host(mut pipes: Pipes) -> Result<Ended, PipeError> {
    let port: CodePort = pipes.greet(Class::Code)?;
    let walls = crate::confine::before_use(&crate::confine::code(&port));
    let mut reader = Late::new(move || open(&port));
    pipes.serve(
        &walls,
        || {},
        |order, reply| match order.call {
            CodeCall::Next => reply.answer(&reader.with(|it| it.next(order.limit))),
            CodeCall::Rest => {
                // One that is not open rests already.
                if let Some(reader) = reader.opened() {
                    reader.rest();
                }
                reply.answer(&())
            }
            CodeCall::IsThere => reply.answer(&reader.with(|it| it.is_there())),
        },
    )
}

fn open(port: &CodePort) -> Result<Box<dyn CodeReader>, DeviceError> {
    Ok(match port {
        CodePort::Serial { path, baud_bps } => Box::new(SerialGun::open(path, *baud_bps)?),
        CodePort::Image(path) => Box::new(Camera::image(path)?),
        CodePort::Camera(place) => Box::new(Camera::video(place)),
        CodePort::Wedge(path) => Box::new(SerialGun::over(Box::new(Wedge::new(path)))),
    })
}
