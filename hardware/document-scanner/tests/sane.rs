//! The driver over the real libsane, whose configuration is private to each test.

#[cfg(test)]
#[path = "sane/escl.rs"]
mod escl;
#[cfg(test)]
#[path = "sane/escl_rig.rs"]
mod escl_rig;
#[cfg(test)]
#[path = "sane/saned.rs"]
mod saned;
#[cfg(test)]
#[path = "sane/stage.rs"]
mod stage;
#[cfg(test)]
#[path = "sane/test_backend.rs"]
mod test_backend;
#[cfg(test)]
#[path = "sane/vendor.rs"]
mod vendor;
