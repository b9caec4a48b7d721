//! What watches the bill. Both services answer in one region for the whole partition.

use sagescan_checks::snapshot::{AnomalyMonitor, Budget, List, Listed};
use serde_json::json;

use super::call::{Call, read};
use super::places::Place;
use super::records;

const BUDGETS_CALL: Call = read!("budgets", "DescribeBudgets", "budgets:ViewBudget");
const MONITORS: Call = read!("ce", "GetAnomalyMonitors");

pub(super) const BUDGETS: &[Call] = &[BUDGETS_CALL];
pub(super) const ANOMALY_MONITORS: &[Call] = &[MONITORS];

/// The budgets of the account.
pub(super) async fn budgets(place: &Place, account: &str) -> Listed<Budget> {
    let list = List {
        // An account without budgets answers so (API reference, DescribeBudgets).
        absent: &["NotFoundException"],
        ..List::of(BUDGETS_CALL, "Budgets")
    };
    records::parts(place, &list, json!({ "AccountId": account, "ShowFilterExpression": true })).await
}

/// The monitors of unusual cost.
pub(super) async fn anomaly_monitors(place: &Place) -> Listed<AnomalyMonitor> {
    let list = List { token: "NextPageToken", ..List::of(MONITORS, "AnomalyMonitors") };
    records::parts(place, &list, json!({})).await
}
