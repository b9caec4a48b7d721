//! Every type of resource by its declaration: its list, its description, its record in Search, its further answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use sagescan_checks::aws::services::{Protocol as Wire, SERVICES};
use sagescan_checks::snapshot::{self as model, BULK_TAGS, Gap, Record, Region, SEARCH, Seen, TAGS, Tag, wire};
use sagescan_checks::{with_all_records, with_records};
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, Operation, Outcome, Protocol, Service};
use super::paging::Paging;
use super::refusal::Refusal;
use super::{cloudtrail, costs, kms, organization};

/// The services that speak JSON, with what their types declare.
pub(super) static JSON_SERVICES: LazyLock<Vec<Service>> = LazyLock::new(|| {
    let mut by_service: BTreeMap<&str, Vec<Operation>> = BTreeMap::new();
    macro_rules! declared {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => { $(
            for operation in operations::<model::$record>() {
                let known = by_service.entry(operation.action.split(':').next().unwrap_or_default()).or_default();
                // Types may share a call: of lists `any_list` tells which is meant, otherwise the first one answers.
                if known.iter().all(|other| other.name != operation.name) {
                    known.push(operation);
                }
            }
        )* };
    }
    with_all_records!(declared);
    let own = by_service.entry("sagemaker").or_default();
    own.push(operation(&SEARCH, "*", search));
    own.push(operation(&TAGS.call, "{ResourceArn}", list_tags));
    by_service.entry("tag").or_default().push(operation(&BULK_TAGS, "", get_resources));
    by_service.entry("budgets").or_default().push(costs::budgets());
    by_service.entry("ce").or_default().push(costs::anomaly_monitors());
    by_service.entry("organizations").or_default().extend(organization::operations());
    by_service.entry("kms").or_default().extend(kms::operations());
    by_service.entry("cloudtrail").or_default().extend(cloudtrail::operations());
    let service = |service: &sagescan_checks::aws::services::Service| {
        let (protocol, label) = match service.protocol {
            // Some SDKs put CloudTrail's namespace in front, some do not.
            Wire::Rpc { target, .. } => (Protocol::Json, target.rsplit('.').next().unwrap_or(target)),
            Wire::Rest(_) => (Protocol::Rest, ""),
            Wire::RestXml(_) => (Protocol::S3, ""),
            Wire::Query { version } => (Protocol::Query, version),
        };
        let operations = by_service.remove(service.name).unwrap_or_default();
        Service { name: service.name, signed: service.signing, protocol, label, operations }
    };
    // Others are served by hand.
    SERVICES.iter().map(service).filter(|service| !service.operations.is_empty()).collect()
});

fn operation(call: &model::Call, resource: &'static str, answer: fn(&Call<'_>) -> Outcome) -> Operation {
    let action = call.actions.first().copied().unwrap_or_default();
    Operation { name: call.operation, action, resource, answer }
}

/// What a type declares.
fn operations<R: Record>() -> Vec<Operation> {
    let spec = R::SPEC;
    let mut all = vec![operation(&spec.list.call, "", any_list)];
    all.extend(spec.describe.map(|ask| operation(&ask.call, spec.resource, describe::<R>)));
    let further: [fn(&Call<'_>) -> Outcome; 6] =
        [further::<R, 0>, further::<R, 1>, further::<R, 2>, further::<R, 3>, further::<R, 4>, further::<R, 5>];
    for (ask, answer) in R::ALSO.iter().zip(further).filter(|(ask, _)| ask.call != TAGS.call) {
        all.push(operation(&ask.call, spec.resource, answer));
    }
    all
}

/// The answer that describes one resource, with what the service model requires; and the gap that it has.
fn whole<R: Record>(resource: &R) -> (Value, Option<Gap>) {
    let (mut answer, gap) = resource.to_answer();
    if let Some(finish) = R::SPEC.finish {
        finish(&mut answer);
    }
    complete(&mut answer, &required::<R>());
    (answer, gap)
}

fn required<R: Record>() -> Value {
    if R::SPEC.required.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(R::SPEC.required).unwrap_or_else(|error| panic!("{:?}: {error}", R::SPEC.table))
}

/// Adds what is required and missing: of `Name?` only where `Name` is there, of a list to each of its elements.
fn complete(value: &mut Value, required: &Value) {
    match (value, required) {
        (Value::Object(members), Value::Object(required)) => {
            for (name, required) in required {
                match name.strip_suffix('?') {
                    Some(name) => {
                        if let Some(member) = members.get_mut(name) {
                            complete(member, required);
                        }
                    }
                    None => match members.get_mut(name) {
                        Some(member) => complete(member, required),
                        None => {
                            let mut new = if required.is_object() { json!({}) } else { Value::Null };
                            complete(&mut new, required);
                            members.insert(name.clone(), new);
                        }
                    },
                }
            }
        }
        (Value::Array(all), Value::Array(required)) => {
            if let Some(required) = required.first() {
                all.iter_mut().for_each(|one| complete(one, required));
            }
        }
        (value @ Value::Null, Value::Array(required)) if required.first().is_some_and(Value::is_object) => {
            *value = json!([])
        }
        (value @ Value::Null, required) => *value = required.clone(),
        _ => {}
    }
}

fn paging<R: Record>() -> Paging {
    let (size, maximum) = R::SPEC.list.size.unwrap_or(("", 1_000_000));
    let default = if R::SPEC.list.size.is_some() { 10.min(maximum) } else { maximum };
    Paging { size, token: R::SPEC.list.token_parameter(), default: default as usize, maximum: maximum as usize }
}

/// When it was made, where its summaries tell.
fn created<R: Record>(resource: &R) -> Option<Timestamp> {
    let (answer, _) = resource.to_answer();
    let at = wire::look(&answer, R::SPEC.created)?;
    <Timestamp as wire::Wire>::read(&at).ok()?
}

/// The list that a request asks for: of the types that share its call, the one whose fixed parameters it carries, or
/// else the first.
fn any_list(call: &Call<'_>) -> Outcome {
    let is_meant = |list: &model::List| {
        let fixed: Map<String, Value> = serde_json::from_str(list.with).unwrap_or_default();
        fixed.iter().all(|(name, value)| call.input.get(name) == Some(value))
    };
    let mut first: Option<fn(&Call<'_>) -> Outcome> = None;
    macro_rules! meant {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => { $( {
            let of = &<model::$record as Record>::SPEC.list;
            if of.call.service == call.service.name && of.call.operation == call.operation.name {
                if is_meant(of) {
                    return list::<model::$record>(call);
                }
                first = first.or(Some(list::<model::$record>));
            }
        } )* };
    }
    with_all_records!(meant);
    first.map_or(Err(Refusal::UnknownOperation), |list| list(call))
}

fn list<R: Record>(call: &Call<'_>) -> Outcome {
    let table = R::table(call.here()?);
    let spec = R::SPEC;
    let pages = paging::<R>();
    let fixed: Map<String, Value> = serde_json::from_str(spec.list.with).unwrap_or_default();
    let orders = ["SortBy", "SortOrder", pages.size, pages.token];
    // What a request asks for beside order and pages is the parent that it lists within.
    let within: Vec<(&str, &Value)> = call
        .input
        .iter()
        .filter(|(name, _)| !orders.contains(&name.as_str()) && !fixed.contains_key(*name))
        .map(|(name, value)| (name.strip_suffix("Equals").unwrap_or(name), value))
        .collect();
    let order = call.text("SortOrder").unwrap_or_default();
    let by = call.text("SortBy").unwrap_or_default();
    let key = format!("{}/{:?}/{by}/{order}/{within:?}", call.region, spec.table);
    let rows = call.world.remember(key, || {
        let fits = |resource: &R| {
            let (answer, _) = resource.to_answer();
            within.iter().all(|(name, value)| {
                // A list of names goes by the plural of what one of them is called.
                let one = name.strip_suffix('s').filter(|_| value.is_array());
                let own = wire::look(&answer, name).or_else(|| wire::look(&answer, one?));
                own.is_none_or(|own| *own == **value || contains(value, &own))
            })
        };
        let mut rows: Vec<usize> = (0..table.items.len()).filter(|&row| fits(&table.items[row])).collect();
        if !by.is_empty() || !order.is_empty() {
            rows.sort_by_cached_key(|&row| created(&table.items[row]));
        }
        if order == "Descending" {
            rows.reverse();
        }
        rows
    });
    if spec.list.items.is_empty() {
        let found = rows.first().map(|&row| whole(&table.items[row]));
        return match (found, &table.missing) {
            (Some((_, Some(gap))), _) => Err((&gap).into()),
            (None, Some(gap)) => Err(gap.into()),
            (Some((mut answer, None)), _) => {
                // Whoever asked knows the parameter that chose it: AWS does not repeat it.
                if let Value::Object(members) = &mut answer {
                    members.retain(|name, value| call.input.get(name) != Some(value));
                }
                Ok(Answer::Whole(answer))
            }
            (None, None) => Err(nothing(spec.list.absent.first().copied().unwrap_or(spec.missing), "Not found.")),
        };
    }
    let page = pages.page(call, rows.len(), call.gap(table))?;
    let summaries: Vec<Value> = rows[page.range].iter().map(|&row| summary(&table.items[row])).collect();
    let mut answer = json!({ spec.list.items: summaries });
    if let Some(next) = page.next {
        answer[spec.list.token_member()] = json!(next);
    }
    Ok(Answer::Whole(answer))
}

/// There is nothing, in the words that a declaration has for it.
fn nothing(absent: &'static str, otherwise: &str) -> Refusal {
    let (code, message) = absent.split_once(": ").unwrap_or((absent, otherwise));
    Refusal::absent(code, message)
}

/// A parameter that lists several names means any of them.
fn contains(parameter: &Value, own: &Value) -> bool {
    parameter.as_array().is_some_and(|all| all.contains(own))
}

/// A resource as its list shows it: only what was seen, for a list never fails for one of its items.
fn summary<R: Record>(resource: &R) -> Value {
    let (whole, _) = whole(resource);
    let mut summary = json!({});
    for member in R::SPEC.summary {
        let (theirs, ours) = member.split_once('=').unwrap_or((member, member));
        if let Some(value) = wire::look(&whole, ours) {
            wire::put(&mut summary, theirs, value.into_owned());
        }
    }
    summary
}

/// The row of the resource that the parameters name.
fn find<'s, R: Record>(call: &Call<'s>, by: &[(&str, &str)]) -> Result<&'s R, Refusal> {
    let table = R::table(call.here()?);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows = call.world.remember(format!("{}/{}/rows", call.region, call.operation.name), || {
        let identity = |resource: &R| {
            let ((answer, _), listed) = (whole(resource), summary(resource));
            let look = |path: &str| wire::look(&answer, path).or_else(|| wire::look(&listed, path));
            let part = |path: &str| look(path).map(|value| text(&value)).unwrap_or_default();
            by.iter()
                .map(|(_, path)| path.strip_prefix('=').map_or_else(|| part(path), str::to_owned))
                .collect::<Vec<_>>()
                .join("\n")
        };
        table.iter().map(identity).zip(0..).collect::<HashMap<String, usize>>()
    });
    let wanted: Vec<String> =
        by.iter().map(|(parameter, _)| call.input.get(*parameter).map(text).unwrap_or_default()).collect();
    match (rows.get(&wanted.join("\n")), &table.missing) {
        (Some(&row), _) => Ok(&table.items[row]),
        (None, Some(gap)) => Err(gap.into()),
        (None, None) => Err(Refusal::absent(R::SPEC.missing, format!("Could not find \"{}\".", call.resource()))),
    }
}

fn describe<R: Record>(call: &Call<'_>) -> Outcome {
    let by = R::SPEC.describe.map_or(&[][..], |ask| ask.by);
    match whole(find::<R>(call, by)?) {
        (_, Some(gap)) => Err((&gap).into()),
        (answer, None) => Ok(Answer::Whole(answer)),
    }
}

fn further<R: Record, const NUMBER: usize>(call: &Call<'_>) -> Outcome {
    let Some(ask) = R::ALSO.get(NUMBER) else { return Err(Refusal::UnknownOperation) };
    let resource = find::<R>(call, ask.by)?;
    let answer = resource.spill_also(NUMBER).map_err(|gap| Refusal::from(&gap))?;
    match (answer.as_object().is_none_or(Map::is_empty), ask.absent.first()) {
        (true, Some(absent)) => Err(nothing(absent, &format!("There is none for {}.", call.resource()))),
        _ => Ok(Answer::Whole(answer)),
    }
}

const SEARCH_PAGES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 10, maximum: 100 };
/// As far as an index counts exactly; what AWS's does is not documented.
const COUNTED: usize = 10_000;

fn search(call: &Call<'_>) -> Outcome {
    let region = call.here()?;
    let resource = call.required("Resource")?;
    macro_rules! found {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => { $(
            if let Some(search) = <model::$record as Record>::SPEC.search
                && search.resource == resource
                && search.filter.is_none_or(|(name, value)| filters(call).any(|(n, _, v)| n == name && v == value))
            {
                return searched::<model::$record>(call, region, &search);
            }
        )* };
    }
    with_records!(found);
    Err(Refusal::Invalid(format!("Resource {resource} cannot be searched here")))
}

fn filters<'c>(call: &'c Call<'_>) -> impl Iterator<Item = (&'c str, &'c str, &'c str)> {
    let all = call.input.get("SearchExpression").and_then(|expression| expression.get("Filters"));
    all.and_then(Value::as_array).into_iter().flatten().filter_map(|filter| {
        let text = |name: &str| filter.get(name).and_then(Value::as_str);
        Some((text("Name")?, text("Operator")?, text("Value")?))
    })
}

fn searched<R: Record>(call: &Call<'_>, region: &Region, search: &model::Search) -> Outcome {
    let table = R::table(region);
    let key = format!("{}/Search/{:?}", call.region, R::SPEC.table);
    let by_time: Arc<Vec<(Timestamp, usize)>> = call.world.remember(key, || {
        let dated = table.iter().zip(0..).filter_map(|(resource, row)| Some((created(resource)?, row)));
        let mut all: Vec<(Timestamp, usize)> = dated.collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all
    });
    let mut range = 0..by_time.len();
    for (name, operator, value) in filters(call) {
        let Some(at) = (name == "CreationTime").then(|| value.parse::<Timestamp>().ok()).flatten() else { continue };
        let until = |fits: &dyn Fn(Timestamp) -> bool| by_time.partition_point(|(created, _)| fits(*created));
        match operator {
            "GreaterThanOrEqualTo" => range.end = range.end.min(until(&|created| created >= at)),
            "GreaterThan" => range.end = range.end.min(until(&|created| created > at)),
            "LessThanOrEqualTo" => range.start = range.start.max(until(&|created| created > at)),
            "LessThan" => range.start = range.start.max(until(&|created| created >= at)),
            _ => return Err(Refusal::Invalid(format!("the operator {operator} is not served here"))),
        }
    }
    let rows = &by_time[range.start.min(range.end)..range.end];
    let page = SEARCH_PAGES.page(call, rows.len(), call.gap(table))?;
    let mut results = Vec::new();
    for (_, row) in &rows[page.range] {
        let resource = &table.items[*row];
        let (mut answer, gap) = whole(resource);
        // The index has no record of what nobody described.
        if gap.is_some() {
            continue;
        }
        for (number, ask) in R::ALSO.iter().enumerate().filter(|(_, ask)| ask.call == TAGS.call) {
            if let Ok(tags) = resource.spill_also(number) {
                let _ = ask;
                wire::put(&mut answer, "", tags);
            }
        }
        if let Some(members) = answer.as_object_mut() {
            members.retain(|name, _| !search.lacks.contains(&name.as_str()));
        }
        let mut result = json!({});
        wire::put(&mut result, search.record, answer);
        results.push(result);
    }
    let relation = if rows.len() > COUNTED { "GreaterThanOrEqualTo" } else { "EqualTo" };
    let mut answer = json!({
        "Results": results,
        "TotalHits": { "Value": rows.len().min(COUNTED), "Relation": relation },
    });
    if let Some(next) = page.next {
        answer["NextToken"] = json!(next);
    }
    Ok(Answer::Whole(answer))
}

/// Tags by ARN.
type Tagged = BTreeMap<String, Seen<Vec<Tag>>>;

/// The tags of everything in a region that has an ARN.
fn tagged(call: &Call<'_>) -> Result<Arc<Tagged>, Refusal> {
    let region = call.here()?;
    Ok(call.world.remember(format!("{}/tags", call.region), || {
        let mut all = BTreeMap::new();
        macro_rules! tags {
            ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => { $(
                for resource in region.$key.iter() {
                    if let Some(tags) = Record::tags(resource) {
                        all.insert(resource.arn.clone(), tags.clone());
                    }
                }
            )* };
        }
        with_records!(tags);
        all
    }))
}

const TAG_PAGES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 50, maximum: 100 };

fn list_tags(call: &Call<'_>) -> Outcome {
    let all = tagged(call)?;
    let arn = call.required("ResourceArn")?;
    let Some(tags) = all.get(arn) else {
        return Err(Refusal::absent("ValidationException", format!("Could not find resource \"{arn}\".")));
    };
    let tags = tags.get()?.map_or(&[][..], Vec::as_slice);
    let page = TAG_PAGES.page(call, tags.len(), None)?;
    let mut answer = json!({ "Tags": tags[page.range].iter().map(wire::Wire::write).collect::<Vec<_>>() });
    if let Some(next) = page.next {
        answer["NextToken"] = json!(next);
    }
    Ok(Answer::Whole(answer))
}

const BULK_PAGES: Paging = Paging { size: "ResourcesPerPage", token: "PaginationToken", default: 50, maximum: 100 };

fn get_resources(call: &Call<'_>) -> Outcome {
    let all = tagged(call)?;
    let some = |tags: &Seen<Vec<Tag>>| tags.shown().filter(|tags| !tags.is_empty()).cloned();
    let all: Vec<(&String, Vec<Tag>)> = all.iter().filter_map(|(arn, tags)| Some((arn, some(tags)?))).collect();
    let page = BULK_PAGES.page(call, all.len(), None)?;
    let mapping = |(arn, tags): &(&String, Vec<Tag>)| json!({ "ResourceARN": arn, "Tags": tags.iter().map(wire::Wire::write).collect::<Vec<_>>() });
    let mut answer = json!({ "ResourceTagMappingList": all[page.range].iter().map(mapping).collect::<Vec<_>>() });
    answer["PaginationToken"] = json!(page.next.unwrap_or_default());
    Ok(Answer::Whole(answer))
}
