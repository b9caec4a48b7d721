use serde_json::Value;

use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct CostAnomalyAndBudget;

impl Check for CostAnomalyAndBudget {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "cost-anomaly-and-budget",
        title: "A budget or a cost anomaly monitor covers SageMaker",
        severity: Severity::Low,
        reads: workloads![Budgets, AnomalyMonitors],
        practices: &["LOG-5"],
        page: include_str!("cost_anomaly_and_budget.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, account: &Account, here: &Here<'_>) -> Judged {
        if !here.world.holds_workloads()? {
            return Ok(not_concerned());
        }
        let mut doubt = None;
        for monitor in account.anomaly_monitors.iter() {
            match watches(monitor) {
                Ok(true) => {
                    let says = format!("cost anomaly monitor {} covers SageMaker", monitor.name);
                    return Ok(pass(says).with("monitor", monitor.name.as_str()));
                }
                Ok(false) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        for budget in account.budgets.iter() {
            match limits(budget) {
                Ok(true) => {
                    let says = format!("budget {} covers SageMaker", budget.name);
                    return Ok(pass(says).with("budget", budget.name.as_str()));
                }
                Ok(false) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        account.anomaly_monitors.all()?;
        account.budgets.all()?;
        doubt.map_or_else(|| Ok(fail("neither a budget nor a cost anomaly monitor covers SageMaker")), Err)
    }
}

/// The name of the service in bills (Cost Explorer, dimension `SERVICE`).
const SAGEMAKER: &str = "Amazon SageMaker";

fn watches(monitor: &AnomalyMonitor) -> Result<bool, Unseen> {
    match (monitor.kind.as_deref(), monitor.dimension.as_deref()) {
        // Each service apart, and each account of an organization.
        (Some("DIMENSIONAL"), Some("SERVICE" | "LINKED_ACCOUNT")) => Ok(true),
        (Some("DIMENSIONAL"), Some("TAG" | "COST_CATEGORY")) => Ok(false),
        (Some("CUSTOM"), _) => expression(monitor.specification.as_deref(), &monitor.name),
        _ => Err(unclear(format!("what cost anomaly monitor {} looks at cannot be told", monitor.name))),
    }
}

fn limits(budget: &Budget) -> Result<bool, Unseen> {
    match budget.kind.as_deref() {
        Some("COST" | "USAGE") => {}
        // How far reservations and savings plans are used.
        Some(_) => return Ok(false),
        None => return Err(unclear(format!("budget {} has no type", budget.name))),
    }
    let unlike = |filter: &CostFilter| filter.key != "Service" || filter.values.iter().all(|v| v != SAGEMAKER);
    if budget.filters.iter().any(unlike) {
        return Ok(false);
    }
    match &budget.expression {
        None => Ok(true),
        Some(text) => expression(Some(text), &budget.name),
    }
}

/// Whether an expression is about the service. Others may be met by it in part: by tag, by account.
fn expression(text: Option<&str>, name: &str) -> Result<bool, Unseen> {
    let unreadable = || unclear(format!("the filter of {name} cannot be told"));
    let tree: Value = serde_json::from_str(text.ok_or_else(unreadable)?).map_err(|_| unreadable())?;
    let tree = tree.as_object().filter(|members| members.len() == 1).ok_or_else(unreadable)?;
    if tree.contains_key("Tags") || tree.contains_key("CostCategories") {
        return Ok(false);
    }
    let dimension = tree.get("Dimensions").and_then(Value::as_object).ok_or_else(unreadable)?;
    let exact = dimension.get("MatchOptions").and_then(Value::as_array).is_none_or(|options| {
        options.iter().all(|option| ["EQUALS", "CASE_SENSITIVE"].iter().any(|word| option == word))
    });
    let values = dimension.get("Values").and_then(Value::as_array).filter(|_| exact).ok_or_else(unreadable)?;
    match dimension.get("Key").and_then(Value::as_str) {
        Some("SERVICE") => Ok(values.iter().any(|value| value == SAGEMAKER)),
        Some(_) => Ok(false),
        None => Err(unreadable()),
    }
}
