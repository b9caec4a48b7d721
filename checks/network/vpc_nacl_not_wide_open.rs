use ipnet::IpNet;

use crate::engine::Addresses;
use crate::prelude::*;

pub(super) struct VpcNaclNotWideOpen;

/// Where administrators log in: SSH and remote desktop.
const ADMINISTRATION: [i32; 2] = [22, 3389];

impl Check for VpcNaclNotWideOpen {
    type On<'w> = &'w NetworkAcl;

    const META: Meta = Meta {
        id: "vpc-nacl-not-wide-open",
        title: "Network ACLs of workload subnets keep administration ports from the internet",
        severity: Severity::Low,
        reads: &[Table::Subnets, Table::NetworkAcls],
        practices: &["NET-7"],
        page: include_str!("vpc_nacl_not_wide_open.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, acl: &NetworkAcl, here: &Here<'_>) -> Judged {
        let subnets = acl.subnets.get()?.map_or(&[][..], Vec::as_slice);
        let used: Vec<String> = subnets.iter().filter(|id| here.is_workload_subnet(id)).cloned().collect();
        if used.is_empty() {
            return match here.gap_in(What::Subnet) {
                Some(gap) => Err(gap.into()),
                None => Ok(not_concerned()),
            };
        }
        let entries = acl.entries.known("Entries")?;
        let mut open = Vec::new();
        for port in ADMINISTRATION {
            if admitted(entries, port)?.is_internet() {
                open.push(port.to_string());
            }
        }
        let verdict = match open.as_slice() {
            [] => pass("it keeps the internet from ports 22 and 3389"),
            _ => fail(format!("it admits the internet on port {}", open.join(" and "))),
        };
        Ok(verdict.with("subnets", used))
    }
}

/// Who may come in on a TCP port. The first entry that fits decides, so entries speak in reverse order and the later
/// word replaces the earlier; the end of the list denies.
fn admitted(entries: &[AclEntry], port: i32) -> Result<Addresses, Unseen> {
    let mut ingress: Vec<&AclEntry> = entries.iter().filter(|e| !e.egress).collect();
    ingress.sort_by_key(|e| std::cmp::Reverse(e.number));
    let mut admitted = Addresses::default();
    for entry in ingress {
        let on_port = match entry.protocol.as_str() {
            "-1" => true,
            "6" | "tcp" => match (entry.from, entry.to) {
                (Some(from), Some(to)) => from <= port && port <= to,
                _ => return Err(unclear(format!("entry {} has no port range", entry.number))),
            },
            _ => false,
        };
        if !on_port {
            continue;
        }
        let Ok(block) = entry.cidr.parse::<IpNet>() else {
            return Err(unclear(format!("entry {} names no address block", entry.number)));
        };
        if entry.allow { admitted.add(block) } else { admitted.remove(block) }
    }
    Ok(admitted)
}
