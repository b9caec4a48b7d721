//! Serves a snapshot back as an AWS endpoint on loopback, in the protocols that AWS speaks: any AWS SDK can scan it and
//! finds what the snapshot holds. Whatever the snapshot has not seen is refused the way AWS would have refused it.
//!
//! A request passes through in one direction: [`http`] reads it, [`call`] recognises service, operation, region and
//! parameters, [`engine`] applies limits, denials and faults, the file of the service projects the snapshot, and
//! [`json11`], [`query`] or [`s3`] write the answer. Nothing is ever written to the snapshot, and every operation that
//! is not in a service's table is unknown.

mod call;
mod cloudtrail;
mod costs;
mod crowd;
mod ec2;
mod engine;
mod faults;
mod http;
mod iam;
mod json11;
mod kms;
mod organization;
mod paging;
mod query;
mod quotas;
mod records;
mod refusal;
mod s3;
mod stats;
mod sts;
mod throttle;
mod times;
mod xml;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use sagescan_checks::snapshot::Snapshot;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use faults::{Fault, UnknownFault};
pub use quotas::{NoQuota, Quota, Quotas};
pub use stats::{Counts, Stats};

/// How the server behaves. Operations are named `ListModels`, `sagemaker:ListModels`, by the IAM action that they need,
/// or `*` for all of them.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port on loopback; 0 takes any free one.
    pub port: u16,
    /// How often each operation may be asked in each region; the most exact name wins.
    pub tps: Vec<(String, Quota)>,
    /// How often those operations may be asked that `tps` does not name.
    pub quotas: Quotas,
    /// So many training jobs in each region that has any, instead of its own: made up when they are asked for, by the
    /// example of its own. 0 leaves them as they are.
    pub crowd: usize,
    /// How long every answer takes.
    pub latency: Duration,
    /// Operations that the caller lacks the permission for.
    pub deny: Vec<String>,
    /// Operations that go wrong, and how; the first that fits counts. `ListModels@2` goes wrong twice only.
    pub faults: Vec<(String, Fault)>,
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    engine: Arc<engine::Engine>,
    listening: JoinHandle<()>,
}

/// Starts serving a snapshot on 127.0.0.1.
pub async fn start(snapshot: Arc<Snapshot>, options: Options) -> std::io::Result<Server> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let address = listener.local_addr()?;
    let engine = Arc::new(engine::Engine::new(snapshot, options));
    let listening = tokio::spawn(http::listen(listener, engine.clone()));
    Ok(Server { address, engine, listening })
}

impl Server {
    /// Where it listens: what `AWS_ENDPOINT_URL` wants.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    pub fn stats(&self) -> Stats {
        self.engine.stats()
    }

    /// Stops listening and cuts every open connection.
    pub async fn stop(mut self) {
        self.listening.abort();
        // The only possible error is the abortion itself.
        let _ = (&mut self.listening).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listening.abort();
    }
}
