//! What is sent again, and what a call that failed may have done.

use std::{
    collections::VecDeque,
    future::ready,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{Method, Request, Response};
use http_body_util::BodyExt;
use okta_client::{
    Body, BoxError, CallOptions, Error, OktaClient, OktaClientBuilder, OrgUrl,
    transport::{ConnectError, Idempotency, TimeoutError, TimeoutKind, retry::DefaultRetryPolicy},
};

use crate::script::builder;

/// What a request comes to.
#[derive(Clone, Copy, Debug)]
enum Comes {
    To(u16),
    /// To a success whose body is this.
    ToBody(&'static str),
    /// To a success whose body breaks off.
    ToHalf,
    /// To nothing: the connection broke.
    ToNothing,
    /// The connection failed.
    NotSent,
    /// There was no response in time.
    TooLate,
}

fn come(comes: Comes) -> Result<Response<Body>, BoxError> {
    let broken = |kind| BoxError::from(std::io::Error::from(kind));
    match comes {
        Comes::To(status) => Ok(Response::builder().status(status).body(Body::empty())?),
        Comes::ToBody(body) => Ok(Response::new(Body::from(body))),
        Comes::ToHalf => {
            let frames = [
                Ok(http_body::Frame::data("{\"id\"".into())),
                Err(broken(std::io::ErrorKind::UnexpectedEof)),
            ];
            let body = http_body_util::StreamBody::new(futures_util::stream::iter(frames));
            Ok(Response::builder()
                .header("x-okta-request-id", "req-1")
                .body(Body::new(body))?)
        }
        Comes::ToNothing => Err(broken(std::io::ErrorKind::ConnectionReset)),
        Comes::NotSent => Err(ConnectError::new(&"https://acme.okta.com".parse()?, "refused").into()),
        Comes::TooLate => Err(TimeoutError::new(TimeoutKind::Attempt, Duration::from_secs(1)).into()),
    }
}

/// A client whose requests come to these, one after the other, and then to 204; and how many it has sent.
fn client(builder: OktaClientBuilder, script: &[Comes]) -> (OktaClient, Arc<Mutex<usize>>) {
    let (sent, at_once) = (Arc::new(Mutex::new(0)), Duration::from_millis(1));
    let counter = Arc::clone(&sent);
    let script = Arc::new(Mutex::new(script.iter().copied().collect::<VecDeque<_>>()));
    let service = tower::service_fn(move |_: Request<Body>| {
        *counter.lock().unwrap() += 1;
        ready(come(script.lock().unwrap().pop_front().unwrap_or(Comes::To(204))))
    });
    let policy = DefaultRetryPolicy::new()
        .backoff(at_once, at_once)
        .concurrency_backoff(at_once, at_once);
    (builder.retry(policy).service(service).build().unwrap(), sent)
}

const UNKNOWN: [Comes; 5] = [
    Comes::ToNothing,
    Comes::TooLate,
    Comes::To(502),
    Comes::To(503),
    Comes::To(504),
];

#[tokio::test]
async fn f1_b1_a_user_is_not_deleted_twice_whatever_became_of_the_first_request() {
    for comes in UNKNOWN {
        let (okta, sent) = client(builder(), &[comes]);
        let error = okta.users().delete("00u1").await.unwrap_err();
        assert_eq!(*sent.lock().unwrap(), 1, "{comes:?}");
        assert!(error.maybe_carried_out(), "{comes:?}: {error}");

        for address in [
            "/api/v1/users/00u1",
            "https://acme.okta.com/api/v1/users/00u1?sendEmail=true",
        ] {
            let (okta, sent) = client(builder(), &[comes]);
            let error = okta.request(Method::DELETE, address).await.unwrap_err();
            assert_eq!(*sent.lock().unwrap(), 1, "{comes:?}");
            assert!(
                error.maybe_carried_out() && error.operation().is_none(),
                "{comes:?}: {error}"
            );
        }
    }
    for comes in [Comes::To(429), Comes::To(423), Comes::NotSent] {
        let (okta, sent) = client(builder(), &[comes]);
        okta.users().delete("00u1").await.unwrap();
        assert_eq!(*sent.lock().unwrap(), 2, "{comes:?}");
    }
}

#[tokio::test]
async fn f1_a_raw_write_of_an_unknown_endpoint_is_not_repeated_and_a_raw_read_is() {
    for (method, address, count) in [
        (Method::PUT, "/api/v1/unheard/of", 1),
        (Method::DELETE, "/api/v1/unheard/of", 1),
        (Method::POST, "/api/v1/authn", 1),
        (Method::GET, "/api/v1/unheard/of", 2),
        (Method::DELETE, "/api/v1/groups/00g1", 2),
    ] {
        let (okta, sent) = client(builder(), &[Comes::To(503)]);
        let _ = okta.request(method.clone(), address).await;
        assert_eq!(*sent.lock().unwrap(), count, "{method} {address}");
    }
    let (okta, sent) = client(builder(), &[Comes::To(503)]);
    let own = CallOptions::new().idempotency(Idempotency::Idempotent);
    okta.request(Method::PUT, "/api/v1/unheard/of")
        .with_options(own)
        .await
        .unwrap();
    assert_eq!(*sent.lock().unwrap(), 2);
}

#[tokio::test]
async fn writes_are_not_repeated_where_that_is_switched_off() {
    for comes in UNKNOWN {
        let (okta, sent) = client(builder().repeat_idempotent_writes(false), &[comes]);
        let error = okta.groups().delete("00g1").await.unwrap_err();
        assert!(error.maybe_carried_out(), "{comes:?}: {error}");
        assert!(
            error.to_string().ends_with("; Okta may have carried this out"),
            "{error}"
        );
        assert_eq!(*sent.lock().unwrap(), 1, "{comes:?}");
        let (okta, sent) = client(builder(), &[comes]);
        okta.groups().delete("00g1").await.unwrap();
        assert_eq!(*sent.lock().unwrap(), 2, "{comes:?}");
    }
}

#[tokio::test]
async fn b1b_a_repeated_delete_that_ends_in_404_says_that_it_may_have_been_carried_out() {
    for comes in UNKNOWN {
        let (okta, _) = client(builder(), &[comes, Comes::To(404)]);
        let error = okta.groups().delete("00g1").await.unwrap_err();
        assert!(error.is_not_found() && error.maybe_carried_out(), "{comes:?}: {error}");
        assert!(
            error
                .to_string()
                .contains("an earlier attempt may have carried this out"),
            "{error}"
        );
    }
    for script in [
        &[Comes::To(404)][..],
        &[Comes::To(429), Comes::To(404)],
        &[Comes::To(423), Comes::To(404)],
        &[Comes::NotSent, Comes::To(404)],
    ] {
        let (okta, _) = client(builder(), script);
        let error = okta.groups().delete("00g1").await.unwrap_err();
        assert!(
            !error.maybe_carried_out() && !error.to_string().contains("earlier"),
            "{script:?}: {error}"
        );
    }
}

async fn post(comes: Comes) -> Error {
    let (okta, _) = client(builder().max_retries(0), &[comes]);
    okta.request(Method::POST, "/api/v1/groups").await.unwrap_err()
}

#[tokio::test]
async fn an_error_says_whether_a_write_may_have_been_carried_out() {
    for comes in [
        Comes::ToNothing,
        Comes::TooLate,
        Comes::ToHalf,
        Comes::To(500),
        Comes::To(503),
    ] {
        let error = post(comes).await;
        assert!(error.maybe_carried_out(), "{comes:?}: {error}");
    }
    for comes in [
        Comes::NotSent,
        Comes::To(429),
        Comes::To(423),
        Comes::To(400),
        Comes::To(501),
    ] {
        let error = post(comes).await;
        assert!(!error.maybe_carried_out(), "{comes:?}: {error}");
    }
    for comes in [Comes::ToNothing, Comes::To(503), Comes::ToBody("<html>")] {
        let (okta, _) = client(builder().max_retries(0), &[comes]);
        let error = okta.groups().get("00g1").await.unwrap_err();
        assert!(!error.maybe_carried_out(), "{comes:?}: {error}");
    }
    let (okta, _) = client(builder(), &[Comes::ToBody("<html>")]);
    let error = okta
        .users()
        .create(okta_client::models::CreateUserRequest::default())
        .await
        .unwrap_err();
    assert!(error.is_decode() && error.maybe_carried_out(), "{error}");
}

#[tokio::test]
async fn b21_a_read_whose_body_breaks_off_is_repeated_and_a_write_tells_what_there_was() {
    let (okta, sent) = client(builder(), &[Comes::ToHalf, Comes::ToBody("{\"id\":\"00g1\"}")]);
    assert_eq!(okta.groups().get("00g1").await.unwrap().id.as_deref(), Some("00g1"));
    assert_eq!(*sent.lock().unwrap(), 2);

    let error = post(Comes::ToHalf).await;
    assert!(error.is_interrupted());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(error.request_id(), Some("req-1"));
    assert_eq!(error.body().map(|body| &body[..]), Some(&b"{\"id\""[..]));

    let (okta, _) = client(builder(), &[Comes::ToHalf, Comes::ToHalf, Comes::ToHalf]);
    let error = okta.groups().get("00g1").await.unwrap_err();
    assert_eq!(
        error.attempts().map(okta_client::transport::retry::Attempts::count),
        Some(3)
    );
    assert_eq!(format!("{error:#}").matches("3 attempts").count(), 1, "{error:#}");
}

#[tokio::test]
async fn f12_a_body_beyond_the_limit_is_an_error_that_names_it() {
    let (okta, sent) = client(builder().max_body_size(10), &[Comes::ToBody("[\"01234567\"]")]);
    let error = okta.request(Method::GET, "/api/v1/users").await.unwrap_err();
    let text = format!("{error:#}");
    assert!(
        text.contains("more than 10 bytes") && text.contains("max_body_size"),
        "{text}"
    );
    assert_eq!(*sent.lock().unwrap(), 1);

    let service = tower::service_fn(|_: Request<Body>| ready(come(Comes::ToBody("[\"01234567\"]"))));
    let okta = OktaClient::from_service(OrgUrl::parse("https://acme.okta.com").unwrap(), service);
    let own = CallOptions::new().max_body_size(10);
    assert!(
        okta.request(Method::GET, "/api/v1/users")
            .with_options(own)
            .await
            .is_err()
    );
    assert!(okta.request(Method::GET, "/api/v1/users").await.is_ok());
}

#[tokio::test]
async fn a_raw_call_can_be_streamed_and_a_typed_one_is_read_whole_all_the_same() {
    let (okta, _) = client(builder(), &[Comes::ToHalf, Comes::To(403)]);
    let mut body = okta
        .request(Method::GET, "/api/v1/users")
        .streamed()
        .await
        .unwrap()
        .into_body();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "{\"id\"");
    assert!(body.frame().await.unwrap().is_err());
    let error = okta.request(Method::GET, "/api/v1/users").streamed().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));

    let (okta, sent) = client(builder(), &[Comes::ToHalf, Comes::ToBody("{}")]);
    let options = CallOptions::new().stream_body(true);
    okta.groups().get("00g1").with_options(options).await.unwrap();
    assert_eq!(*sent.lock().unwrap(), 2);
}
