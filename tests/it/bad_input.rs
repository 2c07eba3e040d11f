//! Wrong settings, wrong arguments, wrong responses: each is a clear error, and none a panic.

use http::{Method, Request, Response};
use okta_client::{Body, BoxError, Error, OktaClient, config::Loader};

use crate::org::Org;

/// A client whose org sends this response to every request.
fn answering(response: impl Fn() -> Response<Body> + Clone + Send + Sync + 'static) -> OktaClient {
    answering_with(move |_| response())
}

fn answering_with(answer: impl Fn(Request<Body>) -> Response<Body> + Clone + Send + Sync + 'static) -> OktaClient {
    let service = tower::service_fn(move |request: Request<Body>| {
        let response = answer(request);
        async move { Ok::<_, BoxError>(response) }
    });
    OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00token")
        .service(service)
        .build()
        .unwrap()
}

fn answering_json(body: &'static str) -> OktaClient {
    answering(move || {
        Response::builder()
            .header("content-type", "application/json")
            .body(Body::from(body))
            .unwrap()
    })
}

fn says(error: &Error, parts: &[&str]) {
    let text = format!("{error:#}");
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
}

#[test]
fn a_wrong_org_url_and_a_missing_token_are_reported_together() {
    let error = OktaClient::builder()
        .org_url("https://acme-admin.okta.com")
        .build()
        .unwrap_err();
    let text = error.to_string();
    for part in [
        "OktaClientBuilder::org_url",
        "admin console",
        "https://acme.okta.com",
        "okta.client.token is missing",
    ] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
    assert!(!error.is_unconfigured());
}

#[test]
fn malformed_yaml_names_its_file_and_place() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".okta")).unwrap();
    std::fs::write(home.path().join(".okta/okta.yaml"), "okta:\n  client:\n  - orgUrl: [\n").unwrap();
    let loader = Loader::new()
        .home_dir(home.path())
        .working_dir(home.path())
        .without_environment();
    let error = OktaClient::builder().loader(loader).build().unwrap_err().to_string();
    assert!(error.contains("okta.yaml") && error.contains("line"), "{error}");
}

#[test]
fn nothing_configured_can_be_told_from_something_wrong() {
    let home = tempfile::tempdir().unwrap();
    let loader = || Loader::new().home_dir(home.path()).working_dir(home.path());
    assert!(
        OktaClient::builder()
            .loader(loader().without_environment())
            .build()
            .unwrap_err()
            .is_unconfigured()
    );
    let loader = loader().environment([("OKTA_CLIENT_TOKEN", "00token")]);
    assert!(
        !OktaClient::builder()
            .loader(loader)
            .build()
            .unwrap_err()
            .is_unconfigured()
    );
}

#[tokio::test]
async fn an_argument_that_would_address_another_resource_is_not_sent() {
    let okta = answering(|| panic!("this was sent"));
    for id in ["..", ".", ""] {
        let error = okta.users().get(id).await.unwrap_err();
        assert!(error.is_invalid_request(), "{error}");
        says(
            &error,
            &["getUser (GET /api/v1/users/{id}) was not sent", "argument `id`"],
        );
    }
    let error = okta
        .users()
        .list()
        .with_header("x-note", "line\nbreak")
        .await
        .unwrap_err();
    says(&error, &["header `x-note`"]);
    let error = okta
        .request(Method::GET, "https://evil.example/api/v1/users")
        .await
        .unwrap_err();
    says(&error, &["https://evil.example/api/v1/users", "https://acme.okta.com"]);
}

#[tokio::test]
async fn a_next_link_to_another_host_is_not_followed() {
    let okta = answering(|| {
        let link = r#"<https://evil.example/api/v1/users?after=1>; rel="next""#;
        Response::builder()
            .header("link", link)
            .body(Body::from(r#"[{"id":"00u1"}]"#))
            .unwrap()
    });
    let page = okta.users().list().await.unwrap();
    assert!(page.items.len() == 1 && page.has_next(), "what did come stays usable");
    let error = page.next().await.unwrap_err();
    assert!(error.is_paging() && error.status().is_some(), "{error}");
    says(
        &error,
        &[
            "https://evil.example/api/v1/users?after=…",
            "not followed",
            "https://acme.okta.com",
        ],
    );
    let mut users = okta.users().list().stream();
    assert!(users.try_next().await.unwrap().is_some());
    says(&users.try_next().await.unwrap_err(), &["evil.example", "not followed"]);
}

#[tokio::test]
async fn a_next_link_that_goes_in_circles_ends_in_an_error() {
    let okta = answering_with(|request| {
        let next = if request.uri().query() == Some("after=1") {
            "after=2"
        } else {
            "after=1"
        };
        let link = format!(r#"<https://acme.okta.com/api/v1/users?{next}>; rel="next""#);
        Response::builder()
            .header("link", link)
            .body(Body::from(r#"[{"id":"00u1"}]"#))
            .unwrap()
    });
    let mut users = okta.users().list().stream();
    for _ in 0..3 {
        assert!(users.try_next().await.unwrap().is_some());
    }
    for _ in 0..2 {
        says(
            &users.try_next().await.unwrap_err(),
            &["leads back to", "/api/v1/users?after=…`"],
        );
    }

    let first = okta.users().list().await.unwrap();
    let second = first.next().await.unwrap().unwrap();
    let third = second.next().await.unwrap().unwrap();
    says(
        &third.next().await.unwrap_err(),
        &["leads back to", "which was read already"],
    );
}

#[tokio::test]
async fn truncated_json_is_a_decode_error_with_the_body_kept() {
    let okta = answering_json(r#"{"id":"00u1","profile":{"login":"#);
    let error = okta.users().get("00u1").await.unwrap_err();
    assert!(error.is_decode() && !error.is_api(), "{error}");
    says(&error, &["getUser", "200 OK", "cannot be decoded", "EOF"]);
    assert_eq!(error.body().unwrap(), r#"{"id":"00u1","profile":{"login":"#);

    let okta = answering_json(r#"[{"id":"00u1"},{"id":"00u2""#);
    assert!(okta.users().list().await.unwrap_err().is_decode());
    let mut users = okta.users().list().stream();
    assert_eq!(users.try_next().await.unwrap().unwrap().id.as_deref(), Some("00u1"));
    assert!(users.try_next().await.unwrap_err().is_decode());
    assert!(users.try_next().await.unwrap_err().is_decode(), "the list did not end");
}

#[tokio::test]
async fn a_page_of_html_is_told_from_an_okta_error() {
    let page = |status: u16| {
        answering(move || {
            let body = "<html><head><title>502 Bad Gateway</title></head></html>";
            Response::builder()
                .status(status)
                .header("content-type", "text/html")
                .body(Body::from(body))
                .unwrap()
        })
    };
    let error = page(502).users().get("00u1").await.unwrap_err();
    assert!(error.is_api() && error.code().is_none(), "{error}");
    says(
        &error,
        &["502 Bad Gateway", "not an Okta error but text/html", "<title>502"],
    );
    let error = page(200).users().get("00u1").await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    says(
        &error,
        &[
            "no valid JSON for User",
            "not an Okta error but text/html",
            "<title>502",
        ],
    );
}

#[tokio::test]
async fn a_response_of_another_kind_is_a_decode_error() {
    says(
        &answering_json("[]").users().get("00u1").await.unwrap_err(),
        &["an array where User was expected"],
    );
    says(
        &answering_json("{}").users().list().await.unwrap_err(),
        &["an object where Vec", "was expected"],
    );
}

#[tokio::test]
async fn odd_records_do_not_fail_a_page() {
    let okta = answering_json(r#"[{"id":"00u1"},null,{"id":5,"status":"NEW_IN_2030","profile":"text"},"bare"]"#);
    let page = okta.users().list().await.unwrap();
    assert_eq!(page.items.len(), 2);
    assert_eq!(
        page.items[1].extra.get("profile").and_then(|value| value.as_str()),
        Some("text")
    );
    assert_eq!(
        page.undecodable_items()
            .iter()
            .map(|item| item.position())
            .collect::<Vec<_>>(),
        [1, 3]
    );
    let mut users = okta.users().list().stream();
    let (mut count, mut malformed) = (0, Vec::new());
    loop {
        match users.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => break,
            Err(error) => malformed.push((error.item_position().unwrap(), error.body().unwrap().clone())),
        }
    }
    assert_eq!(
        (count, malformed),
        (2, vec![(1, "null".into()), (3, r#""bare""#.into())])
    );
}

#[tokio::test]
async fn a_wrong_token_is_an_auth_error_with_oktas_code() {
    let org = Org::start(0).await;
    let okta = org.builder().api_token("00wrong").build().unwrap();
    let error = okta.users().list().await.unwrap_err();
    assert!(error.is_auth() && error.is_api(), "{error}");
    assert_eq!(error.code(), Some("E0000011"));
    assert!(error.request_id().is_some());
    says(&error, &["401", "E0000011", "request id"]);
}

#[tokio::test]
async fn an_invalid_user_is_refused_with_causes() {
    let org = Org::start(0).await;
    let okta = org.client();
    let error = okta
        .users()
        .create(okta_client::models::CreateUserRequest::default())
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("E0000001"), "{error}");
    assert!(!error.causes().is_empty());
    says(&error, &["createUser", "400", "E0000001", "causes:"]);
}

#[tokio::test]
async fn an_unknown_certificate_and_a_dead_server_are_connect_errors() {
    let org = Org::start(0).await;
    let okta = OktaClient::builder()
        .org_url(org.url())
        .api_token("00token")
        .build()
        .unwrap();
    let error = okta.users().list().await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    says(&error, &["could not connect to https://127.0.0.1", "certificate"]);

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    drop(listener);
    let okta = OktaClient::builder().org_url(url).api_token("00token").build().unwrap();
    let error = okta.users().list().await.unwrap_err();
    assert!(error.is_connect() && !error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_proxy_of_the_settings_that_is_not_there_is_named_without_its_password() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    drop(listener);
    let loader = Loader::new().without_files().environment([
        ("OKTA_CLIENT_ORGURL", "https://acme.okta.com"),
        ("OKTA_CLIENT_TOKEN", "00token"),
        ("OKTA_CLIENT_PROXY_HOST", "127.0.0.1"),
        ("OKTA_CLIENT_PROXY_PORT", &port),
        ("OKTA_CLIENT_PROXY_USERNAME", "ann"),
        ("OKTA_CLIENT_PROXY_PASSWORD", "canary-proxy"),
    ]);
    let okta = OktaClient::builder().loader(loader).without_retry().build().unwrap();
    let error = okta.users().list().await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    says(&error, &["https://acme.okta.com", &format!("127.0.0.1:{port}")]);
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
}

#[tokio::test]
async fn a_body_that_breaks_off_keeps_what_is_known_of_the_response() {
    let breaking = |status: u16| {
        let service = tower::service_fn(move |_: Request<Body>| async move {
            let chunks = [
                Ok(http_body::Frame::data(bytes::Bytes::from_static(
                    br#"{"errorCode":"E0000047""#,
                ))),
                Err("reset"),
            ];
            let body = http_body_util::StreamBody::new(futures_util::stream::iter(chunks));
            let response = Response::builder()
                .status(status)
                .header("retry-after", "3")
                .header("x-okta-request-id", "r1");
            Ok::<_, BoxError>(response.body(body).unwrap())
        });
        OktaClient::builder()
            .org_url("https://acme.okta.com")
            .api_token("00token")
            .service(service)
            .build()
            .unwrap()
    };
    let error = breaking(429).users().get("00u1").await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_api(), "{error}");
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(3)));
    let error = breaking(200).users().get("00u1").await.unwrap_err();
    assert!(
        error.is_interrupted() && !error.is_timeout() && !error.is_connect(),
        "{error}"
    );
    assert_eq!(
        (error.request_id(), error.body().map(|body| body.len())),
        (Some("r1"), Some(23))
    );
}

#[test]
fn calls_of_the_builder_that_contradict_each_other_are_refused() {
    let config = || {
        okta_client::config::ClientConfig::new(
            "https://acme.okta.com".parse().unwrap(),
            okta_client::config::Authorization::ssws("00token"),
        )
    };
    let error = OktaClient::builder()
        .config(config())
        .api_token("00token")
        .bearer_token("00token")
        .build()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("OktaClientBuilder::api_token and OktaClientBuilder::bearer_token"),
        "{error}"
    );
    // What is set by name wins.
    let okta = OktaClient::builder()
        .org_url("https://other.okta.com")
        .config(config())
        .build()
        .unwrap();
    assert_eq!(okta.org_url().as_str(), "https://other.okta.com");
}
