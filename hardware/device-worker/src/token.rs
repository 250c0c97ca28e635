//! The signing token's worker: all configured modules live, and may crash, in here.

use std::env;

use hardware_api::SigningToken as _;
use settings::Token;
use signing_token::{Pkcs11Token, Prober};
use worker::{
    Class, PipeError,
    host::{Ended, Pipes},
    message::TokenCall,
};

use crate::TRY_MODULE;

pub fn host(mut pipes: Pipes) -> Result<Ended, PipeError> {
    let settings: Token = pipes.greet(Class::Token)?;
    let Ok(program) = env::current_exe() else {
        return pipes.refuse("token.modules: the worker does not find itself");
    };
    let walls = crate::confine::before_use(&crate::confine::token(&settings, &program));
    let prober = Prober::new(program, &[TRY_MODULE]);
    let mut token = Pkcs11Token::open(&settings.modules, prober);
    pipes.serve(
        &walls,
        || {},
        |order, reply| match order.call {
            TokenCall::Status => reply.answer(&token.status()),
            TokenCall::Identities => reply.answer(&token.identities()),
            TokenCall::Authorities => reply.answer(&token.authorities()),
            TokenCall::Sign(request) => reply.answer(&token.sign(&request)),
            TokenCall::Modules => reply.answer(&token.modules()),
        },
    )
}
