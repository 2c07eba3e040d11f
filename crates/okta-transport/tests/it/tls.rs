//! Which servers the default transport trusts, and which version of HTTP it speaks.

use std::error::Error;

use okta_config::OrgUrl;
use okta_transport::{
    BoxError, BuildError, ConnectError, HttpService, HyperService, HyperServiceBuilder,
    tls::{
        TlsVersion,
        rustls::{self, ClientConfig, RootCertStore, pki_types::CertificateDer, version},
    },
};
use rustls::pki_types::pem::PemObject;

use crate::local_server::{Authority, LocalServer, ServerTls, report};

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
    assert_eq!(
        reason,
        "the certificate of the server is not trusted: it is that of another host"
    );
}

/// Why the server was not reached. It must be a failure to connect.
fn reason(result: Result<String, BoxError>) -> String {
    let error = result.unwrap_err();
    let error = error.downcast_ref::<ConnectError>().ok_or(&error).unwrap();
    error.source().unwrap().to_string()
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let authority = Authority::new("its own");
    let tls = ServerTls::new(&authority, "127.0.0.1", BOTH).expired();
    let server = LocalServer::speaking(tls, report()).await;
    let reason = reason(ask(&server, |hyper| hyper.root_certificate_pem(authority.pem())).await);
    assert_eq!(reason, "the certificate of the server is not trusted: it has expired");
}

#[tokio::test]
async fn b65_the_certificate_of_an_authority_is_refused_with_a_remedy() {
    let authority = Authority::new("its own");
    let tls = ServerTls::new(&authority, "127.0.0.1", BOTH).of_authorities();
    let server = LocalServer::speaking(tls, report()).await;
    let error = ask(&server, |hyper| hyper.root_certificate_pem(authority.pem()))
        .await
        .unwrap_err();
    let levels: Vec<String> = std::iter::successors(Some(&*error as &(dyn Error + 'static)), |error| (*error).source())
        .map(ToString::to_string)
        .collect();
    assert!(levels[1].contains("give the server its own certificate"), "{levels:#?}");
    for (position, text) in levels.iter().enumerate() {
        assert!(
            levels[position + 1..].iter().all(|deeper| !text.contains(deeper)),
            "{levels:#?}"
        );
    }
}

#[tokio::test]
async fn an_older_version_than_allowed_is_refused() {
    let authority = Authority::new("its own");
    let trusting = |hyper: HyperServiceBuilder| hyper.root_certificate_pem(authority.pem());
    let old = ServerTls::new(&authority, "127.0.0.1", BOTH).only(&version::TLS12);
    let old = LocalServer::speaking(old, report()).await;
    let new = ServerTls::new(&authority, "127.0.0.1", BOTH).only(&version::TLS13);
    let new = LocalServer::speaking(new, report()).await;
    for server in [&old, &new] {
        assert!(ask(server, trusting).await.is_ok());
        assert!(
            ask(server, |hyper| trusting(hyper).minimum_tls_version(TlsVersion::Tls12))
                .await
                .is_ok()
        );
    }
    let minimum = |hyper| trusting(hyper).minimum_tls_version(TlsVersion::Tls13);
    assert!(ask(&new, minimum).await.is_ok());
    let reason = reason(ask(&old, minimum).await);
    assert_eq!(
        reason,
        "the server speaks no version of TLS that this client may use: see `minimum_tls_version`"
    );
}

#[tokio::test]
async fn a_client_certificate_is_presented_where_it_is_demanded() {
    let [authority, clients, strangers] = ["its own", "the clients'", "the strangers'"].map(Authority::new);
    let (chain, key) = clients.pem_pair("acme-sync");
    let (other_chain, other_key) = strangers.pem_pair("acme-sync");
    for version in [&version::TLS13, &version::TLS12] {
        let tls = ServerTls::new(&authority, "127.0.0.1", BOTH)
            .clients_of(&clients)
            .only(version);
        let server = LocalServer::speaking(tls, report()).await;
        let trusting = |hyper: HyperServiceBuilder| hyper.root_certificate_pem(authority.pem());
        let given = |hyper| trusting(hyper).client_certificate_pem(chain.as_str(), key.as_str());
        assert!(ask(&server, given).await.unwrap().starts_with("HTTP/2.0"));
        let one_text = format!("{key}{chain}");
        let given = |hyper| trusting(hyper).client_certificate_pem(one_text.as_str(), one_text.as_str());
        assert!(ask(&server, given).await.is_ok());

        for http1_only in [false, true] {
            let trusting = |hyper| match http1_only {
                true => trusting(hyper).http1_only(),
                false => trusting(hyper),
            };
            let missing = reason(ask(&server, trusting).await);
            assert_eq!(
                missing,
                "the server demands a client certificate: give one with `client_certificate_pem`"
            );
            let other = |hyper| trusting(hyper).client_certificate_pem(other_chain.as_str(), other_key.as_str());
            let reason = reason(ask(&server, other).await);
            assert_eq!(reason, "the server does not accept the client certificate");
        }
    }
}

#[tokio::test]
async fn a_client_certificate_is_not_forced_on_anybody() {
    let authority = Authority::new("its own");
    let (chain, key) = authority.pem_pair("acme-sync");
    let server = LocalServer::tls(&authority, "127.0.0.1", BOTH, report()).await;
    let given = |hyper: HyperServiceBuilder| {
        hyper
            .root_certificate_pem(authority.pem())
            .client_certificate_pem(chain.as_str(), key.as_str())
    };
    assert!(ask(&server, given).await.is_ok());
}

#[test]
fn a_client_certificate_that_cannot_be_used_is_an_error_without_the_key() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let authority = Authority::new("its own");
    let (chain, key) = authority.pem_pair("acme-sync");
    let (_, other_key) = authority.pem_pair("acme-sync");
    let in_one_line = key.replace('\n', " ");
    let secret = key.lines().nth(1).unwrap();
    for (chain, key, expected) in [
        ("", key.as_str(), "its chain is not PEM text"),
        (&in_one_line, &key, "its chain is not PEM text"),
        (&chain, "", "its key is not PEM text"),
        (&chain, &in_one_line, "its key is not PEM text"),
        (&chain, secret, "its key is not PEM text"),
        (&chain, &chain, "its key is not PEM text"),
        (&chain, &other_key, "KeyMismatch"),
    ] {
        let builder = HyperService::builder(&org)
            .root_certificate_pem(authority.pem())
            .client_certificate_pem(chain, key);
        let shown = format!("{builder:?} {builder:#?}");
        let error = builder.build().unwrap_err();
        assert!(matches!(error, BuildError::ClientCertificate { .. }), "{error:?}");
        assert!(format!("{error:?}").contains(expected), "{error:?}");
        let shown = format!("{shown} {error} {error:?} {:?}", error.source());
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// A configuration of the user's own that trusts this authority.
fn own_config(authority: &Authority) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap())
        .unwrap();
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let mut config = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"own".to_vec()];
    config
}

#[tokio::test]
async fn an_own_configuration_replaces_the_others() {
    let [authority, other] = ["its own", "another"].map(Authority::new);
    let server = LocalServer::tls(&authority, "127.0.0.1", BOTH, report()).await;
    let text = ask(&server, |hyper| hyper.tls_config(own_config(&authority)))
        .await
        .unwrap();
    assert!(
        text.starts_with("HTTP/2.0"),
        "what it offers is still the service's business: {text}"
    );
    let reason = reason(ask(&server, |hyper| hyper.tls_config(own_config(&other))).await);
    assert!(reason.contains("not trusted"), "{reason}");

    let (chain, key) = authority.pem_pair("acme-sync");
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let own = || HyperService::builder(&org).tls_config(own_config(&authority));
    for (builder, expected) in [
        (own().root_certificate_pem(authority.pem()), "root_certificate_pem"),
        (own().client_certificate_pem(chain, key), "client_certificate_pem"),
        (own().minimum_tls_version(TlsVersion::Tls13), "minimum_tls_version"),
    ] {
        let error = builder.build().unwrap_err();
        assert!(
            matches!(error, BuildError::TlsConfigReplaces { setting } if setting == expected),
            "{error:?}"
        );
    }
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
