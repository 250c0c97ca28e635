//! The province as kiosks and officers meet it: over HTTP, with a real database and real files.

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod exactly_once;
#[cfg(test)]
mod intake;
#[cfg(test)]
mod look_ups;
#[cfg(test)]
mod officers;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod tus;
