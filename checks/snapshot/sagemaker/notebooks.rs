//! Notebook instances, and the code repositories that they and Studio know.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::{EnabledDisabled, Every, Form, Wire, look};
use crate::snapshot::{Ask, List, Seen, Spec, Table};

record! {
    /// A notebook instance.
    pub struct Notebook in notebooks {
        name: String = "NotebookInstanceName",
        arn: String = "NotebookInstanceArn",
        /// E.g. `InService`, `Stopped`.
        status: Seen<String> = "NotebookInstanceStatus",
        instance_type: Seen<String> = "InstanceType",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        lifecycle_config: Seen<String> = "NotebookInstanceLifecycleConfigName",
        /// `Enabled` is true.
        root_access: Seen<bool> = "RootAccess" as EnabledDisabled,
        /// `Enabled` is true.
        direct_internet: Seen<bool> = "DirectInternetAccess" as EnabledDisabled,
        subnet: Seen<String> = "SubnetId" => Subnet,
        security_groups: Seen<Vec<String>> = "SecurityGroups" as Every => SecurityGroup,
        key: Seen<String> = "KmsKeyId" => Key,
        role: Seen<String> = "RoleArn" => Role,
        platform: Seen<String> = "PlatformIdentifier",
        /// `1` or `2`.
        imds_version: Seen<String> = "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
        /// `ipv4` or `dualstack`.
        ip_address_type: Seen<String> = "IpAddressType",
        /// Of Elastic Inference.
        accelerators: Seen<Vec<String>> = "AcceleratorTypes" as Every,
        /// `DefaultCodeRepository` and `AdditionalCodeRepositories`, names or URLs: `***` stands for user information.
        code_repositories: Seen<Vec<String>> = "" as Repositories,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeNotebookInstance"),
            &[("NotebookInstanceName", "NotebookInstanceName")],
        )),
        arn: "NotebookInstanceArn",
        resource: "notebook-instance/{NotebookInstanceName}",
        summary: &[
            "NotebookInstanceName", "NotebookInstanceArn", "NotebookInstanceStatus", "InstanceType", "CreationTime",
            "LastModifiedTime", "NotebookInstanceLifecycleConfigName",
        ],
        ..Spec::of(Table::Notebooks, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListNotebookInstances"), "NotebookInstances")
        })
    }
}

record! {
    /// A Git repository that notebooks and Studio know.
    pub struct CodeRepository in code_repositories {
        name: String = "CodeRepositoryName",
        arn: String = "CodeRepositoryArn",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        /// User information is removed.
        url: Seen<String> = "GitConfig.RepositoryUrl" as Url,
        branch: Seen<String> = "GitConfig.Branch",
        /// The Secrets Manager secret with the credentials.
        secret: Seen<String> = "GitConfig.SecretArn" => Secret,
        /// Whether the URL itself carried a user name, password or token.
        url_has_credentials: Seen<bool> = "GitConfig" as UrlWithCredentials,
    }
    by Spec {
        arn: "CodeRepositoryArn",
        resource: "code-repository/{CodeRepositoryName}",
        finish: Some(user_information_into_the_url),
        summary: &["CodeRepositoryName", "CodeRepositoryArn", "CreationTime", "LastModifiedTime", "GitConfig"],
        ..Spec::of(
            Table::CodeRepositories,
            List {
                newest_first: true,
                ..List::of(read!("sagemaker", "ListCodeRepositories"), "CodeRepositorySummaryList")
            },
        )
    }
}

/// A URL without the user name, password or token that some people put into it.
fn without_userinfo(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            let host = authority.rsplit('@').next().unwrap_or(authority);
            format!("{scheme}://{host}{path}")
        }
        None => url.to_owned(),
    }
}

/// A URL in which `***` stands for the user name, password or token that some people put into it; what follows the path,
/// where others put theirs, is left out.
fn without_credentials(url: &str) -> String {
    let bare = without_userinfo(url);
    let marked = match bare.split_once("://").filter(|_| bare != url) {
        Some((scheme, rest)) => format!("{scheme}://***@{rest}"),
        None => bare,
    };
    marked.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// URLs of repositories, without what opens them.
#[derive(Debug)]
pub(super) struct RepositoryUrls;

impl Form<Vec<String>> for RepositoryUrls {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        let urls = Vec::<String>::read(value)?.unwrap_or_default();
        Ok(Some(urls.iter().map(|url| without_credentials(url)).collect()))
    }
    fn write(value: &Vec<String>) -> Value {
        value.write()
    }
    fn absent() -> Option<Vec<String>> {
        Some(Vec::new())
    }
}

/// The repositories of a notebook, the default one first.
#[derive(Debug)]
struct Repositories;

impl Form<Vec<String>> for Repositories {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        let mut all = Vec::new();
        if let Some(first) = look(value, "DefaultCodeRepository") {
            all.extend(String::read(&first)?);
        }
        if let Some(others) = look(value, "AdditionalCodeRepositories") {
            all.extend(Vec::<String>::read(&others)?.unwrap_or_default());
        }
        Ok(Some(all.iter().map(|url| without_credentials(url)).collect()))
    }
    fn write(value: &Vec<String>) -> Value {
        let mut answer = Map::new();
        if let Some((first, others)) = value.split_first() {
            answer.insert("DefaultCodeRepository".to_owned(), json!(first));
            if !others.is_empty() {
                answer.insert("AdditionalCodeRepositories".to_owned(), json!(others));
            }
        }
        Value::Object(answer)
    }
}

/// A URL, without user information.
#[derive(Debug)]
struct Url;

impl Form<String> for Url {
    fn read(value: &Value) -> Result<Option<String>, String> {
        Ok(String::read(value)?.map(|url| without_userinfo(&url)))
    }
    fn write(value: &String) -> Value {
        json!(value)
    }
}

/// Whether a URL has user information.
#[derive(Debug)]
struct UrlWithCredentials;

impl Form<bool> for UrlWithCredentials {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        let url = look(value, "RepositoryUrl").ok_or_else(|| "has no RepositoryUrl".to_owned())?;
        Ok(String::read(&url)?.map(|url| without_userinfo(&url) != url))
    }
    fn write(value: &bool) -> Value {
        json!({ "UserInfo": value })
    }
}

/// The URL is written without credentials; where there were some, others stand in.
fn user_information_into_the_url(answer: &mut Value) {
    let Some(git) = answer.get_mut("GitConfig").and_then(Value::as_object_mut) else { return };
    if git.remove("UserInfo") == Some(Value::Bool(true))
        && let Some(Value::String(url)) = git.get_mut("RepositoryUrl")
    {
        *url = url.replacen("://", "://stand-in@", 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_information_is_cut_out_of_urls() {
        assert_eq!(without_userinfo("https://me:tok@github.com/a/b@c"), "https://github.com/a/b@c");
        assert_eq!(without_userinfo("https://github.com"), "https://github.com");
        assert_eq!(without_userinfo("my-repository"), "my-repository");
        assert_eq!(without_credentials("https://me:tok@git.example/a?token=x"), "https://***@git.example/a");
        assert_eq!(without_credentials("https://***@git.example/a"), "https://***@git.example/a");
        assert_eq!(without_credentials("my-repository"), "my-repository");
    }
}
