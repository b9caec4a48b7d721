//! What stands in front of endpoints: APIs and functions that lead to inference.

use super::arn::Arn;
use super::check::unclear;
use super::permissions::Proof;
use super::subject::{Population, Resource, Subject, by_region};
use super::world::{Here, World};
use crate::snapshot::{HttpApi, HttpIntegration, HttpRoute, LambdaFunction, RestApi, Unseen};

/// Something that callers outside may reach an endpoint through.
#[derive(Clone, Copy)]
pub enum FrontDoor<'w> {
    /// A REST API.
    Rest(&'w RestApi),
    /// An HTTP or WebSocket API.
    Http(&'w HttpApi),
    /// A function, which may have URLs.
    Function(&'w LambdaFunction),
}

impl<'w> Subject<'w> for FrontDoor<'w> {
    const KIND: &'static str = "front-door";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let mut all = by_region(world, |region| &region.rest_apis, FrontDoor::Rest);
        all.extend(by_region(world, |region| &region.http_apis, FrontDoor::Http));
        all.extend(by_region(world, |region| &region.lambda_functions, FrontDoor::Function));
        all
    }
    fn resource(self) -> Resource {
        match self {
            FrontDoor::Rest(api) => Resource::new("rest-api", format!("{} ({})", api.name, api.id), ""),
            FrontDoor::Http(api) => Resource::new("http-api", format!("{} ({})", api.name, api.id), ""),
            FrontDoor::Function(function) => function.resource(),
        }
    }
}

impl<'w> Subject<'w> for &'w RestApi {
    const KIND: &'static str = "rest-api";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        by_region(world, |region| &region.rest_apis, |it| it)
    }
    fn resource(self) -> Resource {
        FrontDoor::Rest(self).resource()
    }
}

impl<'w> Subject<'w> for &'w LambdaFunction {
    const KIND: &'static str = "lambda-function";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        by_region(world, |region| &region.lambda_functions, |it| it)
    }
    fn resource(self) -> Resource {
        Resource::new("lambda-function", self.name.clone(), &self.arn)
    }
}

/// How something leads to an endpoint.
#[derive(Debug, Clone)]
pub enum Way {
    /// It calls the runtime of SageMaker itself.
    Direct,
    /// It calls this function, whose role may invoke endpoints.
    Through(String, Box<Proof>),
}

impl Way {
    /// How it reads in a finding.
    pub fn words(&self) -> String {
        match self {
            Way::Direct => "calls an endpoint of SageMaker".to_owned(),
            Way::Through(function, proof) => {
                format!("calls function {function}, whose role may invoke endpoints: {}", proof.words())
            }
        }
    }
}

impl<'w> Here<'w> {
    /// How the target of an integration leads to an endpoint; `None` where it does not.
    ///
    /// # Errors
    /// The gap where the function or the rights of its role were not seen.
    pub fn way_to_endpoint(&self, target: &str) -> Result<Option<Way>, Unseen> {
        if target.contains(":runtime.sagemaker:") {
            return Ok(Some(Way::Direct));
        }
        // arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations, or the function's ARN.
        let function = match target.split_once("/functions/") {
            Some((_, rest)) => rest.split("/invocations").next().unwrap_or(rest),
            None => target,
        };
        if function.contains("${") {
            return Err(unclear(format!("which function {function} is, a stage variable tells")));
        }
        let Some(arn) = Arn::parse(function).filter(|arn| arn.service == "lambda") else { return Ok(None) };
        if arn.account != self.account() || arn.region != self.name {
            return Err(unclear(format!("function {function} lies in another account or region")));
        }
        let name = arn.resource.split(':').nth(1).unwrap_or_default();
        // What is not in the table has a role that no policy lets invoke endpoints.
        match self.region.lambda_functions.find(|function| function.name == name)? {
            Some(function) => Ok(self.invokes(function)?.map(|proof| Way::Through(name.to_owned(), Box::new(proof)))),
            None => Ok(None),
        }
    }

    /// The right of a function's role to invoke endpoints of its region, if it has one.
    ///
    /// # Errors
    /// The gap where the role or its policies were not seen.
    pub fn invokes(&self, function: &LambdaFunction) -> Result<Option<Proof>, Unseen> {
        let Some(role) = self.world.role(function.role.known("Role")?)? else { return Ok(None) };
        let permissions = self.world.role_permissions(role)?;
        let endpoints = permissions.own_arn("sagemaker", self.name, "endpoint/*");
        let open = sagescan_policy::Context::open();
        let right = permissions.may_by_choice("sagemaker:InvokeEndpoint", &endpoints, open)?;
        Ok(right.map(|right| right.proof))
    }

    /// The integrations of an HTTP or WebSocket API that call SageMaker or a function.
    pub fn integrations_of(&self, api: &HttpApi) -> impl Iterator<Item = &'w HttpIntegration> {
        self.region.http_integrations.iter().filter(move |integration| integration.api == api.id)
    }

    /// The routes of an HTTP or WebSocket API.
    pub fn routes_of(&self, api: &HttpApi) -> impl Iterator<Item = &'w HttpRoute> {
        self.region.http_routes.iter().filter(move |route| route.api == api.id)
    }
}
