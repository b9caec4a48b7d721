//! The real SDK against AWS endpoints that are not AWS: our own loopback server with faults, and moto.
//!
//! One test binary, because linking the SDK once is enough.

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
