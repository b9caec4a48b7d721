//! Training jobs by the million, made up when they are asked for: memory does not grow with their number.
//!
//! The jobs of a region are the models: job *i* of the crowd is a copy of job *i* modulo their number, under a name and a
//! time of its own. The times of all lie within sixty days before the snapshot; number 0 is the newest.

use jiff::Timestamp;
use sagescan_checks::snapshot::TrainingJob;
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, Outcome};
use super::paging::Paging;
use super::refusal::Refusal;

/// So many training jobs in each region that has any, instead of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowd(pub(super) usize);

const PAGES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 10, maximum: 100 };
const NAME: &str = "crowd-";
const DAY: f64 = 86_400.0;
const HOUR: f64 = 3_600.0;

/// A range of seconds since 1970, without its end.
#[derive(Debug, Clone, Copy)]
struct Times {
    from: f64,
    to: f64,
}

impl Crowd {
    /// The answer to what is asked about the crowd; `None` for everything else.
    pub(super) fn answer(self, call: &Call<'_>) -> Option<Outcome> {
        let own = &call.here().ok()?.training_jobs.items;
        if self.0 == 0 || own.is_empty() || call.service.name != "sagemaker" {
            return None;
        }
        match call.operation.name {
            "ListTrainingJobs" => Some(self.list(call)),
            "Search" if call.text("Resource") == Some("TrainingJob") => Some(self.search(call)),
            "DescribeTrainingJob" => {
                let number = call.text("TrainingJobName")?.strip_prefix(NAME)?.parse().ok()?;
                Some(self.one(call, number).map(|job| Answer::Json(job.into())))
            }
            "ListTags" => {
                let (_, name) = call.text("ResourceArn")?.rsplit_once("training-job/")?;
                let number: usize = name.strip_prefix(NAME)?.parse().ok()?;
                Some(tags(&own[number % own.len()]).map(|tags| Answer::Json(json!({ "Tags": tags }))))
            }
            _ => None,
        }
    }

    fn list(self, call: &Call<'_>) -> Outcome {
        let time = |parameter| call.input.get(parameter).and_then(Value::as_f64);
        let times = Times {
            from: time("CreationTimeAfter").unwrap_or(f64::MIN),
            to: time("CreationTimeBefore").unwrap_or(f64::MAX),
        };
        let newest_first = call.text("SortOrder") == Some("Descending") || call.text("SortBy") == Some("Name");
        let (jobs, next, _) = self.page(call, times, newest_first)?;
        const SUMMARY: [&str; 6] = [
            "TrainingJobName",
            "TrainingJobArn",
            "TrainingJobStatus",
            "CreationTime",
            "LastModifiedTime",
            "TrainingEndTime",
        ];
        let summary = |mut job: Map<String, Value>| {
            job.retain(|member, _| SUMMARY.contains(&member.as_str()));
            job
        };
        let summaries: Vec<_> = jobs.into_iter().map(summary).collect();
        Ok(Answer::Json(json!({ "TrainingJobSummaries": summaries, "NextToken": next })))
    }

    fn search(self, call: &Call<'_>) -> Outcome {
        let times = times_of(call)?;
        let newest_first = call.text("SortOrder") != Some("Ascending");
        let (jobs, next, total) = self.page(call, times, newest_first)?;
        let own = &call.here()?.training_jobs.items;
        let mut results = Vec::new();
        for mut job in jobs {
            let name = job.get("TrainingJobName").and_then(Value::as_str).unwrap_or_default();
            let number: usize = name.trim_start_matches(NAME).parse().unwrap_or_default();
            job.insert("Tags".to_owned(), tags(&own[number % own.len()])?);
            results.push(json!({ "TrainingJob": job }));
        }
        let hits = json!({ "Value": total, "Relation": "EqualTo" });
        Ok(Answer::Json(json!({ "Results": results, "NextToken": next, "TotalHits": hits })))
    }

    /// One page of the jobs created within these times, the token of the next, and how many there are on all pages.
    #[allow(clippy::type_complexity)]
    fn page(
        self,
        call: &Call<'_>,
        times: Times,
        newest_first: bool,
    ) -> Result<(Vec<Map<String, Value>>, Option<String>, usize), Refusal> {
        // The higher the number, the older the job.
        let first = self.first(call, |created| created < times.to);
        let end = self.first(call, |created| created < times.from).max(first);
        let page = PAGES.page(call, end - first, None)?;
        let numbers = page.range.map(|at| if newest_first { first + at } else { end - 1 - at });
        let jobs = numbers.map(|number| self.one(call, number)).collect::<Result<Vec<_>, _>>()?;
        Ok((jobs, page.next, end - first))
    }

    /// The first number whose time is such; times fall as numbers rise.
    fn first(self, call: &Call<'_>, such: impl Fn(f64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.0);
        while low < high {
            let middle = low + (high - low) / 2;
            if such(self.created(call, middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    /// When a job was created, in seconds since 1970.
    fn created(self, call: &Call<'_>, number: usize) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let (newest, share) =
            (call.snapshot().scan.finished.as_second() as f64 - 2.0 * HOUR, number as f64 / self.0 as f64);
        (newest - share * 60.0 * DAY).floor()
    }

    /// A job as its description has it.
    fn one(self, call: &Call<'_>, number: usize) -> Result<Map<String, Value>, Refusal> {
        let own = &call.here()?.training_jobs.items;
        if number >= self.0 {
            let message = format!("Could not find \"{}\".", call.resource());
            return Err(Refusal::absent("ResourceNotFound", message));
        }
        let mut job = described(call, &own[number % own.len()].name)?;
        let name = format!("{NAME}{number:09}");
        let arn = job.get("TrainingJobArn").and_then(Value::as_str).and_then(|arn| arn.rsplit_once('/'));
        let arn = arn.map(|(before, _)| format!("{before}/{name}"));
        let created = self.created(call, number);
        for member in ["TrainingEndTime", "LastModifiedTime"] {
            if job.get(member).is_some_and(|time| !time.is_null()) {
                job.insert(member.to_owned(), json!(created + HOUR));
            }
        }
        job.insert("CreationTime".to_owned(), json!(created));
        job.insert("TrainingJobArn".to_owned(), json!(arn));
        job.insert("TrainingJobName".to_owned(), json!(name));
        Ok(job)
    }
}

/// A job of the region's own, as it is described.
fn described(call: &Call<'_>, name: &str) -> Result<Map<String, Value>, Refusal> {
    let operations = &mut call.service.operations.iter();
    let operation = operations.find(|o| o.name == "DescribeTrainingJob").ok_or(Refusal::UnknownOperation)?;
    let input = Map::from_iter([("TrainingJobName".to_owned(), json!(name))]);
    match (operation.answer)(&Call { operation, input: &input, fault: None, ..*call })? {
        Answer::Json(Value::Object(job)) | Answer::Whole(Value::Object(job)) => Ok(job),
        _ => Err(Refusal::Internal),
    }
}

fn tags(job: &TrainingJob) -> Result<Value, Refusal> {
    let tags = job.tags.get()?.into_iter().flatten().map(|tag| json!({ "Key": tag.key, "Value": tag.value }));
    Ok(tags.collect())
}

/// The times that a search asks for: all that this search understands.
fn times_of(call: &Call<'_>) -> Result<Times, Refusal> {
    let refused = |what: &str| Refusal::Invalid(format!("the crowd cannot be searched by {what}"));
    let mut times = Times { from: f64::MIN, to: f64::MAX };
    let Some(expression) = call.input.get("SearchExpression") else { return Ok(times) };
    for other in ["NestedFilters", "SubExpressions"] {
        if expression.get(other).and_then(Value::as_array).is_some_and(|all| !all.is_empty()) {
            return Err(refused(other));
        }
    }
    for filter in expression.get("Filters").and_then(Value::as_array).into_iter().flatten() {
        let word = |key| filter.get(key).and_then(Value::as_str).unwrap_or_default();
        if word("Name") != "CreationTime" {
            return Err(refused(word("Name")));
        }
        let time: Timestamp = word("Value").parse().map_err(|_| refused(word("Value")))?;
        #[allow(clippy::cast_precision_loss)]
        let time = time.as_millisecond() as f64 / 1000.0;
        // Times of the crowd are whole seconds.
        match word("Operator") {
            "GreaterThan" => times.from = times.from.max(time.floor() + 1.0),
            "GreaterThanOrEqualTo" => times.from = times.from.max(time),
            "LessThan" => times.to = times.to.min(time),
            "LessThanOrEqualTo" => times.to = times.to.min(time.floor() + 1.0),
            other => return Err(refused(other)),
        }
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use sagescan_checks::snapshot::{Listed, Region, Seen, Snapshot, Tag};

    use super::*;
    use crate::serve::call::{Operation, SERVICES, World};

    static SEARCH: Operation =
        Operation { name: "Search", action: "sagemaker:Search", resource: "", answer: |_| Err(Refusal::Internal) };

    fn world() -> World {
        let snapshot = crate::demo::account("2026-11-01T12:00:00Z".parse().unwrap()).unwrap();
        let mut job = snapshot.regions["us-east-1"].training_jobs.items[0].clone();
        job.tags = Seen::Is(vec![Tag { key: "team".into(), value: "churn".into() }]);
        let region = Region { training_jobs: Listed::complete(vec![job]), ..Region::default() };
        World::new(Arc::new(Snapshot { regions: BTreeMap::from([("us-east-1".to_owned(), region)]), ..snapshot }))
    }

    /// Asks a crowd of a thousand, each an hour and 26 minutes and 24 seconds older than the one before.
    fn ask(world: &World, operation: &'static str, input: Value) -> Option<Result<Value, Refusal>> {
        let service = SERVICES.iter().copied().find(|s| s.name == "sagemaker").unwrap();
        let operation = service.operations.iter().find(|o| o.name == operation).unwrap_or(&SEARCH);
        let input = input.as_object().unwrap();
        let answer =
            Crowd(1000).answer(&Call { world, service, operation, region: "us-east-1", input, fault: None })?;
        Some(answer.map(|answer| match answer {
            Answer::Json(value) | Answer::Whole(value) => value,
            other => panic!("{other:?}"),
        }))
    }

    fn names(page: &Value) -> Vec<&str> {
        let listed = page["TrainingJobSummaries"].as_array();
        let found = page["Results"].as_array();
        let of_listed = listed.into_iter().flatten().filter_map(|job| job["TrainingJobName"].as_str());
        let of_found = found.into_iter().flatten().filter_map(|job| job["TrainingJob"]["TrainingJobName"].as_str());
        of_listed.chain(of_found).collect()
    }

    #[test]
    fn the_list_ends_and_has_each_once() {
        let world = world();
        let mut all = Vec::new();
        let mut token = Value::Null;
        loop {
            let input =
                json!({ "SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 99, "NextToken": token });
            let page = ask(&world, "ListTrainingJobs", input).unwrap().unwrap();
            all.extend(names(&page).into_iter().map(str::to_owned));
            token = page["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(all, (0..1000).map(|i| format!("crowd-{i:09}")).collect::<Vec<_>>());
    }

    #[test]
    fn each_is_described_under_its_own_name_and_nobody_beyond_the_last() {
        let world = world();
        let last =
            ask(&world, "DescribeTrainingJob", json!({ "TrainingJobName": "crowd-000000999" })).unwrap().unwrap();
        assert_eq!(last["TrainingJobArn"], "arn:aws:sagemaker:us-east-1:111122223333:training-job/crowd-000000999");
        assert!(last["RoleArn"].is_string());
        let beyond = ask(&world, "DescribeTrainingJob", json!({ "TrainingJobName": "crowd-000001000" })).unwrap();
        assert!(matches!(beyond, Err(Refusal::Absent { .. })));
        let tags = ask(&world, "ListTags", json!({ "ResourceArn": last["TrainingJobArn"] })).unwrap().unwrap();
        assert_eq!(tags, json!({ "Tags": [{ "Key": "team", "Value": "churn" }] }));
        assert!(ask(&world, "DescribeTrainingJob", json!({ "TrainingJobName": "churn" })).is_none());
        assert!(ask(&world, "ListModels", json!({})).is_none());
    }

    #[test]
    fn windows_of_a_search_share_the_crowd_between_them() {
        let world = world();
        let search = |operators: [&str; 2]| {
            let filter = |operator, time| json!({ "Name": "CreationTime", "Operator": operator, "Value": time });
            let times = ["2026-09-15T00:00:00Z", "2026-10-15T10:00:00Z"];
            let filters: Vec<_> = operators.iter().zip(times).filter(|(o, _)| !o.is_empty()).collect();
            let filters: Vec<_> = filters.into_iter().map(|(operator, time)| filter(operator, time)).collect();
            let input =
                json!({ "Resource": "TrainingJob", "MaxResults": 100, "SearchExpression": { "Filters": filters } });
            ask(&world, "Search", input).unwrap().unwrap()
        };
        let hits = |page: &Value| page["TotalHits"]["Value"].as_u64().unwrap();
        // The newest is of 2026-11-01T10:00:00Z, and 17 days are 283.3 steps.
        let (before, middle) = (search(["LessThan", ""]), search(["GreaterThanOrEqualTo", "LessThan"]));
        let after = search(["", "GreaterThanOrEqualTo"]);
        assert_eq!(hits(&before) + hits(&middle) + hits(&after), 1000);
        assert_eq!(names(&middle)[0], "crowd-000000284");
        assert_eq!(names(&middle).len(), 100);
        assert_eq!(middle["Results"][0]["TrainingJob"]["Tags"], json!([{ "Key": "team", "Value": "churn" }]));
        assert_eq!(hits(&search(["GreaterThan", "LessThanOrEqualTo"])), hits(&middle), "nothing lies on the borders");
        let strange = json!({ "Resource": "TrainingJob", "SearchExpression": { "Filters": [
            { "Name": "RoleArn", "Operator": "Exists" }] } });
        assert!(matches!(ask(&world, "Search", strange).unwrap(), Err(Refusal::Invalid(_))));
        assert!(ask(&world, "Search", json!({ "Resource": "Model" })).is_none());
    }
}
