//! Whom to believe that it is AWS: the certificates of the system, or those of `AWS_CA_BUNDLE`.
//!
//! As the AWS CLI has it, a bundle takes the place of the system's certificates (AWS CLI User Guide, "Environment
//! variables", `AWS_CA_BUNDLE`; the configuration file calls it `ca_bundle`).

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::CollectError;

/// The certificates in a file. The connector would panic over one that is none, so they are read here first.
pub(super) fn bundle(path: &str) -> Result<TlsContext, CollectError> {
    let wrong = |why: String| CollectError::Certificates { path: path.to_owned(), why };
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    let (mut count, mut store) = (0, TrustStore::empty());
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        count += 1;
    }
    if count == 0 {
        return Err(wrong("it holds no certificate in PEM form".to_owned()));
    }
    store.add_pem_certificate(pem);
    TlsContext::builder().with_trust_store(store).build().map_err(|error| wrong(error.to_string()))
}
