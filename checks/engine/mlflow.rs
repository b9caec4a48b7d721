//! What runs MLflow: tracking servers, and apps.

use super::subject::{Population, Resource, Subject};
use super::world::World;
use crate::snapshot::{MlflowApp, MlflowTrackingServer, Seen};

/// Something that runs MLflow.
#[derive(Clone, Copy)]
pub enum Mlflow<'w> {
    /// A tracking server.
    Server(&'w MlflowTrackingServer),
    /// An app.
    App(&'w MlflowApp),
}

impl<'w> Mlflow<'w> {
    /// The version of MLflow.
    pub fn version(self) -> &'w Seen<String> {
        match self {
            Mlflow::Server(server) => &server.version,
            Mlflow::App(app) => &app.version,
        }
    }

    /// How the last maintenance went.
    pub fn maintenance(self) -> &'w Seen<String> {
        match self {
            Mlflow::Server(server) => &server.maintenance,
            Mlflow::App(app) => &app.maintenance,
        }
    }
}

impl<'w> Subject<'w> for Mlflow<'w> {
    const KIND: &'static str = "mlflow";

    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let all = world.regions().flat_map(|here| {
            let (servers, apps) = (&here.region.mlflow_tracking_servers, &here.region.mlflow_apps);
            [
                Population {
                    here,
                    items: servers.iter().map(Mlflow::Server).collect(),
                    missing: servers.missing.as_ref(),
                },
                Population { here, items: apps.iter().map(Mlflow::App).collect(), missing: apps.missing.as_ref() },
            ]
        });
        all.collect()
    }

    fn resource(self) -> Resource {
        match self {
            Mlflow::Server(server) => Subject::resource(server),
            Mlflow::App(app) => Subject::resource(app),
        }
    }
}
