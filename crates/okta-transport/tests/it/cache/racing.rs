//! A write drops what it changes, and no answer from before it is kept.

use std::{future::pending, time::Duration};

use http::{Method, Request, Response, StatusCode};
use okta_transport::{
    Body, BoxError, CallOptions, HttpService,
    cache::{CacheLayer, CacheMode, CacheStatus},
};
use tokio::task::JoinHandle;
use tower::service_fn;

use super::{
    GROUP, Played, TIME_TO_LIVE, USER, layer, played,
    stores::{Manners, MapStore},
    text,
};
use crate::{USERS, get, settle};

/// What the layer keeps at most, with the time the store may take to keep it.
const LONGEST: Duration = Duration::from_millis(600_250);

const SUSPEND: &str = "https://acme.okta.com/api/v1/users/00u1aaaaaaaaaaaaaaaa/lifecycle/suspend";

fn post(uri: &str) -> Request<Body> {
    Request::post(uri).body(Body::from("{}")).unwrap()
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn start(played: &Played, request: Request<Body>) -> JoinHandle<Result<Response<Body>, BoxError>> {
    let service = played.service.clone();
    tokio::spawn(async move { service.send(request).await })
}

async fn fill(played: &mut Played) {
    for uri in [USERS, USER, GROUP] {
        played.get(uri, "old").await.was_sent(CacheStatus::Miss, "old");
    }
}

#[tokio::test]
async fn a_write_drops_the_resource_and_its_lists_and_nothing_else() {
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let mut played = played();
        fill(&mut played).await;
        let mut write = post(SUSPEND);
        *write.method_mut() = method;
        let answer = played.exchange(write, status(StatusCode::OK)).await;
        assert_eq!(answer.status(), None);
        played.get(USERS, "new").await.was_sent(CacheStatus::Miss, "new");
        played.get(USER, "new").await.was_sent(CacheStatus::Miss, "new");
        played.get(GROUP, "new").await.is_hit("old");
    }
}

#[tokio::test]
async fn a_write_past_the_cache_drops_too() {
    let mut played = played();
    fill(&mut played).await;
    let mut write = post(SUSPEND);
    write
        .extensions_mut()
        .insert(CallOptions::new().cache(CacheMode::Bypass));
    played.exchange(write, status(StatusCode::OK)).await;
    played.get(USER, "new").await.was_sent(CacheStatus::Miss, "new");
}

#[tokio::test]
async fn only_a_write_that_was_plainly_refused_drops_nothing() {
    let answers = [
        (StatusCode::BAD_REQUEST, false),
        (StatusCode::FORBIDDEN, false),
        (StatusCode::NOT_FOUND, false),
        (StatusCode::ACCEPTED, true),
        (StatusCode::FOUND, true),
        (StatusCode::REQUEST_TIMEOUT, true),
        (StatusCode::INTERNAL_SERVER_ERROR, true),
        (StatusCode::GATEWAY_TIMEOUT, true),
    ];
    for (answer, drops) in answers {
        let mut played = played();
        fill(&mut played).await;
        played.exchange(post(USER), status(answer)).await;
        assert_eq!(played.get(USER, "new").await.body == "new", drops, "{answer}");
    }
}

#[tokio::test]
async fn a_write_that_failed_may_have_had_its_effect() {
    let mut played = played();
    fill(&mut played).await;
    let write = start(&played, post(USER));
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_error("the line is dead");
    write.await.unwrap().unwrap_err();
    played.get(USER, "new").await.was_sent(CacheStatus::Miss, "new");
    played.get(GROUP, "new").await.is_hit("old");
}

#[tokio::test]
async fn an_answer_that_a_write_has_overtaken_is_given_but_not_kept() {
    let mut played = played();
    let read = start(&played, get(USER));
    let (_, old) = played.transport.next_request().await.unwrap();
    let write = start(&played, post(USER));
    let (_, done) = played.transport.next_request().await.unwrap();
    done.send_response(status(StatusCode::OK));
    write.await.unwrap().unwrap();
    old.send_response(text("old"));
    assert_eq!(read.await.unwrap().unwrap().body().as_bytes().unwrap(), "old");
    assert!(played.store.map().is_empty());
    played.get(USER, "new").await.was_sent(CacheStatus::Miss, "new");
    played.get(USER, "never").await.is_hit("new");
}

#[tokio::test]
async fn while_a_write_is_on_its_way_what_it_changes_is_read_past_the_cache() {
    let mut played = played();
    fill(&mut played).await;
    let write = start(&played, post(USER));
    let (_, done) = played.transport.next_request().await.unwrap();
    played
        .get(USER, "between")
        .await
        .was_sent(CacheStatus::Bypass, "between");
    played.get(GROUP, "never").await.is_hit("old");
    // One that begins before the end of the write and ends after it is not kept either.
    let read = start(&played, get(USER));
    let (_, respond) = played.transport.next_request().await.unwrap();
    done.send_response(status(StatusCode::OK));
    write.await.unwrap().unwrap();
    respond.send_response(text("between"));
    read.await.unwrap().unwrap();
    played.get(USER, "new").await.was_sent(CacheStatus::Miss, "new");
}

#[tokio::test]
async fn nobody_follows_a_read_from_before_a_write() {
    let mut played = played();
    let before = start(&played, get(USER));
    let (_, old) = played.transport.next_request().await.unwrap();
    let write = start(&played, post(USER));
    let (_, done) = played.transport.next_request().await.unwrap();
    done.send_response(status(StatusCode::OK));
    write.await.unwrap().unwrap();
    // The old read is still on its way.
    played.get(USER, "new").await.was_sent(CacheStatus::Miss, "new");
    old.send_response(text("old"));
    before.await.unwrap().unwrap();
    played.get(USER, "never").await.is_hit("new");
}

#[tokio::test]
async fn a_write_that_was_dropped_is_doubted_for_as_long_as_anything_may_live() {
    let mut played = played();
    fill(&mut played).await;
    let write = start(&played, post(USER));
    let (_, _unanswered) = played.transport.next_request().await.unwrap();
    write.abort();
    settle().await;
    played.get(USER, "late").await.was_sent(CacheStatus::Bypass, "late");
    played.get(GROUP, "never").await.is_hit("old");
    played.clock.advance(LONGEST - Duration::from_nanos(1));
    played.get(USER, "late").await.was_sent(CacheStatus::Bypass, "late");
    played.clock.advance(Duration::from_nanos(1));
    played.get(USER, "new").await.was_sent(CacheStatus::Miss, "new");
    played.get(USER, "never").await.is_hit("new");
}

#[tokio::test]
async fn what_the_store_could_not_drop_is_not_used() {
    for manners in [Manners::Failing("full"), Manners::Silent] {
        let mut played = played();
        fill(&mut played).await;
        played.store.behave(manners);
        let write = start(&played, post(USER));
        let (_, done) = played.transport.next_request().await.unwrap();
        done.send_response(status(StatusCode::OK));
        settle().await;
        played.clock.advance(Duration::from_millis(250));
        assert_eq!(write.await.unwrap().unwrap().status(), StatusCode::OK);
        // It is well again, and has everything still.
        played.store.behave(Manners::Honest);
        played.get(USER, "new").await.was_sent(CacheStatus::Bypass, "new");
        played.get(GROUP, "never").await.is_hit("old");
    }
}

#[tokio::test]
async fn what_is_just_being_kept_when_a_write_comes_is_not_used() {
    let mut played = played();
    let door = played.store.door();
    let read = start(&played, get(USER));
    let (_, old) = played.transport.next_request().await.unwrap();
    old.send_response(text("old"));
    settle().await;
    assert_eq!(played.store.asked(), ["get", "set"]);
    played.exchange(post(USER), status(StatusCode::OK)).await;
    // Now it arrives in the store, after all.
    door.add_permits(1);
    read.await.unwrap().unwrap();
    assert_eq!(played.store.map().len(), 1);
    played.get(USER, "new").await.was_sent(CacheStatus::Bypass, "new");
    // Until it has died of age.
    played.clock.advance(LONGEST);
    door.add_permits(1);
    played.get(USER, "new").await.was_sent(CacheStatus::Miss, "new");
    played.get(USER, "never").await.is_hit("new");
}

#[tokio::test]
async fn doubts_beyond_number_are_about_everything() {
    let mut played = played();
    fill(&mut played).await;
    for number in 0..1001 {
        let write = start(
            &played,
            post(&format!("https://acme.okta.com/api/v1/zones/{number:020}")),
        );
        let (_, _unanswered) = played.transport.next_request().await.unwrap();
        write.abort();
        settle().await;
    }
    played.get(GROUP, "past").await.was_sent(CacheStatus::Bypass, "past");
    played.clock.advance(LONGEST);
    played.get(GROUP, "new").await.was_sent(CacheStatus::Miss, "new");
}

#[tokio::test]
async fn an_application_can_say_what_has_changed() {
    let store = MapStore::default();
    let layer: CacheLayer = layer(store.clone());
    let service = HttpService::new(service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(text("[]")) }));
    let service = service.layer(layer.clone());
    for uri in [USERS, USER, GROUP] {
        service.send(get(uri)).await.unwrap();
    }
    layer.invalidate(&USER.parse().unwrap()).await;
    assert_eq!(store.map().len(), 1);
    service.send(get(USER)).await.unwrap();
    // Sent, but not received.
    store.behave(Manners::Failing("full"));
    layer.invalidate(&USER.parse().unwrap()).await;
    store.behave(Manners::Honest);
    let status = |response: Response<Body>| CacheStatus::of(response.extensions());
    assert_eq!(
        status(service.send(get(USER)).await.unwrap()),
        Some(CacheStatus::Bypass)
    );
    assert!(matches!(
        status(service.send(get(GROUP)).await.unwrap()),
        Some(CacheStatus::Hit { .. })
    ));
}

#[tokio::test]
async fn a_write_waits_for_nothing_that_reads() {
    let service = HttpService::new(service_fn(|request: Request<Body>| async move {
        if request.method() == Method::GET {
            pending::<()>().await;
        }
        Ok::<_, BoxError>(text("{}"))
    }))
    .layer(layer(MapStore::default()).time_to_live(TIME_TO_LIVE));
    let reader = service.clone();
    let read = tokio::spawn(async move { reader.send(get(USER)).await });
    settle().await;
    service.send(post(USER)).await.unwrap();
    read.abort();
}
