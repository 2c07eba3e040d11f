//! How many requests run at once.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use okta_auth::Principal;
use okta_transport::{Body, BoxError, Clock, HttpService, RateLimitMode, RateLimiter, RateLimiterLayer, TokioClock};
use tokio::task::JoinHandle;
use tower::ServiceBuilder;

use crate::{USERS, get, settle};

/// A client of an org whose answers have this status and this body.
fn client(limit: usize, status: StatusCode, body: fn() -> Body) -> HttpService {
    let limiter = RateLimiter::builder()
        .mode(RateLimitMode::Off)
        .concurrency_limit(limit)
        .build();
    let bottom = tower::service_fn(move |_: Request<Body>| async move {
        let mut response = Response::new(body());
        *response.status_mut() = status;
        Ok::<_, BoxError>(response)
    });
    HttpService::new(
        ServiceBuilder::new()
            .layer(RateLimiterLayer::new(limiter))
            .service(bottom),
    )
}

fn stream() -> Body {
    let frames = ["one", "two"].map(|chunk| Ok::<_, Infallible>(Frame::data(Bytes::from(chunk))));
    Body::new(StreamBody::new(futures_util::stream::iter(frames)))
}

fn broken() -> Body {
    let frames = [Err::<Frame<Bytes>, BoxError>("the line is dead".into())];
    Body::new(StreamBody::new(futures_util::stream::iter(frames)))
}

async fn send(client: &HttpService) -> Response<Body> {
    client.send(get(USERS)).await.unwrap()
}

/// A call that goes as far as it can.
async fn begin(client: &HttpService) -> JoinHandle<Response<Body>> {
    let client = client.clone();
    let call = tokio::spawn(async move { send(&client).await });
    settle().await;
    call
}

#[tokio::test]
async fn a_place_is_kept_until_the_body_is_read() {
    let client = client(2, StatusCode::OK, stream);
    let mut first = send(&client).await;
    let _second = send(&client).await;
    let third = begin(&client).await;
    assert!(!third.is_finished());
    for _ in 0..2 {
        assert!(first.body_mut().frame().await.unwrap().is_ok());
        settle().await;
        assert!(!third.is_finished(), "there may be more to come");
    }
    assert!(first.body_mut().frame().await.is_none());
    settle().await;
    assert!(third.is_finished());
}

#[tokio::test]
async fn a_place_is_given_back_with_a_body_nobody_reads_or_that_breaks() {
    let client = client(1, StatusCode::OK, broken);
    let first = send(&client).await;
    let second = begin(&client).await;
    assert!(!second.is_finished());
    drop(first);
    let mut second = second.await.unwrap();
    let third = begin(&client).await;
    assert!(!third.is_finished());
    assert!(second.body_mut().frame().await.unwrap().is_err());
    settle().await;
    assert!(third.is_finished());
}

#[tokio::test]
async fn nothing_is_kept_for_a_body_that_is_there_already_or_a_refusal() {
    let whole = client(1, StatusCode::OK, || Body::from("[]"));
    let refused = client(1, StatusCode::TOO_MANY_REQUESTS, stream);
    let mut kept = Vec::new();
    for client in [whole, refused] {
        for _ in 0..3 {
            // Whoever sends a request again may keep the response to the first one while it waits.
            kept.push(begin(&client).await.await.unwrap());
        }
    }
    assert_eq!(kept.len(), 6);
}

#[tokio::test]
async fn who_gives_up_takes_no_place() {
    let client = client(1, StatusCode::OK, stream);
    let first = send(&client).await;
    let second = begin(&client).await;
    let third = begin(&client).await;
    second.abort();
    drop(first);
    assert_eq!(third.await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn each_principal_has_its_own_places_and_zero_means_any_number() {
    let one = client(1, StatusCode::OK, stream);
    let _first = send(&one).await;
    let mut request = get(USERS);
    request.extensions_mut().insert(Principal::new("test", "another"));
    one.send(request).await.unwrap();

    let any = client(0, StatusCode::OK, stream);
    let mut kept = Vec::new();
    for _ in 0..100 {
        kept.push(send(&any).await);
    }
    assert_eq!(kept.len(), 100);
}

#[tokio::test]
async fn all_layers_of_a_limiter_share_its_places() {
    let limiter = RateLimiter::builder().concurrency_limit(1).build();
    let layer = RateLimiterLayer::new(limiter);
    let bottom = tower::service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(Response::new(stream())) });
    let clients = [(); 2].map(|()| HttpService::new(ServiceBuilder::new().layer(layer.clone()).service(bottom)));
    let first = send(&clients[0]).await;
    let second = begin(&clients[1]).await;
    assert!(!second.is_finished());
    drop(first);
    settle().await;
    assert!(second.is_finished());
}

#[tokio::test(start_paused = true)]
async fn f3_permits_go_round_among_tasks_that_call_again_and_again() {
    let limiter = RateLimiter::builder()
        .mode(RateLimitMode::Off)
        .concurrency_limit(2)
        .build();
    let bottom = tower::service_fn(|_: Request<Body>| async {
        TokioClock.sleep(Duration::from_millis(10)).await;
        Ok::<_, BoxError>(Response::new(Body::empty()))
    });
    let client = HttpService::new(
        ServiceBuilder::new()
            .layer(RateLimiterLayer::new(limiter))
            .service(bottom),
    );
    let end = TokioClock.now() + Duration::from_secs(1);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut made = 0;
                while TokioClock.now() < end {
                    send(&client).await;
                    made += 1;
                }
                made
            })
        })
        .collect();
    let mut made = Vec::new();
    for task in tasks {
        made.push(task.await.unwrap());
    }
    // 200 of them fit into a second.
    assert!(made.iter().all(|made| (20..=27).contains(made)), "{made:?}");
}
