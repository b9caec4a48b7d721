//! Network Firewall: what stands between the VPCs of SageMaker and the internet.

use serde_json::{Value, json};

use super::record::record;
use super::wire::Every;
use super::{Ask, Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// A firewall of a VPC that SageMaker resources use (ListFirewalls, DescribeFirewall).
    pub struct Firewall in firewalls {
        name: String = "Firewall.FirewallName" | "FirewallName",
        arn: String = "Firewall.FirewallArn" | "FirewallArn",
        /// `READY`, `PROVISIONING`, `DELETING` or `FAILED`
        status: Seen<String> = "FirewallStatus.Status",
        vpc: Seen<String> = "Firewall.VpcId",
        /// The subnets that its endpoints lie in.
        subnets: Seen<Vec<String>> = "Firewall.SubnetMappings[].SubnetId" as Every,
        /// What it lets through is written there.
        policy: Seen<String> = "Firewall.FirewallPolicyArn",
        key: Seen<String> = "Firewall.EncryptionConfiguration.KeyId" => Key,
    }
    by Spec {
        describe: Some(Ask::of(
            read!("network-firewall", "DescribeFirewall"),
            &[("FirewallArn", "Firewall.FirewallArn")],
        )),
        arn: "Firewall.FirewallArn",
        created: "",
        resource: "{FirewallArn}",
        summary: &["FirewallName=Firewall.FirewallName", "FirewallArn=Firewall.FirewallArn"],
        required: r#"{
            "Firewall": {
                "FirewallPolicyArn": "arn:aws:network-firewall:us-east-1:111122223333:firewall-policy/egress",
                "VpcId": "vpc-0", "SubnetMappings": [], "FirewallId": "12345678-1234-1234-1234-123456789012",
                "EncryptionConfiguration?": {"Type": "CUSTOMER_KMS"}
            },
            "FirewallStatus": {"Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC"}
        }"#,
        missing: "ResourceNotFoundException",
        needs: &[Table::Vpcs],
        ..Spec::of(Table::Firewalls, List {
            per: Some(of_vpcs),
            ..List::of(read!("network-firewall", "ListFirewalls"), "Firewalls")
        })
    }
}

/// One question about some VPCs at a time.
fn of_vpcs(known: &Known<'_>) -> Listed<Value> {
    let vpcs = &known.region.vpcs;
    let ids: Vec<&str> = vpcs.iter().map(|vpc| vpc.id.as_str()).collect();
    Listed { items: ids.chunks(50).map(|ids| json!({ "VpcIds": ids })).collect(), missing: vpcs.missing.clone() }
}
