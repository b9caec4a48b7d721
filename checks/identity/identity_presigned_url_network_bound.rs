use sagescan_policy::Context;

use super::callers::{Caller, permissions_of};
use super::{roles, sessions};
use crate::engine::{Permissions, Principal, Right};
use crate::prelude::*;

pub(super) struct IdentityPresignedUrlNetworkBound;

impl Check for IdentityPresignedUrlNetworkBound {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "identity-presigned-url-network-bound",
        title: "Presigned URLs work only from known networks",
        severity: Severity::Medium,
        reads: roles::PRINCIPALS,
        practices: &["NET-7"],
        page: include_str!("identity_presigned_url_network_bound.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let Some(permissions) = permissions_of(principal, here)? else {
            return Ok(not_concerned());
        };
        let opens = here.world.once_for_alike(
            permissions,
            &["sagemaker:Create*PresignedUrl", "sagemaker:CreatePresigned*Url"],
            || Opens(opens(permissions)),
        );
        let (from, open) = match &opens.0 {
            Ok(opens) => opens,
            Err(unseen) => return Err(unseen.clone()),
        };
        let caller = Caller { principal, here };
        let calls = sessions::calls(open);
        Ok(match (from, open.first()) {
            (_, None) => not_concerned(),
            (From::Known, _) => {
                pass("calls from networks that its policies do not name are denied").with("calls", calls)
            }
            (From::Internet(address), Some((session, right))) => {
                let words = right.proof.words();
                let says = format!("its URLs from {} work from anywhere on the internet: {words}", session.call);
                let verdict = caller.failure(says, right, CURE, Severity::Medium);
                verdict.with("calls", calls).with("tried_from", *address)
            }
            (From::ForeignVpc, Some((session, right))) => {
                let says = format!("its URLs from {} work from any VPC endpoint, foreign ones included", session.call);
                let verdict = caller.failure(format!("{says}: {}", right.proof.words()), right, CURE, Severity::Low);
                let verdict = verdict.severity(Severity::Low).with("calls", calls);
                verdict.with("tried_from", "a VPC endpoint that no policy names")
            }
        })
    }
}

/// From where a session can be opened that should not be.
enum From {
    /// From an address of the internet.
    Internet(&'static str),
    /// Through the VPC endpoint of somebody else.
    ForeignVpc,
    /// From nowhere but the networks that policies name.
    Known,
}

/// Where from, and which calls: worked out once for all who are alike.
struct Opens(Result<Opened, Unseen>);

type Opened = (From, Vec<(&'static sessions::Session, Right)>);

fn opens(permissions: &Permissions) -> Result<Opened, Unseen> {
    let right = sessions::open(&sessions::PRESIGNED, permissions, &Context::open())?;
    if right.is_empty() {
        return Ok((From::Known, right));
    }
    for address in ADDRESSES {
        let outside = sessions::open(&sessions::PRESIGNED, permissions, &from_internet(address))?;
        if !outside.is_empty() {
            return Ok((From::Internet(address), outside));
        }
    }
    let outside = sessions::open(&sessions::PRESIGNED, permissions, &from_foreign_vpc(permissions.partition()))?;
    Ok(if outside.is_empty() { (From::Known, right) } else { (From::ForeignVpc, outside) })
}

const CURE: &str = "a Deny of the call unless aws:SourceIp, aws:SourceVpc or aws:SourceVpce is one of yours, or such a condition in the Allow";

/// Addresses of the internet, far apart, so that no list of one's own networks holds them all.
const ADDRESSES: [&str; 3] = ["77.13.5.9", "201.44.6.77", "2a0b:1234::9"];

/// What a request through a VPC endpoint tells, and one over the internet does not. Source: IAM user guide, "AWS global
/// condition context keys".
const OF_ENDPOINTS: [(&str, &str); 6] = [
    ("aws:SourceVpc", "vpc-0qx7zwk"),
    ("aws:SourceVpce", "vpce-0qx7zwk"),
    ("aws:VpcSourceIp", "10.231.77.9"),
    ("aws:VpceAccount", "000000000000"),
    ("aws:VpceOrgID", "o-qx7zwk0000"),
    ("aws:VpceOrgPaths", "o-qx7zwk0000/r-qx7z/"),
];

/// A call that nobody makes on behalf of the caller.
fn direct() -> Context {
    Context::open().with("aws:ViaAWSService", "false").without("aws:CalledVia")
}

fn from_internet(address: &str) -> Context {
    let context = direct().with("aws:SourceIp", address).without("aws:SourceVpcArn");
    OF_ENDPOINTS.iter().fold(context, |context, (key, _)| context.without(key))
}

/// A call through the VPC endpoint of somebody else, where there is no public address.
fn from_foreign_vpc(partition: &str) -> Context {
    let vpc = format!("arn:{partition}:ec2:us-east-1:000000000000:vpc/vpc-0qx7zwk");
    let context = direct().without("aws:SourceIp").with("aws:SourceVpcArn", vpc);
    OF_ENDPOINTS.iter().fold(context, |context, (key, value)| context.with(key, *value))
}
