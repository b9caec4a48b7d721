//! Whatever names Git repositories: the repositories that SageMaker knows, and who clones others by their URLs.

use super::subject::{Population, Resource, Subject};
use super::workload::Life;
use super::world::{Here, World};
use crate::snapshot::{CodeRepository, Domain, Listed, Notebook, Region, Seen, Space, Table, Unseen, UserProfile};

/// Something that names Git repositories.
#[derive(Clone, Copy)]
pub enum CodeSource<'w> {
    /// A repository that SageMaker knows by a name.
    Repository(&'w CodeRepository),
    /// A notebook instance, which clones repositories when it starts.
    Notebook(&'w Notebook),
    /// A domain, which offers repositories to all its profiles and spaces.
    Domain(&'w Domain),
    /// A user profile.
    Profile(&'w UserProfile),
    /// A space.
    Space(&'w Space),
}

/// The URLs that something names, each with the field, and why there may be more.
pub struct Urls<'w> {
    /// Fields of the API, and URLs.
    pub known: Vec<(&'static str, &'w str)>,
    /// What was not seen.
    pub doubt: Option<Unseen>,
}

impl<'w> CodeSource<'w> {
    /// The tables that hold them.
    pub const READS: &'static [Table] =
        &[Table::CodeRepositories, Table::Notebooks, Table::Domains, Table::UserProfiles, Table::Spaces];

    /// The URLs. Names of repositories that SageMaker knows are left out: those are looked at by themselves.
    pub fn urls(self) -> Urls<'w> {
        let mut urls = Urls { known: Vec::new(), doubt: None };
        match self {
            CodeSource::Repository(it) => match it.url.get() {
                Ok(url) => urls.known.extend(url.map(|url| ("RepositoryUrl", url.as_str()))),
                Err(unseen) => urls.doubt = Some(unseen),
            },
            CodeSource::Notebook(it) => urls.add("CodeRepository", &it.code_repositories),
            CodeSource::Domain(it) => {
                urls.add("DefaultUserSettings.JupyterLabAppSettings", &it.jupyterlab_repositories);
                urls.add("DefaultUserSettings.JupyterServerAppSettings", &it.jupyter_server_repositories);
                urls.add("DefaultSpaceSettings.JupyterLabAppSettings", &it.space_jupyterlab_repositories);
                urls.add("DefaultSpaceSettings.JupyterServerAppSettings", &it.space_jupyter_server_repositories);
            }
            CodeSource::Profile(it) => {
                urls.add("JupyterLabAppSettings", &it.jupyterlab_repositories);
                urls.add("JupyterServerAppSettings", &it.jupyter_server_repositories);
            }
            CodeSource::Space(it) => {
                urls.add("JupyterLabAppSettings", &it.jupyterlab_repositories);
                urls.add("JupyterServerAppSettings", &it.jupyter_server_repositories);
            }
        }
        urls
    }
}

impl<'w> Urls<'w> {
    fn add(&mut self, field: &'static str, urls: &'w Seen<Vec<String>>) {
        match urls.get() {
            Ok(urls) => {
                // Names have neither `:` nor `@` (API reference, `CodeRepositoryNameOrUrl`).
                let urls = urls.into_iter().flatten().filter(|url| url.contains([':', '@']));
                self.known.extend(urls.map(|url| (field, url.as_str())));
            }
            Err(unseen) => drop(self.doubt.get_or_insert(unseen)),
        }
    }
}

impl<'w> Subject<'w> for CodeSource<'w> {
    const KIND: &'static str = "code-repository";

    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        fn of<'w, T>(
            here: Here<'w>,
            table: fn(&'w Region) -> &'w Listed<T>,
            source: fn(&'w T) -> CodeSource<'w>,
        ) -> Population<'w, CodeSource<'w>> {
            let listed = table(here.region);
            Population { here, items: listed.iter().map(source).collect(), missing: listed.missing.as_ref() }
        }
        let all = world.regions().flat_map(|here| {
            [
                of(here, |region| &region.code_repositories, CodeSource::Repository),
                of(here, |region| &region.notebooks, CodeSource::Notebook),
                of(here, |region| &region.domains, CodeSource::Domain),
                of(here, |region| &region.user_profiles, CodeSource::Profile),
                of(here, |region| &region.spaces, CodeSource::Space),
            ]
        });
        all.collect()
    }

    fn resource(self) -> Resource {
        match self {
            CodeSource::Repository(it) => it.resource(),
            CodeSource::Notebook(it) => it.resource(),
            CodeSource::Domain(it) => it.resource(),
            CodeSource::Profile(it) => it.resource(),
            CodeSource::Space(it) => it.resource(),
        }
    }

    fn life(self, here: &Here<'w>) -> Life {
        match self {
            CodeSource::Repository(it) => Subject::life(it, here),
            CodeSource::Notebook(it) => Subject::life(it, here),
            CodeSource::Domain(it) => Subject::life(it, here),
            CodeSource::Profile(it) => Subject::life(it, here),
            CodeSource::Space(it) => Subject::life(it, here),
        }
    }
}
