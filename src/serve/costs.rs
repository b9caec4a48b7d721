//! AWS Budgets and Cost Explorer: what watches the bill.

use sagescan_checks::snapshot::Listed;
use sagescan_checks::snapshot::wire::Wire;
use serde_json::{Value, json};

use super::call::{Answer, Call, Operation, Outcome};
use super::paging::Paging;

pub(super) fn budgets() -> Operation {
    Operation { name: "DescribeBudgets", action: "budgets:ViewBudget", resource: "", answer: describe_budgets }
}

pub(super) fn anomaly_monitors() -> Operation {
    let name = "GetAnomalyMonitors";
    Operation { name, action: "ce:GetAnomalyMonitors", resource: "", answer: get_anomaly_monitors }
}

fn describe_budgets(call: &Call<'_>) -> Outcome {
    call.required("AccountId")?;
    let pages = Paging { size: "MaxResults", token: "NextToken", default: 100, maximum: 1000 };
    let mut answer = page(call, &call.snapshot().account.budgets, "Budgets", pages)?;
    for budget in answer["Budgets"].as_array_mut().into_iter().flatten() {
        budget["TimeUnit"] = json!("MONTHLY");
    }
    Ok(Answer::Json(answer))
}

fn get_anomaly_monitors(call: &Call<'_>) -> Outcome {
    let pages = Paging { size: "MaxResults", token: "NextPageToken", default: 100, maximum: 100 };
    Ok(Answer::Json(page(call, &call.snapshot().account.anomaly_monitors, "AnomalyMonitors", pages)?))
}

fn page<T: Wire>(
    call: &Call<'_>,
    table: &Listed<T>,
    items: &str,
    pages: Paging,
) -> Result<Value, super::refusal::Refusal> {
    let page = pages.page(call, table.items.len(), call.gap(table))?;
    let some: Vec<Value> = table.items[page.range].iter().map(Wire::write).collect();
    Ok(json!({ items: some, pages.token: page.next }))
}
