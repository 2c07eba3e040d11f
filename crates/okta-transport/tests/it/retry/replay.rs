//! What a repeated request is like.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_transport::{
    Body, BoxError,
    retry::{Attempts, StopReason},
};
use tower::{Layer, ServiceExt};

use super::{LeapingClock, Script, layer, request, reset, retry};
use crate::USERS;

/// The values a header has in each of the requests that were sent.
fn values(script: &Script, name: &str) -> Vec<Vec<String>> {
    let of = |headers: &HeaderMap| {
        let values = headers.get_all(name).iter();
        values.map(|value| value.to_str().unwrap().to_owned()).collect()
    };
    script
        .sent
        .lock()
        .unwrap()
        .iter()
        .map(|request| of(request.headers()))
        .collect()
}

fn refused(id: &str) -> (u16, [(&str, &str); 1]) {
    (429, [("x-okta-request-id", id)])
}

#[tokio::test]
async fn everything_about_the_request_is_kept() {
    #[derive(Clone, Debug, PartialEq)]
    struct Extension(u8);
    let script = Script::default().then(429).then(429);
    let request = Request::patch(USERS)
        .header("x-team", "identity")
        .header("x-team", "platform")
        .extension(Extension(7))
        .body(Body::from("{}"))
        .unwrap();
    retry(&LeapingClock::new(), &script).oneshot(request).await.unwrap();
    let sent = std::mem::take(&mut *script.sent.lock().unwrap());
    assert_eq!(sent.len(), 3);
    for request in sent {
        assert_eq!(request.method(), Method::PATCH);
        assert_eq!(request.uri(), USERS);
        assert_eq!(
            request.headers().get_all("x-team").iter().collect::<Vec<_>>(),
            ["identity", "platform"]
        );
        assert_eq!(request.extensions().get(), Some(&Extension(7)));
        assert_eq!(request.into_body().collect().await.unwrap(), "{}");
    }
}

#[tokio::test]
async fn retry_headers_are_set_and_not_appended() {
    let script = Script::default()
        .then(refused("first"))
        .then(refused("second"))
        .then(refused("third"));
    let service = layer(&LeapingClock::new(), 0.5).max_retries(3).layer(script.clone());
    service.oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(
        values(&script, "x-okta-retry-for"),
        [&[][..], &["first".to_owned()], &["first".into()], &["first".into()]]
    );
    assert_eq!(
        values(&script, "x-okta-retry-count"),
        [&[][..], &["1".to_owned()], &["2".into()], &["3".into()]]
    );
}

#[tokio::test]
async fn retry_headers_that_the_request_has_already_are_replaced() {
    let script = Script::default().then(refused("first"));
    let mut request = request(Method::GET);
    for value in ["a", "b"] {
        request.headers_mut().append("x-okta-retry-for", value.parse().unwrap());
        request
            .headers_mut()
            .append("x-okta-retry-count", value.parse().unwrap());
    }
    retry(&LeapingClock::new(), &script).oneshot(request).await.unwrap();
    assert_eq!(values(&script, "x-okta-retry-for")[1], ["first"]);
    assert_eq!(values(&script, "x-okta-retry-count")[1], ["1"]);
}

#[tokio::test]
async fn the_first_id_there_is_counts() {
    let script = Script::default().then(reset()).then(refused("second")).then(429);
    let service = layer(&LeapingClock::new(), 0.5).max_retries(3).layer(script.clone());
    service.oneshot(request(Method::GET)).await.unwrap();
    let none: [&str; 0] = [];
    let retry_for = values(&script, "x-okta-retry-for");
    assert_eq!(retry_for[1], none);
    assert_eq!([&retry_for[2][..], &retry_for[3][..]], [["second"], ["second"]]);
    assert_eq!(values(&script, "x-okta-retry-count")[1..], [["1"], ["2"], ["3"]]);
}

#[tokio::test]
async fn a_stream_is_sent_once_and_its_response_stands() {
    let frames = futures_util::stream::iter([Ok::<_, BoxError>(Frame::data(Bytes::from_static(b"once")))]);
    let script = Script::default().then(429);
    let request = Request::post(USERS).body(Body::new(StreamBody::new(frames))).unwrap();
    let response = retry(&LeapingClock::new(), &script).oneshot(request).await.unwrap();
    assert_eq!((response.status().as_u16(), script.count()), (429, 1));
    let attempts = Attempts::of(response.extensions()).unwrap();
    assert_eq!(attempts.stopped(), StopReason::BodySentOnce);
    assert_eq!(response.into_body().collect().await.unwrap(), "refused");
}
