//! Studio: domains, user profiles, spaces and apps.

use aws_sdk_sagemaker::operation::describe_domain::DescribeDomainOutput;
use aws_sdk_sagemaker::operation::describe_space::DescribeSpaceOutput;
use aws_sdk_sagemaker::operation::describe_user_profile::DescribeUserProfileOutput;
use aws_sdk_sagemaker::types::{AppDetails, AppStatus, DomainDetails, SpaceDetails, UserProfileDetails, UserSettings};
use sagescan_checks::snapshot::{App, Domain, Gap, Listed, Reason, Seen, Space, Tag, UserProfile};

use super::{TAGS, name, strings, tags};
use crate::collect::call::{Call, read};
use crate::collect::places::Place;
use crate::collect::translate::{switch, text, time};

const LIST_DOMAINS: Call = read!("sagemaker", "ListDomains");
const DESCRIBE_DOMAIN: Call = read!("sagemaker", "DescribeDomain");
const LIST_PROFILES: Call = read!("sagemaker", "ListUserProfiles");
const DESCRIBE_PROFILE: Call = read!("sagemaker", "DescribeUserProfile");
const LIST_SPACES: Call = read!("sagemaker", "ListSpaces");
const DESCRIBE_SPACE: Call = read!("sagemaker", "DescribeSpace");
const LIST_APPS: Call = read!("sagemaker", "ListApps");
const DESCRIBE_APP: Call = read!("sagemaker", "DescribeApp");

pub(in crate::collect) const DOMAINS: &[Call] = &[LIST_DOMAINS, DESCRIBE_DOMAIN, TAGS];
pub(in crate::collect) const USER_PROFILES: &[Call] = &[LIST_PROFILES, DESCRIBE_PROFILE, TAGS];
pub(in crate::collect) const SPACES: &[Call] = &[LIST_SPACES, DESCRIBE_SPACE, TAGS];
pub(in crate::collect) const APPS: &[Call] = &[LIST_APPS, DESCRIBE_APP];

pub(in crate::collect) async fn domains(place: &Place) -> Listed<Domain> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST_DOMAINS,
        |token| sm.list_domains().max_results(100).set_next_token(token).send(),
        |page| (page.domains.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: DomainDetails| async move {
        let request = || sm.describe_domain().set_domain_id(one.domain_id.clone());
        let seen = place.asker.ask_planned(&DESCRIBE_DOMAIN, &[], || request().send()).await;
        let tags = tags(place, one.domain_arn().unwrap_or_default()).await;
        domain(&one, &seen, tags)
    };
    place.asker.each(listed.await, describe).await
}

fn domain(one: &DomainDetails, seen: &Seen<DescribeDomainOutput>, tags: Seen<Vec<Tag>>) -> Domain {
    let idle_of_jupyterlab = seen.field(|d| {
        let settings = d.default_user_settings()?.jupyter_lab_app_settings()?;
        let idle = settings.app_lifecycle_management()?.idle_settings()?;
        Some(idle.lifecycle_management()?.as_str().to_owned())
    });
    let idle_of_code_editor = seen.field(|d| {
        let settings = d.default_user_settings()?.code_editor_app_settings()?;
        let idle = settings.app_lifecycle_management()?.idle_settings()?;
        Some(idle.lifecycle_management()?.as_str().to_owned())
    });
    Domain {
        name: name(one.domain_name()),
        arn: name(one.domain_arn()),
        id: name(one.domain_id()),
        status: one.status().map(|s| s.as_str().to_owned()).into(),
        created: one.creation_time().and_then(time).into(),
        auth: seen.field(|d| d.auth_mode().map(|a| a.as_str().to_owned())),
        sso_application: seen.field(|d| {
            text(d.single_sign_on_application_arn())
                .or_else(|| text(d.single_sign_on_managed_application_instance_id()))
        }),
        network_access: seen.field(|d| d.app_network_access_type().map(|a| a.as_str().to_owned())),
        vpc: seen.field(|d| text(d.vpc_id())),
        subnets: seen.field(|d| strings(d.subnet_ids())),
        key: seen.field(|d| {
            #[expect(deprecated, reason = "older domains only carry the older field")]
            let older = d.home_efs_file_system_kms_key_id();
            text(d.kms_key_id()).or_else(|| text(older))
        }),
        file_system: seen.field(|d| text(d.home_efs_file_system_id())),
        role: seen.field(|d| text(d.default_user_settings()?.execution_role())),
        space_role: seen.field(|d| text(d.default_space_settings()?.execution_role())),
        security_groups: seen.field(|d| strings(d.default_user_settings()?.security_groups())),
        space_security_groups: seen.field(|d| strings(d.default_space_settings()?.security_groups())),
        domain_security_groups: seen.field(|d| strings(d.domain_settings()?.security_group_ids())),
        boundary_security_group: seen.field(|d| text(d.security_group_id_for_domain_boundary())),
        jupyterlab_idle_shutdown: switch(idle_of_jupyterlab, "LifecycleManagement", "ENABLED", "DISABLED"),
        code_editor_idle_shutdown: switch(idle_of_code_editor, "LifecycleManagement", "ENABLED", "DISABLED"),
        role_identity: seen
            .field(|d| d.domain_settings()?.execution_role_identity_config().map(|c| c.as_str().to_owned())),
        identity_propagation: seen.field(|d| {
            let propagation = d.domain_settings()?.trusted_identity_propagation_settings()?;
            propagation.status().map(|s| s.as_str().to_owned())
        }),
        unified_studio: seen.field(|d| text(d.domain_settings()?.unified_studio_settings()?.domain_id())),
        session_name_mode: seen.field(|d| session_name_mode(d.default_user_settings()?)),
        rstudio_access: seen.field(|d| rstudio_access(d.default_user_settings()?)),
        rstudio_group: seen.field(|d| rstudio_group(d.default_user_settings()?)),
        emr_assumable_roles: seen.field(|d| emr_assumable_roles(d.default_user_settings()?)),
        emr_execution_roles: seen.field(|d| emr_execution_roles(d.default_user_settings()?)),
        canvas_registration: seen.field(|d| canvas_registration(d.default_user_settings()?)),
        canvas_registration_role: seen.field(|d| canvas_registration_role(d.default_user_settings()?)),
        canvas_direct_deploy: seen.field(|d| canvas_direct_deploy(d.default_user_settings()?)),
        tags,
    }
}

pub(in crate::collect) async fn user_profiles(place: &Place) -> Listed<UserProfile> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST_PROFILES,
        |token| sm.list_user_profiles().max_results(100).set_next_token(token).send(),
        |page| (page.user_profiles.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: UserProfileDetails| async move {
        let request = || {
            let request = sm.describe_user_profile().set_domain_id(one.domain_id.clone());
            request.set_user_profile_name(one.user_profile_name.clone())
        };
        let seen = place.asker.ask_planned(&DESCRIBE_PROFILE, &[], || request().send()).await;
        let arn = seen.field(|d| text(d.user_profile_arn()));
        let tags = match &arn {
            Seen::Unseen(gap) => Seen::Unseen(gap.clone()),
            arn => tags(place, arn.shown().map_or("", String::as_str)).await,
        };
        user_profile(&one, &seen, tags)
    };
    place.asker.each(listed.await, describe).await
}

fn user_profile(one: &UserProfileDetails, seen: &Seen<DescribeUserProfileOutput>, tags: Seen<Vec<Tag>>) -> UserProfile {
    UserProfile {
        name: name(one.user_profile_name()),
        arn: seen.field(|d| text(d.user_profile_arn())).shown().cloned().unwrap_or_default(),
        domain: name(one.domain_id()),
        status: one.status().map(|s| s.as_str().to_owned()).into(),
        sso_user: seen.field(|d| Some(d.single_sign_on_user_value().is_some_and(|v| !v.is_empty()))),
        role: seen.field(|d| text(d.user_settings()?.execution_role())),
        security_groups: seen.field(|d| strings(d.user_settings()?.security_groups())),
        session_name_mode: seen.field(|d| session_name_mode(d.user_settings()?)),
        rstudio_access: seen.field(|d| rstudio_access(d.user_settings()?)),
        rstudio_group: seen.field(|d| rstudio_group(d.user_settings()?)),
        emr_assumable_roles: seen.field(|d| emr_assumable_roles(d.user_settings()?)),
        emr_execution_roles: seen.field(|d| emr_execution_roles(d.user_settings()?)),
        canvas_registration: seen.field(|d| canvas_registration(d.user_settings()?)),
        canvas_registration_role: seen.field(|d| canvas_registration_role(d.user_settings()?)),
        canvas_direct_deploy: seen.field(|d| canvas_direct_deploy(d.user_settings()?)),
        tags,
    }
}

// What domains set as the default of their profiles, and profiles for themselves: the same settings in both answers.

fn session_name_mode(settings: &UserSettings) -> Option<String> {
    let portal = settings.studio_web_portal_settings()?;
    portal.execution_role_session_name_mode().map(|mode| mode.as_str().to_owned())
}

fn rstudio_access(settings: &UserSettings) -> Option<String> {
    settings.r_studio_server_pro_app_settings()?.access_status().map(|status| status.as_str().to_owned())
}

fn rstudio_group(settings: &UserSettings) -> Option<String> {
    settings.r_studio_server_pro_app_settings()?.user_group().map(|group| group.as_str().to_owned())
}

fn emr_assumable_roles(settings: &UserSettings) -> Option<Vec<String>> {
    settings.jupyter_lab_app_settings()?.emr_settings()?.assumable_role_arns.clone()
}

fn emr_execution_roles(settings: &UserSettings) -> Option<Vec<String>> {
    settings.jupyter_lab_app_settings()?.emr_settings()?.execution_role_arns.clone()
}

fn canvas_registration(settings: &UserSettings) -> Option<String> {
    let register = settings.canvas_app_settings()?.model_register_settings()?;
    register.status().map(|status| status.as_str().to_owned())
}

fn canvas_registration_role(settings: &UserSettings) -> Option<String> {
    let register = settings.canvas_app_settings()?.model_register_settings()?;
    text(register.cross_account_model_register_role_arn())
}

fn canvas_direct_deploy(settings: &UserSettings) -> Option<String> {
    let deploy = settings.canvas_app_settings()?.direct_deploy_settings()?;
    deploy.status().map(|status| status.as_str().to_owned())
}

pub(in crate::collect) async fn spaces(place: &Place) -> Listed<Space> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST_SPACES,
        |token| sm.list_spaces().max_results(100).set_next_token(token).send(),
        |page| (page.spaces.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: SpaceDetails| async move {
        let request =
            || sm.describe_space().set_domain_id(one.domain_id.clone()).set_space_name(one.space_name.clone());
        let seen = place.asker.ask_planned(&DESCRIBE_SPACE, &[], || request().send()).await;
        let tags = match seen.field(|d: &DescribeSpaceOutput| text(d.space_arn())) {
            Seen::Unseen(gap) => Seen::Unseen(gap),
            arn => tags(place, arn.shown().map_or("", String::as_str)).await,
        };
        space(&one, &seen, tags)
    };
    place.asker.each(listed.await, describe).await
}

fn space(one: &SpaceDetails, seen: &Seen<DescribeSpaceOutput>, tags: Seen<Vec<Tag>>) -> Space {
    Space {
        name: name(one.space_name()),
        arn: seen.field(|d| text(d.space_arn())).shown().cloned().unwrap_or_default(),
        domain: name(one.domain_id()),
        status: one.status().map(|s| s.as_str().to_owned()).into(),
        sharing: seen.field(|d| d.space_sharing_settings()?.sharing_type().map(|t| t.as_str().to_owned())),
        owner: seen.field(|d| text(d.ownership_settings()?.owner_user_profile_name())),
        app_type: seen.field(|d| d.space_settings()?.app_type().map(|t| t.as_str().to_owned())),
        tags,
    }
}

pub(in crate::collect) async fn apps(place: &Place) -> Listed<App> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST_APPS,
        |token| sm.list_apps().max_results(100).set_next_token(token).send(),
        |page| (page.apps.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: AppDetails| async move {
        // Only the description tells when someone last used the app, and only a running app can be idle.
        let seen = if one.status() == Some(&AppStatus::InService) {
            let request = || {
                let request = sm.describe_app().set_domain_id(one.domain_id.clone()).set_app_name(one.app_name.clone());
                let request = request.set_app_type(one.app_type.clone()).set_space_name(one.space_name.clone());
                request.set_user_profile_name(one.user_profile_name.clone())
            };
            place.asker.ask_planned(&DESCRIBE_APP, &[], || request().send()).await
        } else {
            place.asker.spared();
            Seen::Unseen(Gap::new(Reason::Skipped, "only running apps are described"))
        };
        App {
            name: name(one.app_name()),
            arn: seen.field(|d| text(d.app_arn())).shown().cloned().unwrap_or_default(),
            domain: name(one.domain_id()),
            kind: one.app_type().map(|t| t.as_str().to_owned()).unwrap_or_default(),
            profile: text(one.user_profile_name()),
            space: text(one.space_name()),
            status: one.status().map(|s| s.as_str().to_owned()).into(),
            created: one.creation_time().and_then(time).into(),
            instance_type: one.resource_spec().and_then(|r| r.instance_type()).map(|t| t.as_str().to_owned()).into(),
            last_activity: seen.field(|d| d.last_user_activity_timestamp().and_then(time)),
            identity_propagation: seen
                .field(|d| d.effective_trusted_identity_propagation_status().map(|s| s.as_str().to_owned())),
        }
    };
    place.asker.each(listed.await, describe).await
}
