use std::collections::BTreeSet;

use sagescan_policy::{Context, Document, Effect, Element, Principal, admissions};

use crate::aws::buckets::is_directory_bucket;
use crate::engine::Fence;
use crate::prelude::*;

pub(super) struct HyperpodLifecycleScriptsProtected;

impl Check for HyperpodLifecycleScriptsProtected {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-lifecycle-scripts-protected",
        title: "Only administrators change the scripts that set up HyperPod nodes",
        severity: Severity::High,
        reads: &[Table::Clusters, Table::Buckets, Table::Roles, Table::Policies, Table::Organization],
        practices: &["SUP-4"],
        page: include_str!("hyperpod_lifecycle_scripts_protected.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, here: &Here<'_>) -> Judged {
        let groups = cluster.groups.known("InstanceGroups")?;
        let scripts: BTreeSet<&str> = groups.iter().filter_map(|group| group.scripts.as_deref()).collect();
        if scripts.is_empty() {
            return Ok(exempt("none of its groups runs lifecycle scripts"));
        }
        let roles: BTreeSet<&str> = groups.iter().filter_map(|group| group.role.as_deref()).collect();
        let (mut flaws, mut doubt) = (Vec::new(), None);
        for uri in scripts {
            let mut look = |found: Result<Option<(Severity, String)>, Unseen>| match found {
                Ok(flaw) => flaws.extend(flaw),
                Err(unseen) => doubt = doubt.take().or(Some(unseen)),
            };
            look(open_to_others(uri, here));
            for role in &roles {
                look(writable_by(role, uri, here));
            }
            look(unversioned(uri, here));
        }
        flaws.sort_by_key(|flaw: &(Severity, String)| std::cmp::Reverse(flaw.0));
        match (flaws.first(), doubt) {
            (Some((severity, says)), _) if *severity == Severity::High => Ok(fail(says.clone())),
            (_, Some(unseen)) => Err(unseen),
            (Some((severity, says)), None) => Ok(fail(says.clone()).severity(*severity)),
            (None, None) => {
                Ok(pass("neither other accounts nor its own nodes can change its scripts, and old versions stay"))
            }
        }
    }
}

fn bucket_in(uri: &str) -> Result<&str, Unseen> {
    bucket_of(uri).ok_or_else(|| unclear(format!("{uri} names no bucket")))
}

/// Whether the bucket is somebody else's, or its policy lets others write.
fn open_to_others(uri: &str, here: &Here<'_>) -> Result<Option<(Severity, String)>, Unseen> {
    let name = bucket_in(uri)?;
    let bucket = here.world.bucket(name)?;
    if bucket.region.get()?.is_none() {
        return Ok(Some((
            Severity::High,
            format!("its scripts lie in bucket {name}, which does not exist: anyone may make it"),
        )));
    }
    let Some(text) = bucket.policy.get()? else { return Ok(None) };
    let policy = Document::parse_or_doubt("the bucket policy", text);
    let uncertain = || unclear(format!("the policy of bucket {name} cannot be read with certainty"));
    let odd = |statement: &sagescan_policy::Statement| {
        statement.effect != Effect::Deny
            && (statement.flaw.is_some() || matches!(statement.principals, Element::Unstated))
    };
    let doubt = policy.statements().iter().any(odd).then(uncertain);
    let mut writer = None;
    for admission in admissions(&policy, "s3:PutObject") {
        let statement = admission.statement;
        if statement.effect != Effect::Allow || statement.flaw.is_some() {
            continue;
        }
        let who = match (admission.who, admission.who.account()) {
            (Principal::Everyone, _) => match Fence::around(admission.conditions(), |a| a == here.account()) {
                Fence::Ours => None,
                Fence::None => Some("everyone".to_owned()),
                Fence::Accounts(accounts) => Some(format!("account {}", accounts.join(", "))),
                Fence::Organizations(_) => Some("every account of an organization".to_owned()),
            },
            (Principal::Canonical(id), _) => Some(format!("canonical user {id}")),
            (_, Some(account)) if account != here.account() => Some(format!("account {account}")),
            _ => None,
        };
        writer = writer.or(who);
    }
    match (writer, doubt) {
        (Some(who), _) => {
            Ok(Some((Severity::High, format!("the policy of bucket {name}, where its scripts lie, lets {who} write"))))
        }
        (None, Some(unseen)) => Err(unseen),
        (None, None) => Ok(None),
    }
}

/// Whether the role of the nodes may write the scripts that set up the next ones.
fn writable_by(role: &str, uri: &str, here: &Here<'_>) -> Result<Option<(Severity, String)>, Unseen> {
    let name = bucket_in(uri)?;
    let key = uri.splitn(4, '/').nth(3).unwrap_or_default().trim_end_matches('/');
    let key = if key.is_empty() { "on_create.sh".to_owned() } else { format!("{key}/on_create.sh") };
    let found = here.world.role(role)?.ok_or_else(|| unclear(format!("role {role} does not exist (any more)")))?;
    let resource = format!("arn:{}:s3:::{name}/{key}", here.partition());
    let proof = here.world.role_permissions(found)?.may("s3:PutObject", &resource, Context::open())?;
    Ok(proof.map(|proof| {
        let says = format!(
            "its nodes, as {}, may change the scripts that run as root on every new node: {}",
            found.name,
            proof.words()
        );
        (Severity::High, says)
    }))
}

fn unversioned(uri: &str, here: &Here<'_>) -> Result<Option<(Severity, String)>, Unseen> {
    let name = bucket_in(uri)?;
    if is_directory_bucket(name) {
        return Ok(Some((
            Severity::Medium,
            format!("its scripts lie in {name}, a directory bucket, which keeps no versions"),
        )));
    }
    match here.world.bucket(name)?.versioning.get()?.map(String::as_str) {
        Some("Enabled") => Ok(None),
        _ => Ok(Some((Severity::Medium, format!("bucket {name}, where its scripts lie, keeps no versions of them")))),
    }
}
