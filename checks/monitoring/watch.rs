//! Who is told when something happens: metric filters of what trails write, with alarms that ring, and rules of EventBridge.

use super::event_pattern;
use super::filter_pattern::Pattern;
use super::listeners::is_heard;
use super::occurrence::{Field, Fit, Occurrence};
use super::ringing;
use super::selectors::{leaves_out, management};
use crate::engine::World;
use crate::prelude::*;

/// The tables that the answer is read from.
pub(super) const READS: &[Table] = &[
    Table::Trails,
    Table::MetricFilters,
    Table::Alarms,
    Table::CompositeAlarms,
    Table::TopicSubscriptions,
    Table::EventRules,
];

/// Things that belong together: a requirement is that somebody is told of each.
pub(super) struct Group {
    /// What they are, for people; empty where the names of the calls say enough.
    pub(super) name: &'static str,
    pub(super) happens: Vec<Occurrence>,
}

/// Somebody who hears of some of what happens.
struct Watcher<'w> {
    name: String,
    /// `None` is every region.
    region: Option<&'w str>,
    /// What the trails behind it record: what all of them leave out is not heard of.
    records: Vec<&'w Selectors>,
    hears: Hears<'w>,
}

enum Hears<'w> {
    Filter(Pattern),
    Rule(&'w str),
}

impl Watcher<'_> {
    fn fits(&self, occurrence: &Occurrence, place: &str) -> Fit {
        if let Field::Is(source) = occurrence.field("eventSource")
            && self.records.iter().all(|selectors| leaves_out(selectors, source))
        {
            return Fit::No;
        }
        match (&self.hears, self.region) {
            (_, Some(region)) if region != place => Fit::No,
            (Hears::Filter(pattern), _) => pattern.fits(occurrence),
            (Hears::Rule(pattern), _) => event_pattern::fits(pattern, occurrence),
        }
    }
}

/// Everybody who is told of something.
pub(super) struct Watch<'w> {
    told: Vec<Watcher<'w>>,
    /// Filters that count without an alarm that rings.
    mute: Vec<Watcher<'w>>,
    /// The regions that were looked at.
    scanned: Vec<&'w str>,
    /// Why there may be more.
    doubt: Option<Unseen>,
}

impl<'w> Watch<'w> {
    pub(super) fn over(world: &'w World<'w>) -> Watch<'w> {
        let scanned: Vec<&str> = world.regions().map(|here| here.name).collect();
        let doubt = world.snapshot.account.trails.all().err();
        let mut watch = Watch { told: Vec::new(), mute: Vec::new(), scanned, doubt };
        let mut recording: Vec<Recording<'_>> = Vec::new();
        for trail in world.snapshot.account.trails.iter() {
            match reach(trail) {
                Ok(None) => {}
                Ok(Some(trail)) => {
                    if let Err(unseen) = watch.add_filters(&trail, world) {
                        watch.doubt(unseen);
                    }
                    recording.push(trail);
                }
                Err(unseen) => watch.doubt(unseen),
            }
        }
        for here in world.regions() {
            // EventBridge hears of API calls only where a trail records them (EventBridge user guide).
            let reaching = recording.iter().filter(|one| one.region.is_none_or(|region| region == here.name));
            let records: Vec<&Selectors> = reaching.map(|one| one.selectors).collect();
            if !records.is_empty() {
                watch.add_rules(&here, &records);
            }
        }
        watch
    }

    fn doubt(&mut self, unseen: Unseen) {
        self.doubt.get_or_insert(unseen);
    }

    /// The metric filters of the log group that a trail writes to.
    fn add_filters(&mut self, recording: &Recording<'w>, world: &'w World<'w>) -> Result<(), Unseen> {
        let Recording { trail, region, selectors } = *recording;
        let Some(arn) = trail.log_group.get()? else { return Ok(()) };
        let group = LogGroup::named(arn).ok_or_else(|| unclear(format!("`{arn}` is no log group")))?;
        if group.account != world.snapshot.scan.account {
            return Err(unclear(format!("trail {} writes to a log group of account {}", trail.name, group.account)));
        }
        let lies = world.region(group.region);
        let here = lies.ok_or_else(|| unclear(format!("trail {} writes to a region not scanned", trail.name)))?;
        for filter in here.region.metric_filters.iter().filter(|filter| filter.group == group.name) {
            let pattern = match filter.pattern.get() {
                Ok(text) => Pattern::parse(text.map_or("", String::as_str)),
                Err(_) => Pattern::Unclear,
            };
            let metrics = match filter.metrics.known("metricTransformations") {
                Ok(metrics) => metrics,
                Err(unseen) => {
                    self.doubt(unseen);
                    continue;
                }
            };
            let counts = |watched: &ringing::Watched<'_>| {
                metrics.iter().any(|metric| metric.namespace == watched.namespace && metric.name == watched.metric)
            };
            let alarms = ringing::search(&here, counts, &|enabled, actions| is_heard(enabled, actions, &here));
            let name = format!("metric filter {} of {}", filter.name, group.name);
            let watcher = Watcher { name, region, records: vec![selectors], hears: Hears::Filter(pattern) };
            match alarms.ringing.is_empty() {
                false => self.told.push(watcher),
                true => {
                    self.mute.push(watcher);
                    alarms.doubt.into_iter().for_each(|unseen| self.doubt(unseen));
                }
            }
        }
        here.region.metric_filters.all().map(|_| ())
    }

    fn add_rules(&mut self, here: &Here<'w>, records: &[&'w Selectors]) {
        let rules = &here.region.event_rules;
        if let Err(unseen) = rules.all() {
            self.doubt(unseen);
        }
        for rule in rules.iter() {
            match heard(rule) {
                Ok(Some(pattern)) => {
                    let name = format!("event rule {} in {}", rule.name, here.name);
                    let (region, records) = (Some(here.name), records.to_vec());
                    self.told.push(Watcher { name, region, records, hears: Hears::Rule(pattern) });
                }
                Ok(None) => {}
                Err(unseen) => self.doubt(unseen),
            }
        }
    }

    /// Who is told of something that happens in a place.
    fn ask(&self, occurrence: &Occurrence, place: &str) -> (Fit, Option<&str>) {
        let mut answer: (Fit, Option<&str>) = (Fit::No, None);
        for watcher in &self.told {
            match watcher.fits(occurrence, place) {
                Fit::Yes => return (Fit::Yes, Some(&watcher.name)),
                Fit::Maybe => answer = (Fit::Maybe, Some(&watcher.name)),
                Fit::No => {}
            }
        }
        answer
    }

    /// Judges whether somebody is told of everything in the groups, in each of the places.
    pub(super) fn judge(&self, groups: &[Group], places: &[&str], partition: &str) -> Judged {
        let (mut missing, mut open, mut names): (Vec<String>, Option<Unseen>, Vec<&str>) = Default::default();
        let (mut calls, mut mute): (Vec<&str>, Vec<&str>) = Default::default();
        let home = [home(partition)];
        for group in groups {
            let mut unheard: Vec<&str> = Vec::new();
            for occurrence in &group.happens {
                for place in if occurrence.global { &home[..] } else { places } {
                    match self.ask(occurrence, place) {
                        (Fit::Yes, name) => names.extend(name.filter(|name| !names.contains(name))),
                        (Fit::Maybe, name) => {
                            let who = name.unwrap_or_default();
                            let why = format!("whether {who} hears of {} cannot be told", occurrence.says);
                            open.get_or_insert_with(|| unclear(why));
                        }
                        (Fit::No, _) if !self.scanned.contains(place) => {
                            let why = format!("{} shows in {place}, which was not scanned", occurrence.says);
                            open.get_or_insert_with(|| unclear(why));
                        }
                        (Fit::No, _) => {
                            unheard.extend((!unheard.contains(&occurrence.says)).then_some(occurrence.says));
                            let hears = self.mute.iter().filter(|one| one.fits(occurrence, place) != Fit::No);
                            mute.extend(hears.map(|one| one.name.as_str()));
                        }
                    }
                }
            }
            if !unheard.is_empty() {
                let shown = unheard.iter().take(4).copied().collect::<Vec<_>>().join(", ");
                let more = unheard.len().saturating_sub(4);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let name = if group.name.is_empty() { String::new() } else { format!("{}: ", group.name) };
                missing.push(format!("{name}{shown}{more}"));
                calls.extend(unheard);
            }
        }
        if missing.is_empty() {
            return match open {
                Some(unseen) => Err(unseen),
                None if names.is_empty() => Err(unclear("no region was scanned")),
                None => Ok(pass(format!("somebody is told, by {}", names.join(", "))).with("told", names)),
            };
        }
        if let Some(unseen) = &self.doubt {
            return Err(unseen.clone());
        }
        mute.sort_unstable();
        mute.dedup();
        let mut says = format!("nobody is told of {}", missing.join("; "));
        if let Some(first) = mute.first() {
            says.push_str(&format!(" ({first} may count it, and no alarm that rings looks at the count)"));
        }
        Ok(fail(says).with("unheard", calls).with("without_alarm", mute).with("told", names))
    }
}

/// A trail that records management events that write.
struct Recording<'w> {
    trail: &'w Trail,
    /// `None` is every region.
    region: Option<&'w str>,
    selectors: &'w Selectors,
}

/// How a trail records the management events that write; `None` where it does not.
fn reach(trail: &Trail) -> Result<Option<Recording<'_>>, Unseen> {
    if !*trail.logging.known("IsLogging")? {
        return Ok(None);
    }
    let selectors = trail.selectors.known("EventSelectors")?;
    let recorded = management(selectors);
    if !recorded.writes {
        return match recorded.part {
            true => Err(unclear(format!("trail {} records a part of the management events", trail.name))),
            false => Ok(None),
        };
    }
    let everywhere = *trail.multi_region.known("IsMultiRegionTrail")?;
    let region = if everywhere { None } else { Some(trail.home_region.known("HomeRegion")?.as_str()) };
    Ok(Some(Recording { trail, region, selectors }))
}

/// The pattern of a rule that is on and tells somebody.
pub(crate) fn heard(rule: &EventRule) -> Result<Option<&str>, Unseen> {
    match rule.state.known("State")?.as_str() {
        "DISABLED" => return Ok(None),
        "ENABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" => {}
        other => return Err(unclear(format!("the state of rule {} is {other}", rule.name))),
    }
    if rule.targets.known("Targets")?.is_empty() {
        return Ok(None);
    }
    Ok(rule.pattern.get()?.map(String::as_str))
}

/// The region in which CloudTrail and EventBridge tell of global services (CloudTrail user guide, "Global service events").
fn home(partition: &str) -> &'static str {
    match partition {
        "aws-us-gov" => "us-gov-west-1",
        "aws-cn" => "cn-north-1",
        "aws-iso" => "us-iso-east-1",
        "aws-iso-b" => "us-isob-east-1",
        _ => "us-east-1",
    }
}

/// Judges an account: each scanned region, and the global services.
pub(super) fn account(groups: &[Group], here: &Here<'_>) -> Judged {
    let places: Vec<&str> = here.world.regions().map(|here| here.name).collect();
    Watch::over(here.world).judge(groups, &places, here.partition())
}
