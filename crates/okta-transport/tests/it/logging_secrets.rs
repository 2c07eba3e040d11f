//! Canaries: a secret that any line at `TRACE` shows, shows here.

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use http::{HeaderValue, Request, Response, header};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_auth::{Attempt, AuthError, Authenticator, Credentials, OrgOrigin, Principal, SharedAuthenticator};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, ConnectError, HttpService, Operation, OperationRef,
    auth::AuthLayer,
    cache::{CacheKey, CacheLookup, CacheStore, CacheValue, Tag, VersionToken},
    header::DefaultHeadersLayer,
    timeout::TotalTimeoutLayer,
    trace::{AttemptLogLayer, OperationSpanLayer},
};
use tower::service_fn;
use tower_http::follow_redirect::FollowRedirectLayer;
use tracing::level_filters::LevelFilter;

use crate::{capture::listen, get};

static GET_SESSION: Operation = Operation::new("getSession", http::Method::GET, "/api/v1/sessions/{sessionId}");

/// The layers in the order of the default stack, with redirects followed around each attempt.
fn stack(transport: HttpService, authenticator: impl Into<SharedAuthenticator>, org_url: &OrgUrl) -> HttpService {
    transport
        .layer(
            AttemptLogLayer::new()
                .show_header(header::AUTHORIZATION)
                .show_header(header::SET_COOKIE),
        )
        .layer(AuthLayer::new(authenticator, OrgOrigin::new(org_url)))
        .layer(FollowRedirectLayer::new())
        .layer(TotalTimeoutLayer::new(None))
        .layer(OperationSpanLayer::new())
        .layer(DefaultHeadersLayer::new().header("x-vendor-key", "canary").unwrap())
}

fn acme(transport: HttpService) -> HttpService {
    stack(
        transport,
        Arc::new(Proof(Principal::new("test", "proof"))),
        &OrgUrl::parse("https://acme.okta.com").unwrap(),
    )
}

/// Credentials with a proof of possession, as DPoP has them.
#[derive(Debug)]
struct Proof(Principal);

impl Authenticator for Proof {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        let credentials = Credentials::authorization(HeaderValue::from_static("DPoP canary"));
        Ok(credentials.with_header("dpop".parse().unwrap(), HeaderValue::from_static("canary")))
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

fn request(path_and_query: &str) -> Request<Body> {
    let mut request = Request::post(format!("https://acme.okta.com{path_and_query}"))
        .header("cookie", "sid=canary")
        .header("proxy-authorization", "Basic canary")
        .header("content-type", "application/json")
        .body(Body::from(r#"{"password":"canary"}"#))
        .unwrap();
    request.extensions_mut().insert(OperationRef(&GET_SESSION));
    request
}

const PATHS: [&str; 4] = [
    "/api/v1/sessions/canary?activationToken=canary&recoveryToken=canary&sendEmail=false",
    "/api/v1/users?search=canary&token=canary&after=canary&canary",
    "/tokens/canary/verify?q=canary#canary",
    "/oauth2/v1/authorize?client_assertion=canary&code=canary&state=canary",
];

#[tokio::test]
async fn no_line_shows_a_secret_of_a_request_or_a_response() {
    let (capture, _guard) = listen(LevelFilter::TRACE);
    for status in [200, 400, 401, 429, 503] {
        let answering = acme(HttpService::new(service_fn(move |_: Request<Body>| {
            let response = Response::builder()
                .status(status)
                .header("set-cookie", "sid=canary")
                .header("location", "https://acme.okta.com/?token=canary")
                .header("link", "<https://acme.okta.com/?token=canary>; rel=\"next\"")
                .header("www-authenticate", "DPoP error=\"canary\"")
                .header("dpop-nonce", "canary");
            ready(Ok::<_, BoxError>(
                response.body(Body::from(r#"{"sessionToken":"canary"}"#)).unwrap(),
            ))
        })));
        for path in PATHS {
            answering
                .send(request(path))
                .await
                .unwrap()
                .into_body()
                .collect()
                .await
                .unwrap();
        }
    }
    assert!(capture.attempts().len() >= 20);
    assert!(capture.text().contains("sendEmail=false"));
    assert!(!capture.text().contains("canary"), "{}", capture.text());
}

#[tokio::test]
async fn no_line_shows_a_secret_of_an_error() {
    let (capture, _guard) = listen(LevelFilter::TRACE);
    let failing = acme(HttpService::new(service_fn(|request: Request<Body>| {
        let text = format!("canary: {} {:?}", request.uri(), request.headers()["dpop"]);
        ready(Err::<Response<Body>, _>(std::io::Error::other(text)))
    })));
    for path in PATHS {
        failing.send(request(path)).await.unwrap_err();
    }
    // Refused by the layer for credentials, whose error is described.
    let mut foreign = get("https://ann:canary@evil.example/?token=canary");
    acme(HttpService::new(service_fn(|_| {
        ready(Ok::<_, BoxError>(Response::new(Body::empty())))
    })))
    .send(std::mem::take(&mut foreign))
    .await
    .unwrap_err();
    assert_eq!(capture.calls().last().unwrap().field("error.type"), "auth");
    assert!(!capture.text().contains("canary"), "{}", capture.text());
}

/// A store whose errors quote what they are about.
#[derive(Debug)]
struct QuotingStore;

impl CacheStore for QuotingStore {
    async fn get(&self, _: &CacheKey) -> Result<CacheLookup, BoxError> {
        Err("cannot read canary".into())
    }

    async fn set(&self, _: &CacheKey, _: CacheValue, _: Duration, _: VersionToken) -> Result<(), BoxError> {
        Err("cannot write canary".into())
    }

    async fn remove(&self, _: &CacheKey) -> Result<(), BoxError> {
        Err("cannot remove canary".into())
    }

    async fn invalidate(&self, _: &[Tag]) -> Result<(), BoxError> {
        Err("cannot invalidate canary".into())
    }
}

/// The error of a client such as reqwest: it quotes the address, and comes from a connection that broke.
#[derive(Debug, thiserror::Error)]
#[error("error sending request for https://ann:canary@acme.okta.com/api/v1/users?token=canary")]
struct Quoting(#[source] std::io::Error);

/// Fails once with credentials it made itself, then gives some.
#[derive(Debug)]
struct Vault(Principal, AtomicBool);

impl Authenticator for Vault {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        if self.1.swap(false, Ordering::Relaxed) {
            Err(AuthError::other("the vault has canary locked"))
        } else {
            Ok(Credentials::authorization(HeaderValue::from_static("Bearer canary")))
        }
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

/// Every layer of the default stack, the retries and the cache included, over services whose errors quote secrets.
#[tokio::test(start_paused = true)]
async fn f9_no_line_of_any_layer_shows_the_text_of_a_foreign_error() {
    let (capture, _guard) = listen(LevelFilter::TRACE);
    type Fail = fn() -> BoxError;
    let errors: [Fail; 4] = [
        || Quoting(std::io::ErrorKind::ConnectionReset.into()).into(),
        || std::io::Error::new(std::io::ErrorKind::ConnectionReset, "canary").into(),
        || {
            ConnectError::new(
                &"https://ann:canary@acme.okta.com/?token=canary".parse().unwrap(),
                "canary",
            )
            .into()
        },
        || "canary".into(),
    ];
    for error in errors {
        let service = HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap())
            .authenticator(Arc::new(Vault(Principal::new("test", "vault"), AtomicBool::new(true))))
            .cache(QuotingStore)
            .service(HttpService::new(service_fn(move |_: Request<Body>| {
                ready(Err::<Response<Body>, _>(error()))
            })))
            .build()
            .unwrap();
        for path in PATHS.iter().chain(&["/api/v1/users?after=canary", "/api/v1/groups"]) {
            let uri = format!("https://acme.okta.com{path}");
            service.send(get(&uri)).await.unwrap_err();
            let calls = [
                service.send(get(&uri)),
                service.send(get(&uri)),
                service.send(get(&uri)),
            ];
            for outcome in futures_util::future::join_all(calls).await {
                outcome.unwrap_err();
            }
            service.send(request(path)).await.unwrap_err();
        }
        // What comes back may break off with the same words.
        let breaking = HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap())
            .authenticator(crate::token())
            .cache(QuotingStore)
            .service(HttpService::new(service_fn(move |_: Request<Body>| {
                let body = StreamBody::new(stream::iter([Err::<Frame<Bytes>, _>(error())]));
                ready(Ok::<_, BoxError>(Response::new(body)))
            })))
            .build()
            .unwrap();
        if let Ok(response) = breaking.send(get("https://acme.okta.com/api/v1/groups")).await {
            response.into_body().collect().await.unwrap_err();
        }
    }
    assert!(capture.attempts().len() > 100, "the retries were on");
    assert!(!capture.text().contains("canary"), "{}", capture.text());
}

#[tokio::test]
async fn no_line_shows_a_secret_of_a_redirect() {
    let (capture, _guard) = listen(LevelFilter::TRACE);
    let moving = acme(HttpService::new(service_fn(|request: Request<Body>| {
        let response = match request.uri().path() {
            "/welcome/canary" => Response::builder(),
            _ => Response::builder()
                .status(303)
                .header("location", "/welcome/canary?token=canary&limit=1"),
        };
        ready(Ok::<_, BoxError>(response.body(Body::empty()).unwrap()))
    })));
    moving.send(request("/api/v1/users")).await.unwrap();
    let urls: Vec<_> = capture
        .attempts()
        .iter()
        .map(|record| record.field("url.full").to_owned())
        .collect();
    assert_eq!(
        urls,
        [
            "https://acme.okta.com/api/v1/users",
            "https://acme.okta.com/welcome/REDACTED?token=REDACTED&limit=1"
        ]
    );
    assert!(!capture.text().contains("canary"), "{}", capture.text());
}

#[tokio::test]
async fn no_line_shows_a_secret_when_a_call_is_cancelled() {
    let (capture, _guard) = listen(LevelFilter::TRACE);
    let silent = acme(HttpService::new(service_fn(|_| {
        std::future::pending::<Result<Response<Body>, BoxError>>()
    })));
    for path in PATHS {
        let mut call = Box::pin(silent.send(request(path)));
        assert!((&mut call).now_or_never().is_none());
    }
    assert_eq!(capture.calls().len(), 4);
    assert!(!capture.text().contains("canary"), "{}", capture.text());
}

#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
#[tokio::test]
async fn no_line_of_hyper_or_http2_shows_the_token_either() {
    use crate::local_server::{Authority, LocalServer, report};

    let (capture, _guard) = listen(LevelFilter::TRACE);
    let authority = Authority::new("Test");
    for protocol in ["http/1.1", "h2"] {
        let server = LocalServer::tls(&authority, "127.0.0.1", &[protocol], report()).await;
        let org_url = server.org_url();
        let hyper = okta_transport::HyperService::builder(&org_url)
            .root_certificate_pem(authority.pem())
            .build()
            .unwrap();
        let service = stack(HttpService::new(hyper), crate::token(), &org_url);
        service
            .send(server.get())
            .await
            .unwrap()
            .into_body()
            .collect()
            .await
            .unwrap();
    }
    assert_eq!(capture.attempts().len(), 2);
    // The server of this test runs on the same thread and logs what it receives. Ours must not log what it sends.
    let text = capture.text();
    let leaks: Vec<_> = text
        .match_indices("00canary")
        .map(|(at, _)| &text[at.saturating_sub(400)..at])
        .collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
#[tokio::test]
async fn no_line_shows_the_key_of_a_client_certificate() {
    use crate::local_server::{Authority, LocalServer, ServerTls, report};

    let (capture, _guard) = listen(LevelFilter::TRACE);
    let [authority, clients, strangers] = ["its own", "the clients'", "the strangers'"].map(Authority::new);
    let tls = ServerTls::new(&authority, "127.0.0.1", &["h2", "http/1.1"]).clients_of(&clients);
    let server = LocalServer::speaking(tls, report()).await;
    let org_url = server.org_url();
    for (clients, is_accepted) in [(clients, true), (strangers, false)] {
        let (chain, key) = clients.pem_pair("acme-sync");
        let builder = okta_transport::HyperService::builder(&org_url)
            .root_certificate_pem(authority.pem())
            .client_certificate_pem(chain, key.as_str());
        let mut shown = format!("{builder:?}");
        let service = stack(HttpService::new(builder.build().unwrap()), crate::token(), &org_url);
        shown += &format!("{service:?}");
        let answer = service.send(server.get()).await;
        assert_eq!(answer.is_ok(), is_accepted);
        if let Err(error) = answer {
            shown += &format!("{error:?} {}", okta_transport::causes::describe(&*error));
        }
        shown += &capture.text();
        for line in key.lines().filter(|line| !line.starts_with("-----")) {
            assert!(!shown.contains(line), "{shown}");
        }
    }
    assert_eq!(capture.attempts().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn f9_no_line_of_the_retry_layer_shows_the_text_of_an_error_that_others_have_made() {
    #[derive(Debug)]
    struct Foreign(std::io::Error);
    impl std::fmt::Display for Foreign {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("error sending request for url (https://acme.okta.com/?token=canary)")
        }
    }
    impl std::error::Error for Foreign {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    let (capture, _guard) = listen(LevelFilter::TRACE);
    let transport = service_fn(|_: Request<Body>| {
        let reset = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "canary");
        ready(Err::<Response<Body>, _>(BoxError::from(Foreign(reset))))
    });
    let error = crate::stack()
        .service(transport)
        .build()
        .unwrap()
        .send(get(crate::USERS))
        .await;
    assert!(error.unwrap_err().to_string().contains("3 attempts"));
    let record = capture.text();
    assert!(
        record.contains("sending the request again") && record.contains("io: connection reset"),
        "{record}"
    );
    assert!(!record.contains("canary"), "{record}");
}
