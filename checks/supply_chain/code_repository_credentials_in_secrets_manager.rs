use crate::engine::CodeSource;
use crate::prelude::*;

pub(super) struct CodeRepositoryCredentialsInSecretsManager;

impl Check for CodeRepositoryCredentialsInSecretsManager {
    type On<'w> = CodeSource<'w>;

    const META: Meta = Meta {
        id: "code-repository-credentials-in-secrets-manager",
        title: "URLs of Git repositories carry no credentials",
        severity: Severity::Medium,
        reads: CodeSource::READS,
        practices: &["SUP-3"],
        page: include_str!("code_repository_credentials_in_secrets_manager.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, source: CodeSource<'_>, _: &Here<'_>) -> Judged {
        if let CodeSource::Repository(repository) = source {
            if *repository.url_has_credentials.known("GitConfig.RepositoryUrl")? {
                return Ok(fail(
                    "its URL carries a user name, password or token that everybody who describes it reads",
                ));
            }
            return Ok(match repository.secret.get()? {
                Some(secret) => pass("its credentials lie in Secrets Manager").with("secret", secret.as_str()),
                None => pass("its URL carries no credentials, and it needs none from Secrets Manager"),
            });
        }
        let urls = source.urls();
        if let Some((field, url)) = urls.known.iter().find(|(_, url)| has_credentials(url)) {
            return Ok(fail(format!("{field} carries credentials in the URL {url}")).with("field", *field));
        }
        urls.doubt.map_or(Ok(()), Err)?;
        if urls.known.is_empty() {
            return Ok(not_concerned());
        }
        Ok(pass("no URL of a repository carries credentials"))
    }
}

/// Whether `***` stands for something in the URL of a page; the user name of SSH is no secret.
fn has_credentials(url: &str) -> bool {
    url.to_ascii_lowercase().starts_with("http") && url.contains("://***@")
}
