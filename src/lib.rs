//! sagescan looks at a live AWS account and tells the truth about the security of its SageMaker estate.
//!
//! One-way data flow: [`collect`] fills a snapshot, `sagescan_checks` judges it, [`report`] writes what was found.
//! [`serve`] goes the other way round: it serves a snapshot as an AWS endpoint on loopback.

#![forbid(unsafe_code)]

#[cfg(feature = "aws")]
pub mod collect;
pub mod demo;
pub mod serve;
