use crate::prelude::*;

pub(super) struct ApiFrontDoorTls;

impl Check for ApiFrontDoorTls {
    type On<'w> = &'w RestApi;

    const META: Meta = Meta {
        id: "api-front-door-tls",
        title: "APIs in front of endpoints have a name of yours and current TLS",
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        reads: &[
            Table::RestApis,
            Table::ApiResources,
            Table::ApiDomains,
            Table::LambdaFunctions,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["TRAN-1"],
        page: include_str!("api_front_door_tls.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, api: &RestApi, here: &Here<'_>) -> Judged {
        if !leads_to_endpoint(api, here)? {
            return Ok(not_concerned());
        }
        let reach = api.reach.get()?.map(Vec::as_slice).unwrap_or_default();
        if !reach.is_empty() && reach.iter().all(|kind| kind == "PRIVATE") {
            return Ok(exempt("it is private: only VPC endpoints reach it"));
        }
        let own_name = !*api.default_name_off.get()?.unwrap_or(&false);
        let default = api.security_policy.get()?.map(String::as_str);
        let (mut names, mut weak, mut doubt) =
            (Vec::new(), Vec::new(), here.region.api_domains.missing.as_ref().map(Unseen::from));
        for domain in here.region.api_domains.iter() {
            match domain.rest_apis.get() {
                Ok(apis) if apis.is_some_and(|apis| apis.contains(&api.id)) => {
                    names.push(domain.name.as_str());
                    match domain.security_policy.known("securityPolicy") {
                        Ok(policy) if policy == OLD => weak.push(domain.name.as_str()),
                        Ok(_) => {}
                        Err(unseen) => doubt = doubt.or(Some(unseen)),
                    }
                }
                Ok(_) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        let verdict = if let Some(name) = weak.first() {
            fail(format!("{name}, the name in front of it, takes TLS 1.0 and 1.1"))
        } else if own_name && default == Some(OLD) {
            fail("the name that AWS gave it takes TLS 1.0 and 1.1, and is not switched off")
        } else if let Some(unseen) = doubt {
            return Err(unseen);
        } else if names.is_empty() {
            fail("no domain name of yours leads to it, so its TLS is not yours to choose").severity(Severity::Low)
        } else if own_name && default.is_none() {
            let says = format!(
                "{} stands in front of it, but the name that AWS gave it is not switched off",
                names.join(", ")
            );
            fail(says).severity(Severity::Low)
        } else {
            pass(format!("{} stands in front of it, with TLS 1.2 or later", names.join(", ")))
        };
        Ok(verdict.with("domain_names", names).with("security_policy", default).with("default_name_off", !own_name))
    }
}

/// The security policy that still takes TLS 1.0 (API Gateway Developer Guide, "Choose a security policy").
const OLD: &str = "TLS_1_0";

/// Whether a method of the API leads to an endpoint. A "no" needs all of them.
fn leads_to_endpoint(api: &RestApi, here: &Here<'_>) -> Result<bool, Unseen> {
    let resources = &here.region.api_resources;
    let mut doubt = resources.missing.as_ref().map(Unseen::from);
    for resource in resources.iter().filter(|resource| resource.api == api.id) {
        let methods = match resource.methods.known("resourceMethods") {
            Ok(methods) => methods,
            Err(unseen) => {
                doubt = doubt.or(Some(unseen));
                continue;
            }
        };
        for target in methods.iter().filter_map(|method| method.target.as_deref()) {
            match here.way_to_endpoint(target) {
                Ok(Some(_)) => return Ok(true),
                Ok(None) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
    }
    doubt.map_or(Ok(false), Err)
}
