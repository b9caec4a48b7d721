//! sagescan looks at a live AWS account and tells the truth about the security of its SageMaker estate.
//!
//! One-way data flow: [`collect`] fills a snapshot, `sagescan_checks` judges it, [`report`] writes what was found.
//! [`serve`] goes the other way round: it serves a snapshot as an AWS endpoint on loopback. [`cli`] ties them together,
//! and [`console`] is the only place that prints.

#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub, clippy::print_stdout, clippy::print_stderr)]

pub mod cli;
#[cfg(feature = "aws")]
pub mod collect;
pub mod config;
pub mod console;
pub mod demo;
pub mod diff;
pub mod files;
pub mod report;
pub mod serve;
pub mod waivers;
