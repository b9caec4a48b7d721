use crate::engine::Mounts;
use crate::prelude::*;

pub(super) struct DomainCustomFilesystemsEncrypted;

impl Check for DomainCustomFilesystemsEncrypted {
    type On<'w> = Mounts<'w>;

    const META: Meta = Meta {
        id: "domain-custom-filesystems-encrypted",
        title: "File systems that Studio apps mount are encrypted",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::UserProfiles, Table::Spaces, Table::FileSystems, Table::LustreFileSystems],
        practices: &["REST-5"],
        page: include_str!("domain_custom_filesystems_encrypted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, it: Mounts<'_>, here: &Here<'_>) -> Judged {
        let mut mounted = Mounted::default();
        match it.0 {
            Workload::Domain(domain) => {
                for list in [&domain.file_systems, &domain.space_file_systems] {
                    mounted.add(list, |m| (m.efs.as_deref(), m.lustre.as_deref(), m.s3.as_deref()));
                }
            }
            Workload::UserProfile(profile) => {
                mounted.add(&profile.file_systems, |m| (m.efs.as_deref(), m.lustre.as_deref(), m.s3.as_deref()));
            }
            Workload::Space(space) => {
                mounted.add(&space.file_systems, |m| (m.efs.as_deref(), m.lustre.as_deref(), m.s3.as_deref()));
            }
            _ => return Ok(not_concerned()),
        }
        let mut open = Vec::new();
        for id in &mounted.efs {
            match is_encrypted(id, here) {
                Ok(true) => {}
                Ok(false) => open.push(*id),
                Err(unseen) => mounted.doubt = mounted.doubt.or(Some(unseen)),
            }
        }
        let verdict = match (open.is_empty(), mounted.doubt) {
            (false, _) => fail(format!("apps mount {}, which is not encrypted", open.join(", "))),
            (true, Some(unseen)) => return Err(unseen),
            (true, None) if mounted.efs.is_empty() && mounted.lustre.is_empty() && mounted.others == 0 => {
                return Ok(not_concerned());
            }
            (true, None) => pass("every file system that its apps mount is encrypted"),
        };
        let lustre: Vec<String> = mounted.lustre.iter().map(|id| described(id, here)).collect();
        Ok(verdict.with("efs", mounted.efs).with("lustre", lustre))
    }
}

/// What is mounted. FSx for Lustre and S3 encrypt everything at rest, whatever anybody sets (FSx for Lustre User Guide,
/// "Encrypting data at rest"; Amazon S3 User Guide, "Setting default server-side encryption behavior").
#[derive(Default)]
struct Mounted<'w> {
    efs: Vec<&'w str>,
    lustre: Vec<&'w str>,
    others: usize,
    doubt: Option<Unseen>,
}

/// The ids and address of the three kinds of file systems, of which one is set.
type Kinds<'w> = (Option<&'w str>, Option<&'w str>, Option<&'w str>);

impl<'w> Mounted<'w> {
    fn add<M>(&mut self, list: &'w Seen<Vec<M>>, kinds: impl Fn(&'w M) -> Kinds<'w>) {
        match list.get() {
            Ok(all) => {
                for mount in all.into_iter().flatten() {
                    match kinds(mount) {
                        (Some(id), ..) => self.efs.push(id),
                        (None, Some(id), _) => self.lustre.push(id),
                        (None, None, Some(_)) => self.others += 1,
                        (None, None, None) => {
                            let unseen = unclear("it mounts a file system of a kind that this version does not know");
                            self.doubt = self.doubt.take().or(Some(unseen));
                        }
                    }
                }
            }
            Err(unseen) => self.doubt = self.doubt.take().or(Some(unseen)),
        }
    }
}

/// A file system of FSx for Lustre with what decides about its key: only a persistent one can have a key of the customer's.
fn described(id: &str, here: &Here<'_>) -> String {
    let all = &here.region.lustre_file_systems;
    let told = all.iter().find(|file_system| file_system.id == id).and_then(|file_system| {
        let key = file_system.key.shown().map_or("a key of the service", String::as_str);
        Some(format!("{id}: {}, encrypted with {key}", file_system.deployment.shown()?))
    });
    told.unwrap_or_else(|| id.to_owned())
}

fn is_encrypted(id: &str, here: &Here<'_>) -> Result<bool, Unseen> {
    match here.file_system(id)? {
        Some(file_system) => Ok(*file_system.encrypted.known("Encrypted")?),
        None => Err(unclear(format!("file system {id} is not among those of the account"))),
    }
}
