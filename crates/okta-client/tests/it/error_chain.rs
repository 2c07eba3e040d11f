//! Each level of an error adds information, so that an error reporter repeats nothing.

use std::{
    error::Error as StdError,
    io::{Read, Write},
    iter,
    net::TcpListener,
    thread,
    time::Duration,
};

use http::{Method, Request, Response};
use okta_client::{
    Body, BoxError, BuildError, Error, OktaClient, ReorderError, Wait,
    auth::{AuthError, Issuer, OAuthError, SigningKey, SswsToken},
    config::{Loader, OrgUrl, Setting},
    models,
    transport::proxy::Proxy,
};

use crate::script::builder;

/// The texts of an error and of all that led to it, as `anyhow` shows them.
fn levels(error: &(dyn StdError + 'static)) -> Vec<String> {
    iter::successors(Some(error), |error| (*error).source())
        .map(ToString::to_string)
        .collect()
}

#[track_caller]
fn says_nothing_twice(error: &(dyn StdError + 'static)) -> Vec<String> {
    let levels = levels(error);
    for (position, text) in levels.iter().enumerate() {
        assert!(!text.is_empty(), "{levels:#?}");
        for deeper in &levels[position + 1..] {
            assert!(!text.contains(deeper) && !deeper.contains(text), "{levels:#?}");
        }
    }
    levels
}

/// A server that gives each connection this answer and closes it.
fn server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer);
        }
    });
    format!("127.0.0.1:{}", address.port())
}

fn client(org_url: &str) -> OktaClient {
    let loader = Loader::in_code();
    OktaClient::builder()
        .loader(loader.set(Setting::TestingDisableHttpsCheck, true))
        .org_url(org_url)
        .api_token("00token")
        .without_retry()
        .build()
        .unwrap()
}

async fn failure(okta: &OktaClient) -> Error {
    okta.users().get("00u1").await.unwrap_err()
}

#[tokio::test]
async fn nothing_is_said_twice_about_connections() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let error = failure(&client(&format!("http://{closed}"))).await;
    let levels = says_nothing_twice(&error);
    assert!(error.is_connect() && error.is_transient(), "{error:#}");
    assert_eq!(levels[0], "getUser (GET /api/v1/users/{id}) failed: no connection");
    assert!(
        levels[1].starts_with("could not connect to http://127.0.0.1"),
        "{levels:#?}"
    );
    let all = format!("{error:#}");
    assert!(levels.iter().all(|level| all.contains(level)), "{all}");

    let error = failure(&client("https://no-such-host.invalid")).await;
    says_nothing_twice(&error);

    let error = failure(&client(&format!(
        "https://{}",
        server(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    )))
    .await;
    says_nothing_twice(&error);
    assert!(error.is_connect() && !error.is_transient(), "no TLS: {error:#}");

    for (answer, is_transient) in [
        (&b""[..], true),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"id\"", true),
        // b63
        (b"what is this\r\n\r\n", false),
        (b"HTTP/1.1 200 OK\r\nbad header : x\r\n\r\n", false),
        (b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n", false),
    ] {
        let error = failure(&client(&format!("http://{}", server(answer)))).await;
        says_nothing_twice(&error);
        assert_eq!(error.is_transient(), is_transient, "{error:#}");
        assert!(error.is_interrupted(), "{error:#}");
    }

    for (scheme, answer) in [
        ("http", &b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"[..]),
        ("http", b"SSH-2.0\r\n\r\n"),
        ("http", b""),
        ("socks5h", b"\x05\xff"),
        ("socks5h", b""),
    ] {
        let okta = builder()
            .proxy(Proxy::from_url(&format!("{scheme}://{}", server(answer))).unwrap())
            .without_retry()
            .build()
            .unwrap();
        let error = failure(&okta).await;
        says_nothing_twice(&error);
        assert!(error.is_connect(), "{error:#}");
        assert_eq!(error.is_transient(), answer.is_empty(), "{error:#}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_said_twice_about_attempts_timeouts_and_layers() {
    let never = tower::service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, BoxError>>());
    let attempts = |okta: okta_client::OktaClientBuilder| okta.attempt_timeout(Duration::from_secs(5)).build().unwrap();
    let error = failure(&attempts(builder().service(never))).await;
    let levels = says_nothing_twice(&error);
    assert_eq!(levels[0], "getUser (GET /api/v1/users/{id}) failed: timed out");
    assert!(
        levels[1].starts_with("failed after 3 attempts (2 × the same, waited"),
        "{levels:#?}"
    );
    assert_eq!(levels[2], "no response within the attempt timeout of 5s");

    let layers = tower::service_fn(|_: Request<Body>| async {
        Err::<Response<Body>, _>(BoxError::from(std::io::Error::other("a layer says no")))
    });
    let error = failure(&builder().service(layers).build().unwrap()).await;
    says_nothing_twice(&error);
    assert!(
        error.is_transient() && format!("{error:#}").ends_with("a layer says no"),
        "{error:#}"
    );

    let not_found = tower::service_fn(|_: Request<Body>| async {
        Ok::<_, BoxError>(Response::builder().status(404).body(Body::empty())?)
    });
    let okta = builder().service(not_found).build().unwrap();
    let wait = Wait::new().deadline(Duration::from_secs(5));
    let error = wait.until(|| okta.users().get("00u1"), |_| true).await.unwrap_err();
    assert_eq!(says_nothing_twice(&error).len(), 2);
    says_nothing_twice(&wait.until(|| okta.users().get(""), |_| true).await.unwrap_err());
    let error = okta.policies().reorder(&["00p1"]).await.unwrap_err();
    assert!(matches!(error, ReorderError::Call(_)));
    assert_eq!(says_nothing_twice(&error).len(), 2);
}

#[tokio::test]
async fn nothing_is_said_twice_about_answers_and_arguments() {
    for (status, body) in [
        (200, "{"),
        (200, "[]"),
        (200, "<html>"),
        (200, "\u{ff}"),
        (200, ""),
        (401, ""),
        (404, r#"{"errorCode":"E0000007","errorSummary":"Not found"}"#),
        (500, "<html>"),
    ] {
        let service = tower::service_fn(move |_: Request<Body>| async move {
            let response = Response::builder().status(status).header("link", "</x>; rel=\"next\"");
            Ok::<_, BoxError>(response.body(Body::from(body))?)
        });
        let okta = builder().service(service).without_retry().build().unwrap();
        says_nothing_twice(&failure(&okta).await);
        if let Err(error) = okta.users().list().await {
            says_nothing_twice(&error);
        }
        let raw = okta.request(Method::GET, "/api/v1/users").await;
        if let Err(error) = raw.and_then(|raw| raw.json::<Vec<u8>>()) {
            says_nothing_twice(&error);
        }
    }
    let items = tower::service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(Response::new(Body::from("[5]"))) });
    let okta = builder().service(items).build().unwrap();
    let error = okta.users().list().stream().try_next().await.unwrap_err();
    assert_eq!(says_nothing_twice(&error).len(), 2);
    assert!(
        error
            .to_string()
            .ends_with("item 0 of the page (the first is 0) cannot be decoded"),
        "{error}"
    );
    let error = okta.users().get("..").await.unwrap_err();
    assert_eq!(says_nothing_twice(&error).len(), 1);
    let error = okta
        .users()
        .get("00u1")
        .with_header("host", "elsewhere.example")
        .await
        .unwrap_err();
    assert_eq!(
        says_nothing_twice(&error)[0],
        "getUser (GET /api/v1/users/{id}) failed: no credentials"
    );
    let error = okta.users().get("00u1").with_header("x\n", "").await.unwrap_err();
    assert_eq!(says_nothing_twice(&error).len(), 1);
}

#[test]
fn nothing_is_said_twice_about_settings() {
    let build: [fn() -> Result<OktaClient, BuildError>; 8] = [
        || OktaClient::builder().build(),
        || builder().header("x y", "").build(),
        || builder().header("x", "\n").build(),
        || builder().header("connection", "close").build(),
        || builder().header("authorization", "x").build(),
        || builder().header("host", "elsewhere.example").build(),
        || builder().user_agent("\n").build(),
        || {
            OktaClient::builder()
                .org_url("https://acme.okta.com")
                .api_token("a b")
                .build()
        },
    ];
    for build in build {
        let error = build().unwrap_err();
        let levels = says_nothing_twice(&error);
        let all = format!("{error:?}");
        assert!(levels.iter().all(|level| all.contains(level)), "{all}");
    }
    says_nothing_twice(&SswsToken::new("".into()).unwrap_err());
    for key in [
        "",
        "x",
        "{}",
        "{",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    ] {
        let error = SigningKey::parse(key).unwrap_err();
        says_nothing_twice(&error);
        says_nothing_twice(&AuthError::from(error));
    }
    says_nothing_twice(&SigningKey::read("/no/such/file").unwrap_err());
    says_nothing_twice(&Issuer::parse("x").unwrap_err());
    says_nothing_twice(&OAuthError::other(std::io::Error::other("no route")));
    says_nothing_twice(&AuthError::OAuth(OAuthError::other("no route").into()));
    says_nothing_twice(&AuthError::other("no route"));
    says_nothing_twice(&OrgUrl::parse("x").unwrap_err());
    says_nothing_twice(&"x".parse::<models::Timestamp>().unwrap_err());
    for body in ["", "{", "5", "\u{ff}"] {
        says_nothing_twice(&models::json::from_slice::<models::User>(body.as_bytes()).unwrap_err());
    }
}
