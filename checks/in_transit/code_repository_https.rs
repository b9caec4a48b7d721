use crate::engine::CodeSource;
use crate::prelude::*;

pub(super) struct CodeRepositoryHttps;

impl Check for CodeRepositoryHttps {
    type On<'w> = CodeSource<'w>;

    const META: Meta = Meta {
        id: "code-repository-https",
        title: "Git repositories are reached over encrypted connections",
        severity: Severity::Medium,
        reads: CodeSource::READS,
        practices: &["TRAN-1"],
        page: include_str!("code_repository_https.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, source: CodeSource<'_>, _: &Here<'_>) -> Judged {
        let urls = source.urls();
        let plain = |url: &str| PLAIN.contains(&scheme(url).as_str());
        if let Some((field, url)) = urls.known.iter().find(|(_, url)| plain(url)) {
            return Ok(fail(format!("{field} is {url}, which nothing encrypts")).with("field", *field));
        }
        urls.doubt.map_or(Ok(()), Err)?;
        if urls.known.is_empty() {
            return Ok(not_concerned());
        }
        if let Some((field, url)) = urls.known.iter().find(|(_, url)| !ENCRYPTED.contains(&scheme(url).as_str())) {
            return Err(unclear(format!("{field} is {url}, of which it is not known whether anything encrypts it")));
        }
        Ok(pass("its repositories are reached over HTTPS or SSH"))
    }
}

/// Ways to a repository without encryption. Source: Git documentation, "Git URLs", 2026.
const PLAIN: [&str; 4] = ["http", "git", "ftp", "rsync"];
/// Ways with encryption; `codecommit` is the helper of AWS CodeCommit, which goes over HTTPS.
const ENCRYPTED: [&str; 5] = ["https", "ssh", "codecommit", "git+ssh", "ssh+git"];

/// What stands before the host, in lower case; `user@host:path` is SSH.
fn scheme(url: &str) -> String {
    match url.split_once(':') {
        Some((before, _)) if !before.contains('@') => before.to_ascii_lowercase(),
        _ if url.contains('@') => "ssh".to_owned(),
        _ => String::new(),
    }
}
