//! The program itself, as a person at a terminal or a script would use it, on the emulators of
//! every class of device.

#[cfg(test)]
mod card;
#[cfg(test)]
mod code;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod printer;
#[cfg(test)]
mod scanner;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod token;
#[cfg(test)]
mod usage;
