//! Collects any type of resource by its declaration: list, then the cheapest way to the whole of each.
//!
//! Search shows up to a hundred whole records a call, but it is an index beside the database: late, capped, and without
//! a promise to be complete. So the list says what there is, Search fills in what it knows, and whatever Search does not
//! show, or shows as it was before its last change, is described one by one. The answer is as true as describing all.

use std::collections::{BTreeSet, HashMap};

use futures_util::StreamExt;
use futures_util::stream;
use jiff::{Timestamp, ToSpan};
use sagescan_checks::snapshot::wire::Wire;
use sagescan_checks::snapshot::{
    BULK_TAGS, Call, Gap, Jobs, Known, List, Listed, Reason, SEARCH, Search, Seen, Spec, TAGS, wire,
};
use serde_json::{Map, Value, json};

use super::kind::{Item, Kind};
use super::memory::Slice;
use super::places::Place;

/// Records in one chain of Search pages; a chain is one question after the other, and AWS does not say where it ends.
const SLICE: usize = 2_000;
/// Minutes that the index may be behind: AWS's own tests wait up to one (sagemaker-python-sdk#2102).
const LAG: i64 = 15;
/// Below this many it is not worth asking the index.
const FEW: usize = 3;
/// Jobs beyond the window that are counted before the count becomes "more than".
const COUNTED: usize = 1_000;
/// Questions about different resources that are under way at the same time.
const WIDTH: usize = 16;

/// One listed resource: its summary as text, which is a tenth of what a tree takes.
struct Entry {
    summary: Box<str>,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
    runs: bool,
}

impl Entry {
    fn new(summary: &Value, spec: &Spec) -> Self {
        let time =
            |path: &str| wire::look(summary, path).and_then(|at| <Timestamp as wire::Wire>::read(&at).ok().flatten());
        let runs = |jobs: Jobs| {
            summary.get(jobs.status).and_then(Value::as_str).is_some_and(|status| jobs.running.contains(&status))
        };
        Entry {
            created: time(spec.created),
            modified: time("LastModifiedTime"),
            runs: spec.jobs.is_some_and(runs),
            summary: summary.to_string().into_boxed_str(),
        }
    }

    fn summary(&self) -> Value {
        serde_json::from_str(&self.summary).unwrap_or_default()
    }
}

/// Everything of a type in a place. `known` holds what was collected before: parents, and whatever names what to ask for.
pub(super) async fn all(place: &Place, known: &Known<'_>, kind: &Kind) -> Listed<Box<dyn Item>> {
    let spec = &kind.spec;
    if let (Some(jobs), Some(search)) = (spec.jobs, spec.search.filter(|search| search.whole))
        && place.max_per_type.is_none()
        && spec.list.per.is_none()
        && tells_enough(kind, &search)
        && let Some(table) = indexed(place, kind, jobs, &search).await
    {
        return table;
    }
    let Listed { items: entries, missing } = list(place, spec, known).await;
    let mut found = before(place, kind, &entries).await;
    if let Some(search) = &spec.search
        && entries.len() >= found.len() + FEW
        && tells_enough(kind, search)
    {
        found.extend(shown(place, search, &entries, kind).await);
    }
    if spec.describe.is_some() {
        place.asker.announce(entries.len().saturating_sub(found.len()) as u64);
    }
    let work = entries.into_iter().map(|entry| {
        let summary = entry.summary();
        let arn = text_at(&summary, spec.arn);
        let record = found.remove(&arn).filter(|shown| !entry.runs && shown.modified >= entry.modified);
        (entry, summary, arn, record)
    });
    // A lazy walk: what Search showed costs nothing more, and the map shrinks as the table grows.
    let items: Vec<Box<dyn Item>> = stream::iter(work)
        .map(|(entry, summary, arn, record)| async move {
            match record {
                Some(shown) => shown.record,
                None => one(place, kind, entry.runs, summary, &arn).await,
            }
        })
        .buffered(WIDTH)
        .collect()
        .await;
    Listed { items, missing }
}

/// What the last scan saw of the listed resources that cannot have changed since: finished jobs, and what is never updated.
async fn before(place: &Place, kind: &Kind, entries: &[Entry]) -> HashMap<String, Shown> {
    let spec = &kind.spec;
    let Some((at, seen)) = place.memory.last(place.region(), kind, place.jobs_since) else { return HashMap::new() };
    if spec.jobs.is_none() && !spec.fixed {
        return HashMap::new();
    }
    let mut seen: HashMap<String, Shown> =
        seen.into_iter().filter_map(|(answer, item)| told(kind, &answer, item)).map(|s| (s.arn.clone(), s)).collect();
    let mut found = HashMap::new();
    for entry in entries {
        let arn = text_at(&entry.summary(), spec.arn);
        let Some(mut shown) = seen.remove(&arn) else { continue };
        let changed = entry.runs || shown.runs(spec) || entry.modified.is_some_and(|modified| modified >= at);
        if !changed {
            retag(place, kind, &mut shown).await;
            place.memory.used_last();
            found.insert(arn, shown);
        }
    }
    found
}

/// Tags change even of what does not: the bulk answer tells them at no cost.
async fn retag(place: &Place, kind: &Kind, shown: &mut Shown) {
    for (number, _) in kind.also.iter().enumerate().filter(|(_, ask)| ask.call == TAGS.call) {
        if let Seen::Is(all) = place.tags().await {
            let tags = all.get(&shown.arn).cloned().unwrap_or_default();
            shown.record.fill_also(number, &Seen::Is(json!({ "Tags": tags })));
        }
    }
}

/// Whether Search spares the description. What it leaves out of a job matters while the job runs, and then it is described
/// anyway; of anything else it always matters, and so do answers to further questions.
fn tells_enough(kind: &Kind, search: &Search) -> bool {
    (search.lacks.is_empty() || kind.spec.jobs.is_some()) && kind.also.iter().all(|ask| ask.call == TAGS.call)
}

/// Jobs without listing them all: the list for what is too young for the index, Search for the rest, and proof that it
/// is the rest. `None` where there is no proof, or so little that the list is as cheap.
async fn indexed(place: &Place, kind: &Kind, jobs: Jobs, search: &Search) -> Option<Listed<Box<dyn Item>>> {
    let spec = &kind.spec;
    let young = place.started.saturating_sub(LAG.minutes()).ok()?;
    let (mut count, mut more) = (0, false);
    let request = newest_first(spec, json!({}));
    let listed = pages(place, &spec.list, request, |mut summary, kept: &mut Vec<(Entry, String)>| {
        count += 1;
        spec.align(&mut summary);
        let entry = Entry::new(&summary, spec);
        more = count > 100 && entry.created.is_none_or(|created| created < young);
        if !more {
            kept.push((entry, text_at(&summary, spec.arn)));
        }
        more
    })
    .await;
    if !more || listed.missing.is_some() {
        return None;
    }
    let window = Window::new(place);
    let mut known: HashMap<String, Shown> = HashMap::new();
    let mut since = window.certainly_finished;
    if let Some((at, seen)) = place.memory.last(place.region(), kind, since) {
        since = since.max(at.saturating_sub(LAG.minutes()).unwrap_or(since));
        for mut shown in seen.into_iter().filter_map(|(answer, item)| told(kind, &answer, item)) {
            retag(place, kind, &mut shown).await;
            known.insert(shown.arn.clone(), shown);
        }
        place.memory.used_last();
    }
    let records = slices(place, search, kind, since, false).await?;
    known.extend(records.into_iter().map(|shown| (shown.arn.clone(), shown)));
    let old_enough = |entry: &Entry| entry.created.is_some_and(|created| created < young && created >= window.since);
    if listed.items.iter().any(|(entry, arn)| old_enough(entry) && !known.contains_key(arn)) {
        place.asker.note("Search does not show all that the list shows: the list decides");
        return None;
    }
    let mut work: Vec<(Entry, String)> = Vec::new();
    for (entry, arn) in listed.items {
        let stale = known.get(&arn).is_none_or(|shown| shown.modified < entry.modified);
        if stale && (entry.runs || entry.created.is_none_or(|created| created >= window.since)) {
            known.remove(&arn);
            work.push((entry, arn));
        }
    }
    let mut rest: Vec<Shown> = known.into_values().collect();
    rest.sort_unstable_by(|a, b| (b.created, &a.arn).cmp(&(a.created, &b.arn)));
    let before = rest.len();
    let running = |shown: &Shown| shown.runs(spec);
    rest.retain(|shown| running(shown) || shown.created.is_none_or(|created| created >= window.since));
    let since = window.since;
    // How many there are beyond the window costs one question.
    let (older, exactly) = older(place, search, window.certainly_finished).await;
    let left_out = (before - rest.len()) as u64 + older;
    if left_out > 0 || !exactly {
        let count = if exactly { left_out.to_string() } else { format!("at least {left_out}") };
        place.asker.leave_out(&spec.list.call, format!("{count} finished jobs created before {since} were left out"));
    }
    let young =
        stream::iter(work).map(|(entry, arn)| async move { one(place, kind, entry.runs, entry.summary(), &arn).await });
    let mut items: Vec<Box<dyn Item>> = young.buffered(WIDTH).collect().await;
    // What the index shows as running may have ended since.
    let rest = stream::iter(rest).map(|shown| async move {
        if !running(&shown) {
            return shown.record;
        }
        one(place, kind, true, shown.summary(spec, jobs), &shown.arn).await
    });
    items.extend(rest.buffered(WIDTH).collect::<Vec<_>>().await);
    Some(Listed::complete(items))
}

/// The text at a path, or an empty one.
pub(super) fn text_at(value: &Value, path: &str) -> String {
    wire::look(value, path).and_then(|text| Some(text.as_str()?.to_owned())).unwrap_or_default()
}

/// One resource, by questions of its own.
async fn one(place: &Place, kind: &Kind, runs: bool, summary: Value, arn: &str) -> Box<dyn Item> {
    let spec = &kind.spec;
    if spec.describe.is_none() && kind.also.is_empty() {
        return kind.item(&summary, &Seen::Is(summary.clone()), &[], &Gap::not_collected());
    }
    let listed = summary.to_string();
    if let Some(item) = place.memory.item(place.region(), spec.table, &listed) {
        place.asker.spared();
        return item;
    }
    let whole = match &spec.describe {
        None => Seen::Is(summary.clone()),
        Some(ask) if ask.when.is_some_and(|when| !when(&summary)) => {
            Seen::Unseen(Gap::new(Reason::Skipped, "its state did not call for a description"))
        }
        Some(ask) => {
            let (asked, _) = parameters(ask.by, &summary, &Seen::Unset);
            place.question(&ask.call, ask.absent, asked.clone()).await.map(|answer| with_what_was_asked(answer, asked))
        }
    };
    // Some lists leave the ARN to the description.
    let described = || whole.shown().map(|whole| text_at(whole, spec.arn)).unwrap_or_default();
    let arn = if arn.is_empty() { described() } else { arn.to_owned() };
    let mut record = kind.item(&summary, &whole, &[], &Gap::not_collected());
    for (number, ask) in kind.also.iter().enumerate() {
        let answer = if let (true, true, Some(gap)) = (ask.call == TAGS.call, arn.is_empty(), whole.gap()) {
            // Why the ARN is not known is why the tags are not.
            Seen::Unseen(gap.clone())
        } else if ask.call == TAGS.call {
            tags(place, spec, runs, &arn).await
        } else if ask.when.is_some_and(|when| !when(&summary)) {
            Seen::Unseen(Gap::new(Reason::Skipped, "its state did not call for this question"))
        } else {
            match (parameters(ask.by, &summary, &whole), whole.gap()) {
                ((asked, true), _) => place.question(&ask.call, ask.absent, asked).await,
                ((_, false), Some(gap)) => Seen::Unseen(gap.clone()),
                ((_, false), None) => Seen::Unseen(Gap::new(Reason::Skipped, "it names nothing to ask about")),
            }
        };
        record.fill_also(number, &answer);
    }
    place.memory.note_item(place.region(), spec.table, &listed, &*record);
    record
}

/// Answers do not always repeat what they were asked about.
fn with_what_was_asked(mut answer: Value, asked: Value) -> Value {
    if let (Value::Object(members), Value::Object(asked)) = (&mut answer, asked) {
        for (name, value) in asked {
            members.entry(name).or_insert(value);
        }
    }
    answer
}

/// The parameters of a question about one resource, and whether all of them are known.
fn parameters(by: &[(&str, &str)], summary: &Value, whole: &Seen<Value>) -> (Value, bool) {
    let mut all = Map::new();
    for (parameter, path) in by {
        let value = path.strip_prefix('=').map(|literal| Value::String(literal.to_owned()));
        let value = value
            .or_else(|| wire::look(summary, path).map(|value| value.into_owned()))
            .or_else(|| wire::look(whole.shown()?, path).map(|value| value.into_owned()));
        if let Some(value) = value {
            all.insert((*parameter).to_owned(), value);
        }
    }
    let whole = all.len() == by.len();
    (Value::Object(all), whole)
}

/// The tags of one resource: from the bulk answer, or by ListTags where there is none.
async fn tags(place: &Place, spec: &Spec, runs: bool, arn: &str) -> Seen<Value> {
    if arn.is_empty() {
        return Seen::Unseen(Gap::new(Reason::Failed, "the resource's ARN was not seen"));
    }
    if let Seen::Is(all) = place.tags().await {
        return Seen::Is(json!({ "Tags": all.get(arn).cloned().unwrap_or_default() }));
    }
    if spec.jobs.is_some() && !runs {
        return Seen::Unseen(Gap::new(Reason::Skipped, "tags of finished jobs are not read one by one"));
    }
    let list = List::of(TAGS.call, "Tags");
    let listed = pages(place, &list, json!({ "ResourceArn": arn }), everything).await;
    match listed.missing {
        None => Seen::Is(json!({ "Tags": listed.items })),
        Some(gap) => Seen::Unseen(gap),
    }
}

/// The tags of everything of SageMaker in the place, by ARN. What is not among them never had a tag (GetResources).
pub(super) async fn bulk_tags(place: &Place) -> Seen<HashMap<String, Value>> {
    let list = List {
        size: Some(("ResourcesPerPage", 100)),
        token: "PaginationToken",
        ..List::of(BULK_TAGS, "ResourceTagMappingList")
    };
    let listed = pages(place, &list, json!({ "ResourceTypeFilters": ["sagemaker"] }), everything).await;
    if let Some(gap) = listed.missing {
        return Seen::Unseen(gap);
    }
    let tagged = |mut one: Value| Some((one.get("ResourceARN")?.as_str()?.to_owned(), one.get_mut("Tags")?.take()));
    Seen::Is(listed.items.into_iter().filter_map(tagged).collect())
}

/// Keeps every item of a listing.
pub(super) fn everything(item: Value, kept: &mut Vec<Value>) -> bool {
    kept.push(item);
    false
}

/// What there is of a type, newest first where AWS can sort so.
async fn list(place: &Place, spec: &Spec, known: &Known<'_>) -> Listed<Entry> {
    let bases = match spec.list.per {
        None => Listed::complete(vec![json!({})]),
        Some(per) => per(known),
    };
    let mut window = spec.jobs.map(|_| Window::new(place));
    let mut all = Listed { items: Vec::new(), missing: bases.missing };
    // Under a bound one parent comes after the other, for the first may fill it.
    let width = if place.max_per_type.is_some() { 1 } else { WIDTH };
    let mut parents =
        stream::iter(bases.items).map(|base| async move { within(place, spec, known, &base).await }).buffered(width);
    while let Some((listed, older)) = parents.next().await {
        all.items.extend(listed.items);
        all.missing = all.missing.or(listed.missing);
        if let Some(window) = &mut window {
            window.older += older;
        }
        if let Some(most) = place.max_per_type.filter(|most| all.items.len() > *most) {
            all.items.truncate(most);
            let detail = format!("only the first {most} were looked at (--max-per-type), and there are more");
            all.missing = Some(place.asker.leave_out(&spec.list.call, detail));
            break;
        }
    }
    if let Some(window) = window {
        window.cut(place, &spec.list.call, &mut all.items);
    }
    all
}

/// What one list shows, one more than the bound where there is one, and how many of it are older than the window.
async fn within(place: &Place, spec: &Spec, known: &Known<'_>, base: &Value) -> (Listed<Entry>, usize) {
    let mut window = spec.jobs.map(|_| Window::new(place));
    let request = newest_first(spec, base.clone());
    let listed = pages(place, &spec.list, request, |mut summary, kept: &mut Vec<Entry>| {
        if spec.list.keep.is_some_and(|keep| !keep(known, &summary)) {
            return false;
        }
        if let (Value::Object(members), Value::Object(base)) = (&mut summary, base) {
            for (name, value) in base {
                members.entry(name).or_insert_with(|| value.clone());
            }
        }
        spec.align(&mut summary);
        let entry = Entry::new(&summary, spec);
        if window.as_mut().is_some_and(|window| window.ends(&entry)) {
            return true;
        }
        kept.push(entry);
        place.max_per_type.is_some_and(|most| kept.len() > most)
    })
    .await;
    (listed, window.map_or(0, |window| window.older))
}

/// How many a first page shows, of each parent if there are some, and whether there are more.
pub(super) async fn first_pages(place: &Place, spec: &Spec, known: &Known<'_>) -> Result<(u64, bool), Gap> {
    let bases = spec.list.per.map_or_else(|| Listed::complete(vec![json!({})]), |per| per(known));
    let (mut count, mut more) = (0, false);
    for base in bases.items {
        let mut request = newest_first(spec, base);
        if let (Value::Object(members), Some((name, most))) = (&mut request, spec.list.size) {
            members.insert(name.to_owned(), json!(most));
        }
        match place.question(&spec.list.call, spec.list.absent, request).await {
            Seen::Is(page) => {
                let items = page.get(spec.list.items).and_then(Value::as_array);
                count += items.map_or(0, Vec::len) as u64;
                more |= page.get(spec.list.token_member()).and_then(Value::as_str).is_some_and(|next| !next.is_empty());
            }
            Seen::Unset => {}
            Seen::Unseen(gap) => return Err(gap),
        }
    }
    bases.missing.map_or(Ok((count, more)), Err)
}

/// The request for a list, with what its declaration adds.
fn newest_first(spec: &Spec, mut request: Value) -> Value {
    if let Value::Object(members) = &mut request {
        members.extend(serde_json::from_str::<Map<String, Value>>(spec.list.with).unwrap_or_default());
        if spec.list.newest_first {
            members.insert("SortBy".to_owned(), json!("CreationTime"));
            members.insert("SortOrder".to_owned(), json!("Descending"));
        }
    }
    request
}

/// Asks page after page. `take` looks at each item and may keep something of it; true ends the listing there.
pub(super) async fn pages<T>(
    place: &Place,
    list: &List,
    request: Value,
    mut take: impl FnMut(Value, &mut Vec<T>) -> bool,
) -> Listed<T> {
    let mut kept = Vec::new();
    let (mut token, mut seen_tokens) = (None::<String>, 0_u64);
    loop {
        let mut parameters = request.clone();
        if let Value::Object(members) = &mut parameters {
            if let Some((name, most)) = list.size {
                members.insert(name.to_owned(), json!(most));
            }
            if let Some(token) = &token {
                members.insert(list.token_parameter().to_owned(), json!(token));
            }
        }
        let mut page = match place.question(&list.call, list.absent, parameters).await {
            Seen::Is(page) => page,
            Seen::Unset => return Listed::complete(kept),
            Seen::Unseen(gap) => return Listed { items: kept, missing: Some(gap) },
        };
        let next =
            page.get(list.token_member()).and_then(Value::as_str).filter(|next| !next.is_empty()).map(str::to_owned);
        // What the answer itself is is told by its first page.
        let next = next.filter(|_| !list.items.is_empty());
        let items = if list.items.is_empty() {
            vec![page]
        } else {
            match page.pointer_mut(&format!("/{}", list.items.replace('.', "/"))).map(Value::take) {
                Some(Value::Array(items)) => items,
                None | Some(Value::Null) => Vec::new(),
                Some(_) => {
                    let gap = place.asker.strange(&list.call, format!("{} is not a list", list.items));
                    return Listed { items: kept, missing: Some(gap) };
                }
            }
        };
        for item in items {
            if take(item, &mut kept) {
                return Listed::complete(kept);
            }
        }
        seen_tokens += 1;
        match next {
            None => return Listed::complete(kept),
            next if next == token || seen_tokens > 1_000_000 => {
                let why = "the listing does not end: AWS repeats the page token".to_owned();
                return Listed { items: kept, missing: Some(place.asker.strange(&list.call, why)) };
            }
            next => token = next,
        }
    }
}

/// A whole listing of things that are told by the list alone. One that makes no sense leaves the listing incomplete.
pub(super) async fn parts<T: Wire>(place: &Place, list: &List, request: Value) -> Listed<T> {
    let Listed { items, mut missing } = pages(place, list, request, everything).await;
    let mut all = Vec::new();
    for item in &items {
        match T::read(item) {
            Ok(read) => all.extend(read),
            Err(why) => {
                let gap = place.asker.strange(&list.call, why);
                missing.get_or_insert(gap);
            }
        }
    }
    Listed { items: all, missing }
}

/// A record as Search shows it.
struct Shown {
    arn: String,
    record: Box<dyn Item>,
    name: Option<(&'static str, String)>,
    status: Option<String>,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
}

impl Shown {
    /// Whether it is a job that had not ended.
    fn runs(&self, spec: &Spec) -> bool {
        let status = self.status.as_deref();
        spec.jobs.zip(status).is_some_and(|(jobs, status)| jobs.running.contains(&status))
    }

    /// What the list would say of it: enough to ask about it, and to fall back on.
    fn summary(&self, spec: &Spec, jobs: Jobs) -> Value {
        let mut summary = json!({});
        wire::put(&mut summary, spec.arn, json!(self.arn));
        if let Some((path, name)) = &self.name {
            wire::put(&mut summary, path, json!(name));
        }
        if let Some(status) = &self.status {
            wire::put(&mut summary, jobs.status, json!(status));
        }
        summary
    }
}

/// What Search shows of the listed resources, by ARN.
async fn shown(place: &Place, search: &Search, entries: &[Entry], kind: &Kind) -> HashMap<String, Shown> {
    let oldest = entries.iter().filter_map(|entry| entry.created).min().unwrap_or(Timestamp::MIN);
    let since = oldest.saturating_sub(LAG.minutes()).unwrap_or(Timestamp::MIN);
    let all = slices(place, search, kind, since, true).await.unwrap_or_default();
    all.into_iter().map(|shown| (shown.arn.clone(), shown)).collect()
}

/// Everything that Search shows since a time, in slices of time short enough for the index to count and to page
/// through. `None` when it cannot be shown that this is everything, unless there is a list to tell what is missing.
async fn slices(place: &Place, search: &Search, kind: &Kind, since: Timestamp, listed: bool) -> Option<Vec<Shown>> {
    let why = Gap::new(Reason::Skipped, format!("Search does not tell, and {} was not asked", describes(&kind.spec)));
    let mut todo = vec![(since, None::<Timestamp>)];
    let mut all = Vec::new();
    while !todo.is_empty() {
        let now = std::mem::take(&mut todo);
        let chains = now.into_iter().map(|(since, before)| chain(place, search, kind, &why, since, before));
        let mut chains = stream::iter(chains).buffer_unordered(4);
        while let Some(answer) = chains.next().await {
            match answer {
                Chain::Whole(records) => all.extend(records),
                Chain::TooLong(halves) => todo.extend(halves),
                Chain::Part(records) if listed => all.extend(records),
                Chain::Part(_) => return None,
            }
        }
    }
    Some(all)
}

fn describes(spec: &Spec) -> &'static str {
    spec.describe.map_or("nothing more", |ask| ask.call.operation)
}

enum Chain {
    /// As many records as the index counts.
    Whole(Vec<Shown>),
    /// Fewer, or the chain broke off.
    Part(Vec<Shown>),
    /// More than a chain should have: its halves.
    TooLong([(Timestamp, Option<Timestamp>); 2]),
}

/// One chain of pages, unless an interrupted run of the scan had it.
async fn chain(
    place: &Place,
    search: &Search,
    kind: &Kind,
    why: &Gap,
    since: Timestamp,
    before: Option<Timestamp>,
) -> Chain {
    let end = before.unwrap_or(place.started);
    let halves = || {
        let middle = since.saturating_add(end.duration_since(since) / 2).unwrap_or(end);
        Chain::TooLong([(since, Some(middle)), (middle, before)])
    };
    let asked = slice(search, since, before, 100).to_string();
    match place.memory.slice(place.region(), kind, &asked) {
        Some(Slice::TooLong) => return halves(),
        Some(Slice::Records(known)) => {
            let shown = |(answer, item, modified)| told(kind, &answer, item).map(|shown| Shown { modified, ..shown });
            if let Some(known) = known.into_iter().map(shown).collect() {
                return Chain::Whole(known);
            }
        }
        None => {}
    }
    let note = |records: Option<&[Shown]>| {
        let records: Option<Vec<(&dyn Item, _)>> =
            records.map(|records| records.iter().map(|shown| (&*shown.record, shown.modified)).collect());
        place.memory.note_slice(place.region(), kind.spec.table, &asked, records.as_deref());
    };
    let mut records = Vec::new();
    let (mut token, mut hits, mut results) = (None::<String>, None::<Hits>, 0_u64);
    for _ in 0..=SLICE / 100 * 2 {
        let mut request = slice(search, since, before, 100);
        if let Some(token) = &token {
            request["NextToken"] = json!(token);
        }
        let Seen::Is(mut page) = place.question(&SEARCH, &[], request).await else { return Chain::Part(records) };
        if token.is_none() {
            hits = Hits::of(&page);
            // Only a number that is too large calls for halves: without one they would never become small enough.
            if hits.is_some_and(|hits| hits.count > SLICE as u64) && end.duration_since(since).as_secs() > 60 {
                note(None);
                return halves();
            }
        }
        let Some(Value::Array(page_of)) = page.get_mut("Results").map(Value::take) else { return Chain::Part(records) };
        results += page_of.len() as u64;
        records.extend(page_of.iter().filter_map(|result| record(search, kind, result, why)));
        let next = page.get("NextToken").and_then(Value::as_str).filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_none() {
            let whole = hits.is_some_and(|hits| hits.exact && hits.count == results) && results == records.len() as u64;
            if !whole {
                return Chain::Part(records);
            }
            note(Some(&records));
            return Chain::Whole(records);
        }
        if next == token {
            break;
        }
        token = next;
    }
    Chain::Part(records)
}

/// How many records the index counts: up to some number exactly, and then "at least".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hits {
    count: u64,
    exact: bool,
}

impl Hits {
    fn of(page: &Value) -> Option<Hits> {
        let hits = page.get("TotalHits")?;
        Some(Hits { count: hits.get("Value")?.as_u64()?, exact: hits.get("Relation")?.as_str()? == "EqualTo" })
    }
}

/// How many records are older, and whether that is exact.
pub(super) async fn older(place: &Place, search: &Search, than: Timestamp) -> (u64, bool) {
    let mut request = slice(search, Timestamp::UNIX_EPOCH, Some(than), 1);
    request["SearchExpression"]["Filters"][1]["Operator"] = json!("LessThan");
    let answer = place.question(&SEARCH, &[], request).await;
    let hits = answer.shown().and_then(Hits::of);
    hits.map_or((0, false), |hits| (hits.count, hits.exact))
}

/// The request for one slice of time. A record at the seam of two slices is shown twice, and counts once.
fn slice(search: &Search, since: Timestamp, before: Option<Timestamp>, size: u32) -> Value {
    let filter = |operator: &str, at: Timestamp| json!({ "Name": "CreationTime", "Operator": operator, "Value": at.to_string() });
    let mut filters = vec![filter("GreaterThanOrEqualTo", since)];
    filters.extend(before.map(|before| filter("LessThanOrEqualTo", before)));
    if let Some((name, value)) = search.filter {
        filters.push(json!({ "Name": name, "Operator": "Equals", "Value": value }));
    }
    json!({
        "Resource": search.resource,
        "SearchExpression": { "Filters": filters },
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
        "MaxResults": size,
    })
}

/// One record. Its `also` fields are tags alone ([`tells_enough`]), and it carries them.
fn record(search: &Search, kind: &Kind, result: &Value, why: &Gap) -> Option<Shown> {
    let whole = Seen::Is(wire::look(result, search.record)?.into_owned());
    let mut record = kind.item(&Value::Null, &whole, search.lacks, why);
    for number in 0..kind.also.len() {
        record.fill_also(number, &whole);
    }
    told(kind, whole.shown()?, record)
}

/// A record with what its answer tells of when and how it stands.
fn told(kind: &Kind, answer: &Value, record: Box<dyn Item>) -> Option<Shown> {
    let spec = &kind.spec;
    let arn = wire::look(answer, spec.arn)?.as_str()?.to_owned();
    let time = |path: &str| wire::look(answer, path).and_then(|at| <Timestamp as wire::Wire>::read(&at).ok()?);
    let (created, modified) = (time(spec.created), time("LastModifiedTime"));
    let status = spec.jobs.map(|jobs| text_at(answer, jobs.status));
    let name = spec.describe.and_then(|ask| ask.by.first()).map(|(_, path)| (*path, text_at(answer, path)));
    Some(Shown { arn, record, name, status, created, modified })
}

/// The part of a list of jobs, newest first, that a scan looks at: what is young or still runs.
struct Window {
    since: Timestamp,
    /// No SageMaker job runs longer than 28 days (quotas page: longest run time of a training job), so what is older
    /// than this is finished.
    certainly_finished: Timestamp,
    older: usize,
}

impl Window {
    fn new(place: &Place) -> Self {
        let longest_run = place.started.saturating_sub((28 * 24).hours()).unwrap_or(Timestamp::MIN);
        Window { since: place.jobs_since, certainly_finished: place.jobs_since.min(longest_run), older: 0 }
    }

    /// Whether the listing may end here.
    fn ends(&mut self, entry: &Entry) -> bool {
        if entry.created.is_some_and(|at| at < self.certainly_finished) {
            self.older += 1;
        }
        self.older > COUNTED
    }

    /// Drops what lies outside, and says so in the ledger.
    fn cut(self, place: &Place, call: &Call, entries: &mut Vec<Entry>) {
        let before = entries.len();
        entries.retain(|entry| entry.runs || entry.created.is_none_or(|at| at >= self.since));
        let dropped = before - entries.len();
        if dropped > 0 {
            let more = if self.older > COUNTED { "more than " } else { "" };
            let since = self.since;
            place.asker.leave_out(call, format!("{more}{dropped} finished jobs created before {since} were left out"));
        }
    }
}

/// The calls behind a table of records.
pub(super) fn calls_of(table: sagescan_checks::snapshot::Table) -> BTreeSet<Call> {
    let types = sagescan_checks::snapshot::registry::all();
    types.into_iter().filter(|about| about.table == table).flat_map(|about| about.calls).collect()
}
