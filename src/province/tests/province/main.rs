//! The province as kiosks and officers meet it: over HTTP, with a real database and real files.

mod catalogue;
mod exactly_once;
mod intake;
mod look_ups;
mod officers;
mod openapi;
mod rig;
mod tus;
