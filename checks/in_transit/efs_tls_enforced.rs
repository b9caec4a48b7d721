use sagescan_policy::{Context, Document, Truth, denies_everyone};

use crate::engine::FileSystemUse;
use crate::prelude::*;

pub(super) struct EfsTlsEnforced;

impl Check for EfsTlsEnforced {
    type On<'w> = &'w FileSystem;

    const META: Meta = Meta {
        id: "efs-tls-enforced",
        title: "File systems of Studio refuse clients without TLS",
        severity: Severity::Medium,
        reads: &[Table::FileSystems, Table::Domains, Table::UserProfiles, Table::Spaces],
        practices: &["TRAN-1"],
        page: include_str!("efs_tls_enforced.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, file_system: &FileSystem, here: &Here<'_>) -> Judged {
        let severity = match here.use_of_file_system(&file_system.id)? {
            // SageMaker mounts the homes over TLS by itself: the policy only stops others.
            FileSystemUse::Home(_) => Severity::Info,
            FileSystemUse::Mounted => Severity::Medium,
            FileSystemUse::Unused => return Ok(not_concerned()),
        };
        let Some(policy) = file_system.policy.get()? else {
            return Ok(fail("it has no policy, so it answers clients without TLS").severity(severity));
        };
        let policy = Document::parse_or_doubt("the file system policy", policy);
        let plain = Context::open().with("aws:SecureTransport", "false");
        let (denies, _) = denies_everyone(&policy, "elasticfilesystem:ClientMount", &file_system.arn, &plain);
        match denies {
            Truth::Yes => Ok(pass("its policy denies every client without TLS")),
            Truth::No => Ok(fail("its policy does not deny clients without TLS").severity(severity)),
            Truth::Maybe(doubts) if doubts.notes.is_empty() => {
                let keys: Vec<&str> = doubts.keys.iter().map(|key| &**key).collect();
                let on = keys.join(", ");
                let says = format!("its policy denies clients without TLS only under a further condition on {on}");
                Ok(fail(says).severity(severity).with("condition_keys", keys))
            }
            Truth::Maybe(doubts) => {
                let notes: Vec<&str> = doubts.notes.iter().map(|note| &**note).collect();
                Err(unclear(format!("the file system policy cannot be read with certainty: {}", notes.join("; "))))
            }
        }
    }
}
