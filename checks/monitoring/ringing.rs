//! Alarms: what they look at, and whether anybody hears them.

use super::alarm_rule::raised_by;
use crate::prelude::*;

/// A metric that an alarm looks at.
pub(super) struct Watched<'w> {
    pub(super) namespace: &'w str,
    pub(super) metric: &'w str,
    dimensions: &'w [Dimension],
}

impl Watched<'_> {
    /// The value of a dimension.
    pub(super) fn dimension(&self, name: &str) -> Option<&str> {
        self.dimensions.iter().find(|dimension| dimension.name == name).map(|dimension| dimension.value.as_str())
    }
}

/// The metrics that an alarm looks at. An expression that finds metrics by itself is an error: which, is not known.
pub(super) fn watched(alarm: &Alarm) -> Result<Vec<Watched<'_>>, Unseen> {
    let mut all = Vec::new();
    if let (Some(namespace), Some(metric)) = (alarm.namespace.get()?, alarm.metric.get()?) {
        all.push(Watched { namespace, metric, dimensions: alarm.dimensions.known("Dimensions")? });
    }
    for line in alarm.lines.known("Metrics")? {
        if let (Some(namespace), Some(metric)) = (&line.namespace, &line.metric) {
            all.push(Watched { namespace, metric, dimensions: &line.dimensions });
        }
    }
    let finds = |expression: &String| expression.to_lowercase().contains("sagemaker");
    if alarm.lines.known("Metrics")?.iter().filter_map(|line| line.expression.as_ref()).any(finds) {
        return Err(unclear(format!("alarm {} finds its metrics by an expression", alarm.name)));
    }
    Ok(all)
}

/// What it takes of the switch and the actions of an alarm to count.
pub(super) type Counts<'a> = &'a dyn Fn(&Seen<bool>, &Seen<Vec<String>>) -> Result<bool, Unseen>;

/// Whether an alarm does what counts when it goes off: by itself, or by an alarm on it.
fn rings(alarm: &Alarm, here: &Here<'_>, counts: Counts<'_>) -> Result<bool, Unseen> {
    match counts(&alarm.actions_enabled, &alarm.actions) {
        Ok(true) => Ok(true),
        own => {
            let passed_on = passed_on(alarm, here, counts)?.is_some();
            if passed_on { Ok(true) } else { own }
        }
    }
}

/// Whether actions are switched on, and do more than scaling.
pub(super) fn acts(enabled: &Seen<bool>, actions: &Seen<Vec<String>>) -> Result<bool, Unseen> {
    let actions = actions.known("AlarmActions")?;
    Ok(*enabled.known("ActionsEnabled")? && actions.iter().any(|action| !scales(action)))
}

/// A composite alarm that goes off with an alarm and does what counts: one on it, or one on such a one.
pub(super) fn passed_on<'w>(
    alarm: &Alarm,
    here: &Here<'w>,
    counts: Counts<'_>,
) -> Result<Option<&'w CompositeAlarm>, Unseen> {
    let all = &here.region.composite_alarms;
    let mut doubt = all.all().err();
    let mut rest = Vec::new();
    for one in all.iter() {
        match one.rule.known("AlarmRule") {
            Ok(rule) => rest.push((one, rule.as_str())),
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    let mut going_off = vec![(alarm.name.as_str(), alarm.arn.as_str())];
    while let Some((name, arn)) = going_off.pop() {
        for (one, rule) in std::mem::take(&mut rest) {
            // A rule is read only where it may be about this alarm; some characters of names are written differently there.
            let may_be = rule.contains(name) || name.contains(['"', '\\']);
            let raised = may_be
                .then(|| raised_by(rule).map(|by| by.iter().any(|by| !by.is_empty() && (by == name || by == arn))));
            match raised {
                None | Some(Some(false)) => rest.push((one, rule)),
                Some(None) => {
                    let unread = || unclear(format!("the rule of alarm {} cannot be read", one.name));
                    doubt = doubt.or_else(|| Some(unread()));
                }
                Some(Some(true)) => {
                    match counts(&one.actions_enabled, &one.actions) {
                        Ok(true) => return Ok(Some(one)),
                        Ok(false) => {}
                        Err(unseen) => doubt = doubt.or(Some(unseen)),
                    }
                    going_off.push((one.name.as_str(), one.arn.as_str()));
                }
            }
        }
    }
    doubt.map_or(Ok(None), Err)
}

/// Whether an action only adds or removes instances.
pub(super) fn scales(action: &str) -> bool {
    Arn::parse(action).is_some_and(|arn| arn.service == "autoscaling")
}

/// Looks for alarms of a region that look at something and ring.
pub(super) struct Search<'w> {
    /// Names of alarms that look at it and ring.
    pub(super) ringing: Vec<&'w str>,
    /// Names of alarms that look at it and do nothing.
    pub(super) silent: Vec<&'w str>,
    /// Why there may be more that ring.
    pub(super) doubt: Option<Unseen>,
}

/// Looks through the alarms of a region.
pub(super) fn search<'w>(here: &Here<'w>, fits: impl Fn(&Watched<'_>) -> bool, counts: Counts<'_>) -> Search<'w> {
    let alarms = &here.region.alarms;
    let mut found = Search { ringing: Vec::new(), silent: Vec::new(), doubt: alarms.all().err() };
    for alarm in alarms.iter() {
        let looks = watched(alarm).map(|metrics| metrics.iter().any(&fits));
        match looks.and_then(|looks| Ok((looks, looks && rings(alarm, here, counts)?))) {
            Ok((true, true)) => found.ringing.push(alarm.name.as_str()),
            Ok((true, false)) => found.silent.push(alarm.name.as_str()),
            Ok((false, _)) => {}
            Err(unseen) => found.doubt = found.doubt.or(Some(unseen)),
        }
    }
    found
}

/// What alarms look at each variant of an endpoint, for one of these metrics.
pub(super) struct Cover<'w> {
    /// Names of alarms that ring.
    pub(super) ringing: Vec<&'w str>,
    /// Variants that none of them looks at.
    pub(super) bare: Vec<&'w str>,
    /// Names of alarms that would look at them and do nothing.
    pub(super) silent: Vec<&'w str>,
    doubt: Option<Unseen>,
}

impl Cover<'_> {
    /// An alarm may look at a bare variant after all: why that is not known.
    pub(super) fn certain(&self) -> Result<(), Unseen> {
        self.doubt.clone().filter(|_| !self.bare.is_empty()).map_or(Ok(()), Err)
    }
}

/// Looks for alarms on metrics that SageMaker publishes of an endpoint: by variant, or by inference component.
///
/// Source: Amazon SageMaker AI Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch", November 2026.
pub(super) fn of_variants<'w>(
    endpoint: &'w Endpoint,
    variants: &[&'w str],
    (namespaces, metrics): (&[&str], &[&str]),
    here: &Here<'w>,
) -> Cover<'w> {
    let components = &here.region.inference_components;
    let is_ours = |component: &&InferenceComponent| component.endpoint.shown().is_some_and(|of| *of == endpoint.name);
    let ours: Vec<&str> = components.iter().filter(is_ours).map(|component| component.name.as_str()).collect();
    let unplaced = components.iter().find_map(|component| component.endpoint.gap().map(Unseen::from));
    let doubt = components.all().err().or(unplaced);
    let mut cover = Cover { ringing: Vec::new(), bare: Vec::new(), silent: Vec::new(), doubt };
    for variant in variants {
        let of_variant = |watched: &Watched<'_>| {
            watched.dimension("EndpointName") == Some(endpoint.name.as_str())
                && watched.dimension("VariantName") == Some(*variant)
        };
        let of_component = |watched: &Watched<'_>| {
            watched.dimension("InferenceComponentName").is_some_and(|component| ours.contains(&component))
        };
        let found = search(
            here,
            |watched| {
                namespaces.contains(&watched.namespace)
                    && metrics.contains(&watched.metric)
                    && (of_variant(watched) || of_component(watched))
            },
            &acts,
        );
        if found.ringing.is_empty() {
            cover.bare.push(variant);
            cover.silent.extend(found.silent);
            cover.doubt = cover.doubt.or(found.doubt);
        }
        cover.ringing.extend(found.ringing);
    }
    cover
}
