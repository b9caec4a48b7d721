//! The collector against AWS endpoints that are not AWS: our own loopback server with faults, and moto; and its signatures
//! against AWS's own client.
//!
//! One test binary, because linking all of it once is enough.

mod analyzers;
mod census;
mod context;
mod faults;
mod fields;
mod loopback;
mod memory;
mod moto;
mod organization;
mod privilege;
#[path = "../python/mod.rs"]
mod python;
mod readme;
mod roundtrip;
mod signatures;
mod watch;
