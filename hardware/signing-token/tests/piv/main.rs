//! Signing with a smart card that is pulled, put in and locked: OpenSC over pcscd over a virtual
//! reader, with a PIV card in software in it.

#[cfg(test)]
#[path = "../shared/python.rs"]
mod python;
#[cfg(test)]
mod reader;
#[cfg(test)]
mod signing;
#[cfg(test)]
#[path = "../shared/token.rs"]
mod token;
