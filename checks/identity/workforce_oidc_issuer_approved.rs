use crate::prelude::*;

pub(super) struct WorkforceOidcIssuerApproved;

/// Hosts of one identity provider that carry different domains: Google, and Amazon Cognito (discovery documents of both,
/// September 2026).
const OF_ONE_PROVIDER: [&[&str]; 2] =
    [&["google.com", "googleapis.com"], &["amazonaws.com", "amazonaws.com.cn", "amazoncognito.com"]];

/// Domains under which every customer has a host of its own: the neighbour's host is somebody else. Source: the providers'
/// own documentation of custom domains, September 2026.
const SHARED_BY_CUSTOMERS: [&str; 7] =
    ["okta.com", "oktapreview.com", "okta-emea.com", "auth0.com", "onelogin.com", "b2clogin.com", "ciamlogin.com"];

impl Check for WorkforceOidcIssuerApproved {
    type On<'w> = &'w Workforce;

    const META: Meta = Meta {
        id: "workforce-oidc-issuer-approved",
        title: "The sign-in of a workforce lies with one identity provider",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::Workforces],
        practices: &["ID-12"],
        page: include_str!("workforce_oidc_issuer_approved.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, workforce: &Workforce, _: &Here<'_>) -> Judged {
        let Some(issuer) = workforce.issuer.get()? else {
            return Ok(not_concerned());
        };
        let issuer = host(issuer)?;
        let others = [
            ("TokenEndpoint", &workforce.token_endpoint),
            ("JwksUri", &workforce.jwks_uri),
            ("AuthorizationEndpoint", &workforce.authorization_endpoint),
        ];
        let mut doubt = None;
        for (field, url) in others {
            match url.known(field).and_then(|url| host(url)) {
                Ok(other) if belong_together(&issuer, &other) => {}
                Ok(other) => {
                    let says = format!("{issuer} issues its tokens, but {field} lies at {other}");
                    return Ok(fail(says).with("issuer", issuer).with("field", field).with("host", other));
                }
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(pass(format!("{issuer} and hosts of the same provider decide who signs in")).with("issuer", issuer))
    }
}

/// The host of an https address, in lower case.
fn host(url: &str) -> Result<String, Unseen> {
    let rest = url.strip_prefix("https://").unwrap_or_default();
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = place.split_once(':').map_or(place, |(host, _)| host).to_ascii_lowercase();
    let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '.' || sign == '-';
    match host.contains('.') && host.chars().all(plain) {
        true => Ok(host),
        false => Err(unclear("an address of its identity provider names no host that can be compared")),
    }
}

fn belong_together(one: &str, other: &str) -> bool {
    let within =
        |host: &str, domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|h| h.ends_with('.'));
    let known = |hosts: &&[&str]| [one, other].iter().all(|host| hosts.iter().any(|domain| within(host, domain)));
    if one == other || OF_ONE_PROVIDER.iter().any(known) {
        return true;
    }
    !SHARED_BY_CUSTOMERS.iter().any(|domain| within(one, domain)) && domain_of(one) == domain_of(other)
}

/// What somebody registers: the last two labels, or three where the last two look like `co.uk`. An address of numbers stands
/// for itself.
fn domain_of(host: &str) -> &str {
    let ends: Vec<usize> = host.rmatch_indices('.').map(|(at, _)| at).collect();
    let last = ends.first().and_then(|at| host.get(at + 1..)).unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return host;
    }
    let second = ends.first().zip(ends.get(1)).map_or(usize::MAX, |(end, start)| end - start - 1);
    let from = if second <= 3 && last.len() == 2 { ends.get(2) } else { ends.get(1) };
    from.and_then(|at| host.get(at + 1..)).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_one_owner_belong_together() {
        for (one, other, together) in [
            ("login.example.com", "keys.example.com", true),
            ("login.example.com", "example.com.evil.net", false),
            ("a.example.co.uk", "b.example.co.uk", true),
            ("a.example.co.uk", "b.evil.co.uk", false),
            ("accounts.google.com", "www.googleapis.com", true),
            ("mine.okta.com", "theirs.okta.com", false),
            ("mine.okta.com", "mine.okta.com", true),
            ("10.0.0.1", "9.0.0.1", false),
            ("notgoogle.com", "www.googleapis.com", false),
        ] {
            assert_eq!(belong_together(one, other), together, "{one} and {other}");
        }
    }

    #[test]
    fn only_plain_addresses_have_a_host() {
        assert_eq!(host("https://Login.Example.com:8443/a?b").as_deref(), Ok("login.example.com"));
        for odd in ["http://login.example.com", "https://good.com@evil.com/", "https://", "https://localhost", "", "é"]
        {
            assert!(host(odd).is_err(), "{odd}");
        }
    }
}
