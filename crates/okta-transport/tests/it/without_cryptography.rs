//! The hyper service in a build that has nothing to encrypt with.

use okta_config::OrgUrl;
use okta_transport::{
    BuildError, HyperService,
    tls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs},
};

#[test]
fn it_cannot_be_built_and_says_what_to_do() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let error = HyperService::builder(&org).build().unwrap_err();
    assert!(matches!(error, BuildError::NoCryptography), "{error:?}");
    for remedy in ["`aws-lc-rs`", "`ring`", "`tls_config`"] {
        assert!(error.to_string().contains(remedy), "{error}");
    }
}

#[test]
fn it_can_with_a_configuration_of_ones_own() {
    let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    assert!(HyperService::builder(&org).tls_config(config).build().is_ok());
}
