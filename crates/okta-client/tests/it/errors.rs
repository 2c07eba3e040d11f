//! What errors tell.

use std::time::Duration;

use http::{Request, Response};
use okta_client::{
    Body, BoxError, CallOptions, Error,
    auth::{Attempt, AuthError, Authenticator, Credentials, Principal},
};

use crate::script::builder;

async fn answered(status: u16, headers: &'static [(&'static str, &'static str)], body: &'static str) -> Error {
    let service = tower::service_fn(move |_: Request<Body>| async move {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Ok::<_, BoxError>(response.body(Body::from(body)).unwrap())
    });
    builder()
        .service(service)
        .build()
        .unwrap()
        .users()
        .get("00u1")
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_api_error_says_everything_in_one_line() {
    let error = answered(
        404,
        &[("x-okta-request-id", "req-1")],
        r#"{"errorCode":"E0000007","errorSummary":"Not found: Resource not found: 00u1 (User)","errorId":"oae1","errorCauses":[]}"#,
    )
    .await;
    assert_eq!(
        error.to_string(),
        "getUser (GET /api/v1/users/{id}) failed: 404 Not Found: E0000007 Not found: Resource not found: 00u1 (User) \
         (request id req-1)"
    );
    assert!(error.is_not_found() && error.is_api() && !error.is_auth() && !error.is_timeout() && !error.is_decode());
    assert_eq!(error.operation().unwrap().id, "getUser");
    assert_eq!(error.api_error().unwrap().id.as_deref(), Some("oae1"));
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_says_when_to_come_back() {
    let error = answered(
        429,
        &[
            ("x-rate-limit-limit", "600"),
            ("x-rate-limit-remaining", "0"),
            ("x-rate-limit-reset", "1700000000"),
            ("retry-after", "7"),
        ],
        r#"{"errorCode":"E0000047"}"#,
    )
    .await;
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.rate_limit().unwrap().reset, 1_700_000_000);
    // The default client has tried again, has waited as long as the server asked, and reports it.
    let attempts = error.attempts().unwrap();
    assert_eq!(attempts.count(), 3);
    assert!(attempts.waited() >= Duration::from_secs(14), "{attempts}");
    assert!(
        error
            .to_string()
            .contains("after 3 attempts (2 × 429 Too Many Requests, waited"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_which_one_and_its_value() {
    let never = tower::service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, BoxError>>());
    let okta = builder()
        .service(never)
        .attempt_timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let error = okta.users().get("00u1").await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect(), "{error}");
    assert!(format!("{error:#}").contains("attempt timeout of 5s"), "{error:#}");
    let options = CallOptions::new().total_timeout(Duration::from_secs(2));
    let error = okta.users().get("00u1").with_options(options).await.unwrap_err();
    assert!(
        error.is_timeout() && format!("{error:#}").contains("total timeout of 2s"),
        "{error:#}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_a_users_layer_is_a_timeout_too() {
    let never = tower::service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, BoxError>>());
    let layer = tower::timeout::TimeoutLayer::new(Duration::from_secs(1));
    let error = builder()
        .service(never)
        .layer(layer)
        .build()
        .unwrap()
        .users()
        .get("00u1")
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn b8_a_429_without_retry_after_says_when_the_window_ends_by_the_servers_clock() {
    const LIMIT: [(&str, &str); 2] = [("x-rate-limit-limit", "600"), ("x-rate-limit-remaining", "0")];
    let wait = |status, headers: &'static [(&str, &str)]| async move {
        let service = tower::service_fn(move |_: Request<Body>| async move {
            let mut response = Response::builder().status(status);
            for (name, value) in LIMIT.iter().chain(headers) {
                response = response.header(*name, *value);
            }
            Ok::<_, BoxError>(response.body(Body::empty()).unwrap())
        });
        let okta = builder().service(service).without_retry().build().unwrap();
        okta.users().get("00u1").await.unwrap_err().retry_after()
    };
    const DATE: (&str, &str) = ("date", "Sun, 09 Sep 2001 01:46:40 GMT");
    const RESET: &str = "x-rate-limit-reset";
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    assert_eq!(wait(429, &[DATE, (RESET, "1000000060")]).await, seconds(61));
    assert_eq!(wait(429, &[DATE, (RESET, "1000000060, 1000000030")]).await, seconds(31));
    let several = wait(429, &[DATE, (RESET, "1000000060"), (RESET, "x"), (RESET, "1000000020")]);
    assert_eq!(several.await, seconds(21));
    assert_eq!(
        wait(429, &[DATE, (RESET, "999999990")]).await,
        seconds(1),
        "it has passed"
    );
    let both = wait(429, &[DATE, (RESET, "1000000060"), ("retry-after", "7")]);
    assert_eq!(both.await, seconds(7));
    assert_eq!(wait(429, &[DATE, (RESET, "1000000060000")]).await, None, "milliseconds");
    assert_eq!(wait(429, &[DATE, (RESET, "18446744073709551615")]).await, None);
    assert_eq!(wait(429, &[("date", "soon"), (RESET, "1000000060")]).await, None);
    assert_eq!(wait(429, &[DATE]).await, None);
    assert_eq!(
        wait(500, &[DATE, (RESET, "1000000060")]).await,
        None,
        "every response has a reset"
    );
}

#[tokio::test]
async fn b9_a_challenge_says_why_when_the_body_does_not() {
    for status in [401, 403] {
        const CHALLENGE: &str =
            r#"Bearer error="insufficient_scope", error_description="ask for more", scope="okta.users.read""#;
        let error = match status {
            401 => {
                answered(
                    401,
                    &[
                        ("www-authenticate", "Basic realm=\"a, b\""),
                        ("www-authenticate", CHALLENGE),
                    ],
                    "",
                )
                .await
            }
            _ => answered(403, &[("www-authenticate", CHALLENGE)], "").await,
        };
        assert_eq!(error.code(), Some("insufficient_scope"));
        assert_eq!(error.summary(), Some("ask for more"));
        assert_eq!(error.missing_scopes(), ["okta.users.read"]);
        assert!(
            error
                .to_string()
                .ends_with("insufficient_scope ask for more; the operation needs the scope okta.users.read"),
            "{error}"
        );
        assert_eq!(
            (error.is_unauthorized(), error.is_forbidden()),
            (status == 401, status == 403)
        );
    }
}

#[tokio::test]
async fn b10_a_byte_order_mark_is_read_over() {
    let error = answered(400, &[], "\u{feff}{\"errorCode\":\"E0000003\"}").await;
    assert_eq!(error.code(), Some("E0000003"));
    let service =
        tower::service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(Response::new(Body::from("\u{feff}[1]"))) });
    let okta = builder().service(service).build().unwrap();
    let raw = okta.request(http::Method::GET, "/api/v1/x").await.unwrap();
    assert_eq!(raw.json::<Vec<u8>>().unwrap(), [1]);
}

#[tokio::test]
async fn b11_a_word_after_a_scheme_is_shown_and_credentials_are_not() {
    let proof = r#"{"errorCode":"invalid_dpop_proof","errorSummary":"The DPoP proof JWT header is missing."}"#;
    let error = answered(400, &[], proof).await.to_string();
    assert!(error.contains("The DPoP proof JWT header is missing."), "{error}");
    let echo = r#"{"errorSummary":"no: Authorization: SSWS 00canary, Bearer eyJhbGciOiJSUzI1NiJ9.canary.c"}"#;
    let error = answered(400, &[], echo).await;
    for shown in [error.to_string(), format!("{error:#}"), format!("{error:?}")] {
        assert!(
            !shown.contains("canary") && shown.contains("SSWS [redacted], Bearer [redacted]"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_conflict_is_409_or_says_that_something_exists_already() {
    for (status, body, is_conflict) in [
        (409, "", true),
        (
            400,
            r#"{"errorCode":"E0000001","errorCauses":[{"errorSummary":"login: An object with this field already exists in the current organization"}]}"#,
            true,
        ),
        (
            400,
            r#"{"errorCode":"E0000038","errorSummary":"This name is already in use."}"#,
            true,
        ),
        (
            400,
            r#"{"errorCode":"E0000001","errorCauses":[{"errorSummary":"login: The field cannot be left blank"}]}"#,
            false,
        ),
        (404, r#"{"errorSummary":"already exists"}"#, false),
    ] {
        let error = answered(status, &[], body).await;
        assert_eq!(error.is_conflict(), is_conflict, "{error}");
    }
}

#[tokio::test]
async fn f16_headers_of_the_connection_are_not_sent() {
    let service = tower::service_fn(|request: Request<Body>| async move { panic!("{:?}", request.headers()) });
    let service = tower::util::MapResponse::new(service, |(): ()| Response::new(Body::empty()));
    let okta = builder()
        .service(tower::util::MapErr::new(service, |error: BoxError| error))
        .build()
        .unwrap();
    for name in [
        "content-length",
        "Transfer-Encoding",
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "upgrade",
        "expect",
    ] {
        let group = okta_client::models::GroupRequest::default();
        let typed = okta.groups().create(group).with_header(name, "3").await.unwrap_err();
        let raw = okta
            .request(http::Method::POST, "/api/v1/x")
            .with_header(name, "3")
            .await
            .unwrap_err();
        for error in [typed, raw] {
            assert!(error.is_invalid_request(), "{error}");
            let text = error.to_string();
            assert!(
                text.contains(&name.to_lowercase()) && text.contains("leave it out"),
                "{text}"
            );
        }
    }
}

/// A vault that is closed.
#[derive(Debug)]
struct Closed(Principal);

impl Authenticator for Closed {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        Err(AuthError::other("the vault is closed"))
    }
    fn principal(&self) -> &Principal {
        &self.0
    }
}

#[tokio::test]
async fn an_authenticator_of_ones_own_needs_no_token_and_its_failure_is_an_auth_error() {
    let service = tower::service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(Response::new(Body::empty())) });
    let okta = okta_client::OktaClient::builder()
        .org_url("https://acme.okta.com")
        .authenticator(Closed(Principal::new("vault", "closed")))
        .service(service)
        .build()
        .unwrap();
    let error = okta.users().get("00u1").await.unwrap_err();
    assert!(error.is_auth() && !error.is_api() && error.is_transient(), "{error}");
    assert!(format!("{error:#}").contains("the vault is closed"), "{error:#}");
}

#[tokio::test(start_paused = true)]
async fn only_what_may_pass_by_itself_is_transient() {
    for (status, is_transient) in [(400, false), (401, false), (404, false), (500, true), (503, true)] {
        let error = answered(status, &[], "{}").await;
        assert_eq!(error.is_transient(), is_transient, "{error}");
    }
    let service = tower::service_fn(|_: Request<Body>| async { Err::<Response<Body>, BoxError>("reset".into()) });
    let okta = builder().service(service).without_retry().build().unwrap();
    assert!(okta.users().get("00u1").await.unwrap_err().is_transient());
    let astray = okta.users().get("00u1").with_header("host", "elsewhere.example").await;
    let error = astray.unwrap_err();
    assert!(error.is_auth() && !error.is_transient(), "{error}");
}

#[tokio::test]
async fn a_write_that_succeeds_without_a_word_is_no_failure_but_an_empty_answer_to_a_question_is() {
    let answering = |status: u16| {
        let service = tower::service_fn(move |_: Request<Body>| async move {
            Ok::<_, BoxError>(Response::builder().status(status).body(Body::empty()).unwrap())
        });
        builder().service(service).build().unwrap()
    };
    let group = okta_client::models::GroupRequest::default();
    assert_eq!(
        answering(200).groups().replace("00g1", group).await.unwrap(),
        okta_client::models::Group::default()
    );
    assert_eq!(answering(204).users().list().await.unwrap().items.len(), 0);
    assert!(
        answering(204)
            .users()
            .list()
            .stream()
            .try_next()
            .await
            .unwrap()
            .is_none()
    );
    assert!(answering(200).users().get("00u1").await.unwrap_err().is_decode());
    assert!(answering(200).users().list().await.unwrap_err().is_decode());
}

// Issue 12: one `?` does for a call and for the members of its result.
#[test]
fn i12_a_missing_member_is_an_error_of_the_client() {
    fn id() -> Result<String, Error> {
        Ok(okta_client::models::User::default().require_id()?.to_owned())
    }
    let error = id().unwrap_err();
    assert!(error.is_member() && !error.is_transient() && !error.is_invalid_request());
    assert!(error.to_string().starts_with("`User` has no `id`"), "{error}");
    assert!(std::error::Error::source(&error).is_none() && error.operation().is_none());
}

/// `fn main() -> Result<(), okta_client::Error>` prints `Error: ` and the `Debug` text.
#[tokio::test]
async fn an_error_that_main_returns_is_one_readable_line() {
    let error = answered(403, &[], r#"{"errorCode":"E0000006","errorSummary":"no permission"}"#).await;
    assert_eq!(format!("{error:?}"), format!("{error:#}"));
    assert!(!format!("{error:?}").starts_with("Error"), "{error:?}");
    let wait = okta_client::WaitError::Failed(error);
    assert!(format!("{wait:?}").starts_with("getUser (GET"), "{wait:?}");
}

#[tokio::test]
async fn a_link_in_an_error_shows_no_values_of_its_query() {
    for link in [
        r#"<https://user:canary@evil.example/x?after=canary#canary>; rel="next""#,
        r#"</api/v1/users?token=canary; rel="next""#,
    ] {
        let service = tower::service_fn(move |_: Request<Body>| async move {
            Ok::<_, BoxError>(Response::builder().header("link", link).body(Body::from("[]"))?)
        });
        let okta = builder().service(service).build().unwrap();
        let mut pages = okta.users().list().pages();
        pages.try_next().await.unwrap();
        let error = pages.try_next().await.unwrap_err();
        for text in [error.to_string(), format!("{error:#}"), format!("{error:?}")] {
            assert!(error.is_paging() && !text.contains("canary"), "{text}");
        }
    }
    let okta = builder()
        .service(tower::service_fn(|_: Request<Body>| async {
            Ok::<_, BoxError>(Response::new(Body::empty()))
        }))
        .build()
        .unwrap();
    let error = okta
        .request(http::Method::GET, "https://evil.example/?token=canary")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("https://evil.example/?token=…"), "{error}");
}
