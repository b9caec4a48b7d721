//! API Gateway: the APIs that may stand in front of endpoints, asked for where there are endpoints.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::autoscaling::where_endpoints_are;
use super::record::{part, record};
use super::wire::{Every, Form, Iso, Wire, look};
use super::{Ask, Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// A REST API (GetRestApis).
    pub struct RestApi in rest_apis {
        id: String = "id",
        name: String = "name",
        created: Seen<Timestamp> = "createdDate",
        /// `REGIONAL`, `EDGE`, or `PRIVATE` for those that only VPC endpoints reach.
        reach: Seen<Vec<String>> = "endpointConfiguration.types" as Every,
        /// The resource policy as it stands; none is unset.
        policy: Seen<String> = "policy",
        /// Whether the name that AWS gave it is switched off.
        default_name_off: Seen<bool> = "disableExecuteApiEndpoint",
        /// What TLS that name takes.
        security_policy: Seen<String> = "securityPolicy",
    }
    by Spec {
        created: "createdDate",
        summary: &[
            "id", "name", "createdDate", "endpointConfiguration", "policy", "disableExecuteApiEndpoint",
            "securityPolicy",
        ],
        missing: "NotFoundException",
        needs: &[Table::Endpoints],
        ..Spec::of(Table::RestApis, List {
            size: Some(("limit", 500)),
            token: "position",
            per: Some(where_endpoints_are),
            ..List::of(read!("apigateway", "GetRestApis", "apigateway:GET"), "item")
        })
    }
}

part! {
    /// A method of a resource of a REST API.
    pub struct ApiMethod {
        verb: String = "httpMethod",
        /// `NONE`, `AWS_IAM`, `CUSTOM` or `COGNITO_USER_POOLS`.
        authorization: Option<String> = "authorizationType",
        /// An API key counts calls; it is no proof of who calls.
        key_required: Option<bool> = "apiKeyRequired",
        /// What it calls, where that is a service of AWS: other addresses may hold secrets.
        target: Option<String> = "methodIntegration.uri" as Called,
    }
}

record! {
    /// A resource of a REST API with a method that calls SageMaker or a function (GetResources).
    pub struct ApiResource in api_resources {
        id: String = "id",
        /// The id of the API.
        api: String = "restapi_id",
        path: Seen<String> = "path",
        methods: Seen<Vec<ApiMethod>> = "resourceMethods" as Methods,
    }
    by Spec {
        created: "",
        summary: &["id", "path", "resourceMethods"],
        missing: "NotFoundException",
        needs: &[Table::RestApis],
        ..Spec::of(Table::ApiResources, List {
            size: Some(("limit", 500)),
            token: "position",
            with: r#"{"embed": ["methods"]}"#,
            per: Some(rest_apis),
            keep: Some(has_a_method_that_calls),
            // The API went away after it was listed.
            absent: &["NotFoundException"],
            ..List::of(read!("apigateway", "GetResources", "apigateway:GET"), "item")
        })
    }
}

record! {
    /// An HTTP or WebSocket API (GetApis).
    pub struct HttpApi in http_apis {
        id: String = "apiId",
        name: String = "name",
        created: Seen<Timestamp> = "createdDate" as Iso,
        /// `HTTP` or `WEBSOCKET`.
        protocol: Seen<String> = "protocolType",
    }
    by Spec {
        created: "createdDate",
        summary: &["apiId", "name", "createdDate", "protocolType", "routeSelectionExpression"],
        required: r#"{"routeSelectionExpression": "$request.method $request.path"}"#,
        missing: "NotFoundException",
        needs: &[Table::Endpoints],
        ..Spec::of(Table::HttpApis, List {
            size: Some(("maxResults", 100)),
            token: "nextToken",
            per: Some(where_endpoints_are),
            ..List::of(read!("apigateway", "GetApis", "apigateway:GET"), "items")
        })
    }
}

record! {
    /// A route of an HTTP or WebSocket API (GetRoutes).
    pub struct HttpRoute in http_routes {
        id: String = "routeId",
        /// The id of the API.
        api: String = "apiId",
        /// `POST /predict`, `$default`, `$connect`, …
        route: String = "routeKey",
        /// `NONE`, `AWS_IAM`, `CUSTOM` or `JWT`.
        authorization: Seen<String> = "authorizationType",
        /// `integrations/ID`.
        integration: Seen<String> = "target",
    }
    by Spec {
        created: "",
        summary: &["routeId", "routeKey", "authorizationType", "target"],
        missing: "NotFoundException",
        needs: &[Table::HttpApis],
        ..Spec::of(Table::HttpRoutes, List {
            size: Some(("maxResults", 100)),
            token: "nextToken",
            per: Some(http_apis),
            absent: &["NotFoundException"],
            ..List::of(read!("apigateway", "GetRoutes", "apigateway:GET"), "items")
        })
    }
}

record! {
    /// An integration of an HTTP or WebSocket API that calls SageMaker or a function (GetIntegrations).
    pub struct HttpIntegration in http_integrations {
        id: String = "integrationId",
        /// The id of the API.
        api: String = "apiId",
        target: Seen<String> = "integrationUri" as Called,
    }
    by Spec {
        created: "",
        summary: &["integrationId", "integrationUri"],
        missing: "NotFoundException",
        needs: &[Table::HttpApis],
        ..Spec::of(Table::HttpIntegrations, List {
            size: Some(("maxResults", 100)),
            token: "nextToken",
            per: Some(http_apis),
            keep: Some(calls),
            absent: &["NotFoundException"],
            ..List::of(read!("apigateway", "GetIntegrations", "apigateway:GET"), "items")
        })
    }
}

/// The REST APIs behind a domain name.
const MAPPINGS: Ask = Ask {
    absent: &["NotFoundException"],
    ..Ask::of(read!("apigateway", "GetBasePathMappings", "apigateway:GET"), &[("domain_name", "domainName")])
};

record! {
    /// A domain name of your own in front of APIs (GetDomainNames).
    pub struct ApiDomain in api_domains {
        name: String = "domainName",
        arn: String = "domainNameArn",
        /// What TLS it takes: `TLS_1_0`, `TLS_1_2`, …
        security_policy: Seen<String> = "securityPolicy",
    }
    also {
        /// The ids of the REST APIs that it leads to.
        rest_apis: Seen<Vec<String>> = MAPPINGS, "" as MappedApis;
    }
    by Spec {
        arn: "domainNameArn",
        created: "",
        summary: &["domainName", "domainNameArn", "securityPolicy"],
        missing: "NotFoundException",
        needs: &[Table::Endpoints],
        ..Spec::of(Table::ApiDomains, List {
            size: Some(("limit", 500)),
            token: "position",
            per: Some(where_endpoints_are),
            ..List::of(read!("apigateway", "GetDomainNames", "apigateway:GET"), "item")
        })
    }
}

/// The ids of the APIs in an answer. A second page of them is not asked for, so there must be none.
#[derive(Debug)]
struct MappedApis;

impl Form<Vec<String>> for MappedApis {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        if value.get("position").is_some_and(|next| !next.is_null()) {
            return Err("has more mappings than one answer holds".to_owned());
        }
        look(value, "item[].restApiId").map_or(Ok(Some(Vec::new())), |ids| Wire::read(&ids))
    }
    fn write(value: &Vec<String>) -> Value {
        json!({ "item": value.iter().map(|id| json!({ "restApiId": id })).collect::<Vec<_>>() })
    }
    fn absent() -> Option<Vec<String>> {
        Some(Vec::new())
    }
}

/// The methods of a resource: a map by their verbs.
#[derive(Debug)]
struct Methods;

impl Form<Vec<ApiMethod>> for Methods {
    fn read(value: &Value) -> Result<Option<Vec<ApiMethod>>, String> {
        let all = value.as_object().ok_or("is not a map")?;
        let mut methods: Vec<ApiMethod> = Vec::new();
        for (verb, method) in all {
            let mut method = ApiMethod::read(method)?.unwrap_or_default();
            if method.verb.is_empty() {
                method.verb.clone_from(verb);
            }
            methods.push(method);
        }
        Ok(Some(methods))
    }
    fn write(value: &Vec<ApiMethod>) -> Value {
        Value::Object(value.iter().map(|method| (method.verb.clone(), method.write())).collect::<Map<_, _>>())
    }
    fn absent() -> Option<Vec<ApiMethod>> {
        Some(Vec::new())
    }
}

/// The address that an integration calls, if it is one of AWS.
#[derive(Debug)]
struct Called;

impl Form<String> for Called {
    fn read(value: &Value) -> Result<Option<String>, String> {
        let uri = value.as_str().ok_or("is not a text")?;
        Ok(is_of_aws(uri).then(|| uri.to_owned()))
    }
    fn write(value: &String) -> Value {
        json!(value)
    }
}

/// Whether an integration calls SageMaker or a function: by the ARN of an action of AWS, or of the function itself.
fn is_of_aws(uri: &str) -> bool {
    uri.starts_with("arn:") && (uri.contains(":runtime.sagemaker:") || uri.contains(":lambda:"))
}

fn calls(_: &Known<'_>, summary: &Value) -> bool {
    look(summary, "integrationUri").is_some_and(|uri| uri.as_str().is_none_or(is_of_aws))
}

fn has_a_method_that_calls(_: &Known<'_>, summary: &Value) -> bool {
    let methods = summary.get("resourceMethods").and_then(Value::as_object);
    let calls =
        |method: &Value| look(method, "methodIntegration.uri").is_some_and(|uri| uri.as_str().is_none_or(is_of_aws));
    methods.is_some_and(|all| all.values().any(calls))
}

fn rest_apis(known: &Known<'_>) -> Listed<Value> {
    let apis = &known.region.rest_apis;
    Listed { items: apis.iter().map(|api| json!({ "restapi_id": api.id })).collect(), missing: apis.missing.clone() }
}

fn http_apis(known: &Known<'_>) -> Listed<Value> {
    let apis = &known.region.http_apis;
    Listed { items: apis.iter().map(|api| json!({ "apiId": api.id })).collect(), missing: apis.missing.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_none_of_aws_are_not_kept() {
        let method = |uri: &str| json!({ "POST": { "httpMethod": "POST", "methodIntegration": { "uri": uri } } });
        let read = |uri: &str| Methods::read(&method(uri)).unwrap().unwrap().remove(0).target;
        assert_eq!(read("https://models.example.com/predict?token=geheim"), None);
        let runtime = "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/churn/invocations";
        assert_eq!(read(runtime).as_deref(), Some(runtime));
    }

    #[test]
    fn a_resource_is_kept_for_one_method_that_calls_sagemaker_or_a_function() {
        let nothing = Default::default();
        let (account, regions) = Default::default();
        let known = Known { name: "us-east-1", region: &nothing, account: &account, regions: &regions };
        let method = |uri: &str| json!({ "methodIntegration": { "uri": uri } });
        let function = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:x/invocations";
        let kept = |methods: Value| has_a_method_that_calls(&known, &json!({ "resourceMethods": methods }));
        assert!(kept(json!({ "GET": method("https://example.com"), "POST": method(function) })));
        assert!(!kept(json!({ "GET": method("https://example.com") })));
        assert!(!has_a_method_that_calls(&known, &json!({ "id": "a" })));
    }

    #[test]
    fn mappings_beyond_the_first_page_are_not_forgotten() {
        let page = json!({ "item": [{ "restApiId": "a" }] });
        assert_eq!(MappedApis::read(&page), Ok(Some(vec!["a".to_owned()])));
        assert!(MappedApis::read(&json!({ "item": [], "position": "next" })).is_err());
    }
}
