//! What watches the bill: budgets, and monitors of unusual cost.

use serde_json::{Map, Value};

use super::record::part;
use super::wire::Form;

part! {
    /// A budget of the account (DescribeBudgets with `ShowFilterExpression`).
    pub struct Budget {
        name: String = "BudgetName",
        /// `COST`, `USAGE`, `RI_UTILIZATION`, …
        kind: Option<String> = "BudgetType",
        /// What it is limited to, in the older notation.
        filters: Vec<CostFilter> = "CostFilters" as Filters,
        /// What it is limited to, in the newer notation, as JSON.
        expression: Option<String> = "FilterExpression" as Json,
    }

    /// A monitor of Cost Anomaly Detection (GetAnomalyMonitors).
    pub struct AnomalyMonitor {
        name: String = "MonitorName",
        arn: Option<String> = "MonitorArn",
        /// `DIMENSIONAL` or `CUSTOM`
        kind: Option<String> = "MonitorType",
        /// `SERVICE`, `LINKED_ACCOUNT`, `TAG` or `COST_CATEGORY`
        dimension: Option<String> = "MonitorDimension",
        /// What a custom one looks at, as JSON.
        specification: Option<String> = "MonitorSpecification" as Json,
    }

    /// One limit of a budget: any of the values.
    pub struct CostFilter {
        /// `Service`, `LinkedAccount`, `TagKeyValue`, …
        key: String = "Key",
        values: Vec<String> = "Values",
    }
}

/// Filters as the wire has them: an object of lists.
#[derive(Debug)]
struct Filters;

impl Form<Vec<CostFilter>> for Filters {
    fn read(value: &Value) -> Result<Option<Vec<CostFilter>>, String> {
        let all = value.as_object().ok_or_else(|| "is not an object".to_owned())?;
        let filter = |(key, values): (&String, &Value)| {
            let values = values.as_array()?.iter().map(|value| value.as_str().map(str::to_owned));
            Some(CostFilter { key: key.clone(), values: values.collect::<Option<Vec<_>>>()? })
        };
        let all: Option<Vec<CostFilter>> = all.iter().map(filter).collect();
        all.map(Some).ok_or_else(|| "is no object of lists of texts".to_owned())
    }
    fn write(value: &Vec<CostFilter>) -> Value {
        let all: Map<String, Value> = value.iter().map(|f| (f.key.clone(), f.values.clone().into())).collect();
        if all.is_empty() { Value::Null } else { Value::Object(all) }
    }
}

/// A tree that is kept as it stands.
#[derive(Debug)]
struct Json;

impl Form<String> for Json {
    fn read(value: &Value) -> Result<Option<String>, String> {
        Ok(Some(value.to_string()))
    }
    fn write(value: &String) -> Value {
        serde_json::from_str(value).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::snapshot::wire::Wire;

    #[test]
    fn a_budget_is_written_as_it_was_read() {
        let answers = [
            json!({ "BudgetName": "all", "BudgetType": "COST" }),
            json!({ "BudgetName": "ml", "BudgetType": "COST", "CostFilters": { "Service": ["Amazon SageMaker"] } }),
            json!({ "BudgetName": "ml", "BudgetType": "COST",
                "FilterExpression": { "Dimensions": { "Key": "SERVICE", "Values": ["Amazon SageMaker"] } } }),
        ];
        for answer in answers {
            let budget = Budget::read(&answer).unwrap().unwrap();
            assert_eq!(budget.write(), answer);
        }
        assert!(Budget::read(&json!({ "BudgetName": "odd", "CostFilters": { "Service": "x" } })).is_err());
    }
}
