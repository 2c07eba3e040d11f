//! Whom the default bottom trusts, and which version of HTTP it speaks.

use std::error::Error;

use okta_config::OrgUrl;
use okta_transport::{BoxError, BuildError, ConnectError, HttpService, HyperService, HyperServiceBuilder};

use crate::local_server::{Authority, LocalServer, report};

const BOTH: &[&str] = &["h2", "http/1.1"];

async fn ask(
    server: &LocalServer,
    set: impl FnOnce(HyperServiceBuilder) -> HyperServiceBuilder,
) -> Result<String, BoxError> {
    let service = HttpService::new(set(HyperService::builder(&server.org_url())).build()?);
    let response = service.send(server.get()).await?;
    Ok(String::from_utf8(response.into_body().collect().await?.to_vec())?)
}

#[tokio::test]
async fn an_added_root_is_trusted_and_the_server_chooses_the_version() {
    let authority = Authority::new("its own");
    for (offered, expected) in [
        (BOTH, "HTTP/2.0"),
        (&["h2"], "HTTP/2.0"),
        (&["http/1.1"], "HTTP/1.1"),
        (&[], "HTTP/1.1"),
    ] {
        let server = LocalServer::tls(&authority, "127.0.0.1", offered, report()).await;
        let text = ask(&server, |hyper| hyper.root_certificate_pem(authority.pem()))
            .await
            .unwrap();
        assert!(text.starts_with(expected), "{offered:?}: {text}");
    }
}

#[tokio::test]
async fn http1_can_be_forced() {
    let authority = Authority::new("its own");
    let server = LocalServer::tls(&authority, "127.0.0.1", BOTH, report()).await;
    let text = ask(&server, |hyper| {
        hyper.root_certificate_pem(authority.pem()).http1_only()
    })
    .await
    .unwrap();
    assert!(text.starts_with("HTTP/1.1"), "{text}");
}

#[tokio::test]
async fn one_of_several_added_roots_is_enough() {
    let [authority, other, third] = ["its own", "another", "a third"].map(Authority::new);
    let server = LocalServer::tls(&authority, "127.0.0.1", BOTH, report()).await;
    let both = format!("{}\n{}", other.pem(), authority.pem());
    assert!(ask(&server, |hyper| hyper.root_certificate_pem(both)).await.is_ok());
    let one_by_one = |hyper: HyperServiceBuilder| {
        hyper
            .root_certificate_pem(authority.pem())
            .root_certificate_pem(third.pem())
    };
    assert!(ask(&server, one_by_one).await.is_ok());
}

#[tokio::test]
async fn an_unknown_authority_is_refused_with_the_remedy() {
    let (authority, other) = (Authority::new("its own"), Authority::new("another"));
    let server = LocalServer::tls(&authority, "127.0.0.1", BOTH, report()).await;
    let error = ask(&server, |hyper| hyper.root_certificate_pem(other.pem()))
        .await
        .unwrap_err();
    let error = error.downcast_ref::<ConnectError>().unwrap();
    assert_eq!(error.to_string(), format!("could not connect to {}", server.org_url()));
    let reason = error.source().unwrap().to_string();
    assert!(
        reason.contains("not trusted") && reason.contains("`root_certificate_pem`"),
        "{reason}"
    );
    assert!(
        error
            .source()
            .unwrap()
            .source()
            .unwrap()
            .to_string()
            .contains("UnknownIssuer")
    );
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new("its own");
    let server = LocalServer::tls(&authority, "acme.okta.com", BOTH, report()).await;
    let error = ask(&server, |hyper| hyper.root_certificate_pem(authority.pem()))
        .await
        .unwrap_err();
    let error = error.downcast_ref::<ConnectError>().unwrap();
    let reason = error.source().unwrap().to_string();
    assert_eq!(reason, "the certificate of the server is not trusted");
}

#[tokio::test]
async fn clear_text_is_spoken_only_if_the_org_url_is() {
    let (authority, server) = (Authority::new("its own"), LocalServer::clear_text(report()).await);
    assert!(ask(&server, |hyper| hyper).await.unwrap().starts_with("HTTP/1.1"));

    let https = OrgUrl::parse("https://127.0.0.1").unwrap();
    let hyper = HyperService::builder(&https)
        .root_certificate_pem(authority.pem())
        .build()
        .unwrap();
    let error = HttpService::new(hyper).send(server.get()).await.unwrap_err();
    assert!(error.is::<ConnectError>(), "{error:?}");
    assert_eq!(server.connections(), 1, "the first one");
}

#[test]
fn a_root_that_cannot_be_read_is_an_error_of_the_builder() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let build = |pem: &str| {
        HyperService::builder(&org)
            .root_certificate_pem(pem)
            .build()
            .unwrap_err()
    };

    for empty in [
        "",
        "no certificate at all",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        assert!(matches!(build(empty), BuildError::NoRootCertificate), "{empty:?}");
    }
    let good = Authority::new("its own");
    for broken in [
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let error = build(&format!("{}{broken}", good.pem()));
        assert!(
            matches!(error, BuildError::RootCertificate { number: 2, .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains("number 2"), "{error}");
    }
}

#[test]
fn nothing_is_needed_to_build_a_stack_but_its_settings() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    // No runtime is there, and no other crate has chosen a TLS provider for the process.
    assert!(
        HttpService::builder(&org)
            .root_certificate_pem(Authority::new("any").pem())
            .build()
            .is_ok()
    );
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
