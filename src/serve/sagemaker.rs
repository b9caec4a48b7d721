//! SageMaker: for each type a summary, as its list has it, and the whole, as its description has it.
//!
//! Members that the service model requires and the snapshot does not keep get plausible constants; everything else that
//! the snapshot does not keep is left out.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use sagescan_checks::snapshot::{App, Domain, Listed, Reason, Region, Seen, Space, Tag, UserProfile};
use serde_json::{Value, json};

use super::call::{Answer, Call, Operation, Outcome};
use super::faults::FROM_THE_FUTURE;
use super::paging::Paging;
use super::refusal::Refusal;

macro_rules! read {
    ($name:literal, $resource:literal, $answer:expr) => {
        Operation { name: $name, action: concat!("sagemaker:", $name), resource: $resource, answer: $answer }
    };
}

/// What is served by hand.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        read!("ListDomains", "domain/*", list::<Domain>),
        read!("DescribeDomain", "domain/{DomainId}", describe::<Domain>),
        read!("ListUserProfiles", "user-profile/{DomainIdEquals}/*", list::<UserProfile>),
        read!("DescribeUserProfile", "user-profile/{DomainId}/{UserProfileName}", describe::<UserProfile>),
        read!("ListSpaces", "space/{DomainIdEquals}/*", list::<Space>),
        read!("DescribeSpace", "space/{DomainId}/{SpaceName}", describe::<Space>),
        read!("ListApps", "app/{DomainIdEquals}/*", list::<App>),
        read!("DescribeApp", "app/{DomainId}/{UserProfileName}/{AppType}/{AppName}", describe::<App>),
    ]
}

const PAGES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 10, maximum: 100 };

/// A type of resource: where its table is, how a request names one, and what its two operations say.
trait Resource: Sized + 'static {
    /// The member of the list's answer that holds the summaries.
    const LIST: &'static str;
    /// The parameters that name one, in the order of [`Resource::identity`].
    const NAMED_BY: &'static [&'static str];
    /// The code of the error for one that is not there.
    const ABSENT: &'static str = "ValidationException";

    fn table(region: &Region) -> &Listed<Self>;
    fn identity(&self) -> Vec<&str>;
    /// `None` where the snapshot keeps no tags of the type.
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        None
    }
    fn created(&self) -> Option<Timestamp>;
    /// The domain that it belongs to, and the user profile or space within.
    fn within(&self) -> [Option<&str>; 3] {
        [None; 3]
    }
    fn summary(&self) -> Result<Value, Refusal>;
    fn whole(&self) -> Result<Value, Refusal>;
}

/// The filters that are honoured; all others select everything.
const WITHIN: [&str; 3] = ["DomainIdEquals", "UserProfileNameEquals", "SpaceNameEquals"];

fn list<T: Resource>(call: &Call<'_>) -> Outcome {
    let table = T::table(call.here()?);
    let [by, order] = ["SortBy", "SortOrder"].map(|parameter| call.text(parameter).unwrap_or_default());
    let filters = WITHIN.map(|parameter| call.text(parameter));
    let key = format!("{}/{}/{by}/{order}/{filters:?}", call.region, call.operation.name);
    let chosen = call.world.remember(key, || arrange(&table.items, by, order, filters));
    let page = PAGES.page(call, chosen.len(), call.gap(table))?;
    let summaries = chosen[page.range].iter().map(|&row| table.items[row].summary());
    let summaries = summaries.collect::<Result<Vec<_>, _>>()?;
    Ok(Answer::Json(json!({ T::LIST: summaries, "NextToken": page.next })))
}

/// The rows that a list shows, in its order: by time if nothing else is asked for.
fn arrange<T: Resource>(items: &[T], by: &str, order: &str, filters: [Option<&str>; 3]) -> Vec<usize> {
    let fits = |item: &T| filters.iter().zip(item.within()).all(|(asked, is)| asked.is_none() || *asked == is);
    let mut rows: Vec<usize> = (0..items.len()).filter(|&row| fits(&items[row])).collect();
    match by {
        "Name" => rows.sort_by(|&a, &b| items[a].identity().cmp(&items[b].identity())),
        _ if by.is_empty() && order.is_empty() => {}
        _ => rows.sort_by_key(|&row| items[row].created()),
    }
    if order == "Descending" {
        rows.reverse();
    }
    rows
}

fn describe<T: Resource>(call: &Call<'_>) -> Outcome {
    let table = T::table(call.here()?);
    let key = format!("{}/{}", call.region, T::LIST);
    let rows = call.world.remember(key, || {
        let identities = table.items.iter().map(|item| item.identity().join("\n"));
        identities.zip(0..).collect::<HashMap<String, usize>>()
    });
    let wanted = T::NAMED_BY.iter().map(|parameter| call.text(parameter).unwrap_or_default()).collect::<Vec<_>>();
    match (rows.get(&wanted.join("\n")), &table.missing) {
        (Some(&row), _) => Ok(Answer::Json(table.items[row].whole()?)),
        (None, Some(gap)) => Err(gap.into()),
        (None, None) => Err(Refusal::absent(T::ABSENT, format!("Could not find \"{}\".", call.resource()))),
    }
}

/// The tags of what is served by hand, by ARN.
pub(super) fn tagged(region: &Region) -> BTreeMap<String, Seen<Vec<Tag>>> {
    let mut all = BTreeMap::new();
    note_tags::<Domain>(region, &mut all);
    note_tags::<UserProfile>(region, &mut all);
    note_tags::<Space>(region, &mut all);
    all
}

fn note_tags<T: Resource>(region: &Region, all: &mut BTreeMap<String, Seen<Vec<Tag>>>) {
    let tagged = T::table(region).iter().filter_map(T::arn_and_tags);
    all.extend(tagged.map(|(arn, tags)| (arn.to_owned(), tags.clone())));
}

impl Resource for Domain {
    const LIST: &'static str = "Domains";
    const NAMED_BY: &'static [&'static str] = &["DomainId"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.domains
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.id]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "DomainId": self.id,
            "DomainArn": self.arn,
            "DomainName": self.name,
            "Status": self.status.shown(),
            "CreationTime": self.created.shown().map(seconds),
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let application = self.sso_application.get()?;
        let (by_arn, managed) = match application {
            Some(arn) if arn.starts_with("arn:") => (Some(arn), None),
            other => (None, other),
        };
        let idle = |seen: &Seen<bool>| -> Result<Value, Refusal> {
            let managed = switch(seen, ["ENABLED", "DISABLED"])?;
            Ok(json!({ "IdleSettings": { "LifecycleManagement": managed } }))
        };
        Ok(json!({
            "DomainId": self.id,
            "DomainArn": self.arn,
            "DomainName": self.name,
            "Status": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "AuthMode": self.auth.get()?,
            "SingleSignOnApplicationArn": by_arn,
            "SingleSignOnManagedApplicationInstanceId": managed,
            "AppNetworkAccessType": self.network_access.get()?,
            "VpcId": self.vpc.get()?,
            "SubnetIds": self.subnets.get()?,
            "KmsKeyId": self.key.get()?,
            "HomeEfsFileSystemId": self.file_system.get()?,
            "DefaultUserSettings": {
                "ExecutionRole": self.role.get()?,
                "SecurityGroups": self.security_groups.get()?,
                "JupyterLabAppSettings": {
                    "AppLifecycleManagement": idle(&self.jupyterlab_idle_shutdown)?,
                    "EmrSettings": emr_settings!(self),
                },
                "CodeEditorAppSettings": { "AppLifecycleManagement": idle(&self.code_editor_idle_shutdown)? },
                "StudioWebPortalSettings": portal_settings!(self),
                "RStudioServerProAppSettings": rstudio_settings!(self),
                "CanvasAppSettings": canvas_settings!(self),
            },
            "DefaultSpaceSettings": {
                "ExecutionRole": self.space_role.get()?,
                "SecurityGroups": self.space_security_groups.get()?,
            },
            "DomainSettings": {
                "SecurityGroupIds": self.domain_security_groups.get()?,
                "ExecutionRoleIdentityConfig": self.role_identity.get()?,
                "TrustedIdentityPropagationSettings":
                    self.identity_propagation.get()?.map(|status| json!({ "Status": status })),
                "UnifiedStudioSettings": self.unified_studio.get()?.map(|id| json!({ "DomainId": id })),
            },
            "SecurityGroupIdForDomainBoundary": self.boundary_security_group.get()?,
        }))
    }
}

impl Resource for UserProfile {
    const LIST: &'static str = "UserProfiles";
    const NAMED_BY: &'static [&'static str] = &["DomainId", "UserProfileName"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.user_profiles
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.domain, &self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        None
    }
    fn within(&self) -> [Option<&str>; 3] {
        [Some(&self.domain), None, None]
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({ "DomainId": self.domain, "UserProfileName": self.name, "Status": self.status.shown() }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let single_sign_on = self.sso_user.get()?.copied().unwrap_or(false);
        Ok(json!({
            "DomainId": self.domain,
            "UserProfileName": self.name,
            "UserProfileArn": self.arn,
            "Status": self.status.get()?,
            "SingleSignOnUserIdentifier": single_sign_on.then_some("UserName"),
            "SingleSignOnUserValue": single_sign_on.then_some("somebody@example.com"),
            "UserSettings": {
                "ExecutionRole": self.role.get()?,
                "SecurityGroups": self.security_groups.get()?,
                "JupyterLabAppSettings": { "EmrSettings": emr_settings!(self) },
                "StudioWebPortalSettings": portal_settings!(self),
                "RStudioServerProAppSettings": rstudio_settings!(self),
                "CanvasAppSettings": canvas_settings!(self),
            },
        }))
    }
}

impl Resource for Space {
    const LIST: &'static str = "Spaces";
    const NAMED_BY: &'static [&'static str] = &["DomainId", "SpaceName"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.spaces
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.domain, &self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        None
    }
    fn within(&self) -> [Option<&str>; 3] {
        [Some(&self.domain), None, Some(&self.name)]
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "DomainId": self.domain,
            "SpaceName": self.name,
            "Status": self.status.shown(),
            "SpaceSettingsSummary": { "AppType": self.app_type.shown() },
            "SpaceSharingSettingsSummary": { "SharingType": self.sharing.shown() },
            "OwnershipSettingsSummary": { "OwnerUserProfileName": self.owner.shown() },
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "DomainId": self.domain,
            "SpaceName": self.name,
            "SpaceArn": self.arn,
            "Status": self.status.get()?,
            "SpaceSettings": { "AppType": self.app_type.get()? },
            "SpaceSharingSettings": { "SharingType": self.sharing.get()? },
            "OwnershipSettings": { "OwnerUserProfileName": self.owner.get()? },
        }))
    }
}

impl Resource for App {
    const LIST: &'static str = "Apps";
    const NAMED_BY: &'static [&'static str] = &["DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.apps
    }
    fn identity(&self) -> Vec<&str> {
        let [profile, space] = [&self.profile, &self.space].map(|owner| owner.as_deref().unwrap_or_default());
        vec![&self.domain, profile, space, &self.kind, &self.name]
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }
    fn within(&self) -> [Option<&str>; 3] {
        [Some(&self.domain), self.profile.as_deref(), self.space.as_deref()]
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "DomainId": self.domain,
            "UserProfileName": self.profile,
            "SpaceName": self.space,
            "AppType": self.kind,
            "AppName": self.name,
            "Status": self.status.shown(),
            "CreationTime": self.created.shown().map(seconds),
            "ResourceSpec": { "InstanceType": self.instance_type.shown() },
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "AppArn": self.arn,
            "DomainId": self.domain,
            "UserProfileName": self.profile,
            "SpaceName": self.space,
            "AppType": self.kind,
            "AppName": self.name,
            "Status": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "LastUserActivityTimestamp": epoch(&self.last_activity)?,
            "EffectiveTrustedIdentityPropagationStatus": self.identity_propagation.get()?,
            "ResourceSpec": { "InstanceType": self.instance_type.get()? },
        }))
    }
}

/// A switch in the service's words. What the scan did not recognise is still not recognisable.
fn switch(seen: &Seen<bool>, [on, off]: [&'static str; 2]) -> Result<Option<&'static str>, Refusal> {
    match seen {
        Seen::Unseen(gap) if gap.reason == Reason::Unrecognised => Ok(Some(FROM_THE_FUTURE)),
        seen => Ok(seen.get()?.map(|is| if *is { on } else { off })),
    }
}

/// Seconds since 1970, as JSON protocols want them; milliseconds are all that AWS tells.
pub(super) fn epoch(seen: &Seen<Timestamp>) -> Result<Option<f64>, Refusal> {
    Ok(seen.get()?.map(seconds))
}

fn seconds(time: &Timestamp) -> f64 {
    // Exact for 285 thousand years around 1970.
    #[allow(clippy::cast_precision_loss)]
    let milliseconds = time.as_millisecond() as f64;
    milliseconds / 1000.0
}
