//! The sample account that `sagescan demo` scans: a data-science team with three regions, some good habits and the
//! classic mistakes. Nobody's account, but every mistake in it is one that happens.
//!
//! `account.json` is a snapshot written for people. It says all there is to know, so what it leaves out is unset, not
//! unseen; policy documents are written as JSON rather than as text that holds JSON; and times are relative, in that
//! [`account`] moves them all so that the sample was scanned just now.

use jiff::{SignedDuration, Timestamp};
use sagescan_checks::snapshot as model;
use sagescan_checks::snapshot::{
    Account, Bucket, BucketSettings, Credentials, EventDataStore, FlowLog, Group, InternetGateway, Key, NatGateway,
    NetworkAcl, Policy, Region, Role, RoleUse, RouteTable, SecurityGroup, Snapshot, Subnet, Trail, User, Vpc,
    VpcEndpoint,
};
use sagescan_checks::with_all_records;
use serde::Serialize;
use serde::de::Error;
use serde_json::Value;

/// The sample as it is written.
const SAMPLE: &str = include_str!("account.json");

/// The sample account, as a scan that ended at `now` would find it: jobs keep their ages, idle apps stay idle as long.
///
/// # Errors
/// Only if the embedded file is not what it should be, which a test rules out.
pub fn account(now: Timestamp) -> Result<Snapshot, serde_json::Error> {
    let mut sample: Value = serde_json::from_str(SAMPLE)?;
    write_out_documents(&mut sample);
    let taken: Timestamp = serde_json::from_value(sample["scan"]["finished"].clone())?;
    // Whole seconds, as most AWS services tell them.
    let now = Timestamp::from_second(now.as_second()).map_err(Error::custom)?;
    shift(&mut sample, now.duration_since(taken))?;
    tell_all(&mut sample)?;
    sample["scan"]["version"] = env!("CARGO_PKG_VERSION").into();
    crate::files::parse(&serde_json::to_vec(&sample)?)
}

/// Turns policy documents into the text that AWS returns.
fn write_out_documents(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(write_out_documents),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "trust" | "document" | "policy" if field.is_object() => *field = field.to_string().into(),
                    _ => write_out_documents(field),
                }
            }
        }
        _ => {}
    }
}

/// Moves every time. No other text of the sample reads as one.
fn shift(value: &mut Value, by: SignedDuration) -> Result<(), serde_json::Error> {
    match value {
        Value::String(text) => {
            if let Ok(time) = text.parse::<Timestamp>() {
                *text = time.checked_add(by).map_err(Error::custom)?.to_string();
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| shift(item, by)),
        Value::Object(fields) => fields.values_mut().try_for_each(|field| shift(field, by)),
        _ => Ok(()),
    }
}

/// Says of everything that is left out that it is not there.
fn tell_all(sample: &mut Value) -> Result<(), serde_json::Error> {
    /// The items of each table are of its type.
    macro_rules! items {
        ($place:expr; $($table:literal: $type:ty,)+) => {
            $( for item in $place[$table].as_array_mut().into_iter().flatten() {
                tell::<$type>(item)?;
            } )+
        };
    }

    let account = &mut sample["account"];
    tell::<Account>(account)?;
    items! { account;
        "users": User, "groups": Group, "roles": Role, "policies": Policy, "credentials": Credentials, "buckets": Bucket,
        "services_used": RoleUse, "bucket_settings": BucketSettings, "trail_buckets": Bucket, "trails": Trail,
        "event_data_stores": EventDataStore, "budgets": model::Budget, "anomaly_monitors": model::AnomalyMonitor,
    }
    for region in sample["regions"].as_object_mut().into_iter().flat_map(|regions| regions.values_mut()) {
        tell::<Region>(region)?;
        macro_rules! records {
            ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => { $(
                for item in region[stringify!($key)].as_array_mut().into_iter().flatten() {
                    tell::<model::$record>(item)?;
                }
            )* };
        }
        with_all_records!(records);
        items! { region;
            "vpcs": Vpc, "subnets": Subnet,
            "route_tables": RouteTable, "nat_gateways": NatGateway, "internet_gateways": InternetGateway,
            "security_groups": SecurityGroup, "network_acls": NetworkAcl, "vpc_endpoints": VpcEndpoint,
            "flow_logs": FlowLog, "network_interfaces": model::NetworkInterface, "keys": Key,
        }
    }
    Ok(())
}

/// Sets what a struct would take for unseen: a field to null, a table to empty.
fn tell<T: Default + Serialize>(value: &mut Value) -> Result<(), serde_json::Error> {
    let (Value::Object(untold), Some(fields)) = (serde_json::to_value(T::default())?, value.as_object_mut()) else {
        return Ok(());
    };
    for (name, default) in untold {
        if default.get("unseen").is_some() {
            let is_table = default.get("items").is_some();
            fields.entry(name).or_insert(if is_table { Value::Array(Vec::new()) } else { Value::Null });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
