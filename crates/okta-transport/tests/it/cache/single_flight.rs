//! Calls for the same at the same time send one request, and none of them depends on another.

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, future::join_all, stream};
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_transport::{
    Body, BoxError, CallOptions, HttpService,
    cache::{CacheMode, CacheStatus},
    causes,
    retry::FailureKind,
};
use tokio::{
    sync::{Semaphore, mpsc},
    task::{JoinHandle, yield_now},
};
use tower::service_fn;

use super::{Played, layer, played, stores::MapStore, text};
use crate::{USERS, get, settle};

/// A transport that takes its time, with a response in three pieces that takes its time too, and how often it was asked.
fn slow_transport() -> (HttpService, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let service = HttpService::new(service_fn(move |_: Request<Body>| {
        counter.fetch_add(1, Ordering::Relaxed);
        async {
            yield_now().await;
            let pieces = stream::iter(["[", "1", "]"]).then(|piece| async move {
                yield_now().await;
                Ok::<_, Infallible>(Frame::data(Bytes::from(piece)))
            });
            Ok::<_, BoxError>(Response::new(StreamBody::new(Box::pin(pieces))))
        }
    }));
    (service, asked)
}

/// Sends and reads to the end.
async fn whole(service: HttpService) -> (CacheStatus, Bytes) {
    let response = service.send(get(USERS)).await.unwrap();
    let status = CacheStatus::of(response.extensions()).unwrap();
    (status, response.into_body().collect().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stampede_sends_one_request() {
    let (transport, asked) = slow_transport();
    let service = transport.layer(layer(MapStore::default()));
    let calls = join_all((0..64).map(|_| tokio::spawn(whole(service.clone())))).await;
    let answers: Vec<_> = calls.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|(_, body)| body == "[1]"));
    let misses = answers
        .iter()
        .filter(|(status, _)| *status == CacheStatus::Miss)
        .count();
    assert_eq!((misses, asked.load(Ordering::Relaxed)), (1, 1));
}

#[tokio::test]
async fn clones_of_a_layer_are_one() {
    let (transport, asked) = slow_transport();
    let layer = layer(MapStore::default());
    let (one, two) = (transport.clone().layer(layer.clone()), transport.layer(layer));
    tokio::join!(whole(one), whole(two));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

/// Polls a future this often and drops it. Returns true if it had completed.
async fn interrupted(future: impl Future, polls: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        if poll_fn(|context| Poll::Ready(future.as_mut().poll(context)))
            .await
            .is_ready()
        {
            return true;
        }
        yield_now().await;
    }
    false
}

#[tokio::test]
async fn whenever_the_first_one_is_dropped_the_others_are_answered() {
    for store in [MapStore::default, MapStore::remote] {
        interrupt_at_each_poll(store).await;
    }
}

async fn interrupt_at_each_poll(store: fn() -> MapStore) {
    let mut polls = 0;
    loop {
        let (transport, asked) = slow_transport();
        let service = transport.layer(layer(store()));
        let mut leader = Box::pin(whole(service.clone()));
        // It is the first if it is polled at all.
        let finished = interrupted(&mut leader, polls.min(1)).await;
        assert!(!finished);
        let followers: Vec<_> = (0..3).map(|_| tokio::spawn(whole(service.clone()))).collect();
        let finished = interrupted(leader, polls.saturating_sub(1)).await;
        for answer in join_all(followers).await {
            assert_eq!(answer.unwrap().1, "[1]", "dropped after {polls} polls");
        }
        let expected = if finished || polls == 0 { 1..=1 } else { 1..=2 };
        let asked = asked.load(Ordering::Relaxed);
        assert!(expected.contains(&asked), "dropped after {polls} polls, sent {asked}");
        if finished {
            break;
        }
        polls += 1;
    }
    assert!(polls > 3, "there was nothing to interrupt");
}

#[tokio::test]
async fn whoever_follows_can_be_dropped() {
    let mut played = played();
    let leader = start(&played);
    let (_, respond) = played.transport.next_request().await.unwrap();
    let follower = start(&played);
    let other = start(&played);
    settle().await;
    follower.abort();
    settle().await;
    respond.send_response(text("[]"));
    for call in [leader, other] {
        assert_eq!(call.await.unwrap().unwrap().1, "[]");
    }
}

fn start(played: &Played) -> JoinHandle<Result<(Option<CacheStatus>, Bytes), BoxError>> {
    let service = played.service.clone();
    tokio::spawn(async move {
        let response = service.send(get(USERS)).await?;
        let status = CacheStatus::of(response.extensions());
        Ok((status, response.into_body().collect().await?))
    })
}

#[tokio::test]
async fn f18_after_an_error_one_of_those_who_wait_leads() {
    let mut played = played();
    let first = start(&played);
    let (_, respond) = played.transport.next_request().await.unwrap();
    let others = [start(&played), start(&played)];
    settle().await;
    respond.send_error("the line is dead");
    assert_eq!(first.await.unwrap().unwrap_err().to_string(), "the line is dead");
    let (_, one) = played.transport.next_request().await.unwrap();
    settle().await;
    one.send_response(text("1"));
    for call in others {
        assert_eq!(call.await.unwrap().unwrap().1, "1");
    }
}

#[tokio::test]
async fn f18_a_second_error_is_that_of_all_who_wait() {
    let mut played = played();
    let first = start(&played);
    let (_, respond) = played.transport.next_request().await.unwrap();
    let others = [start(&played), start(&played), start(&played)];
    settle().await;
    respond.send_error(io::Error::from(io::ErrorKind::ConnectionReset));
    assert!(first.await.unwrap().is_err());
    let (_, second) = played.transport.next_request().await.unwrap();
    settle().await;
    second.send_error(io::Error::from(io::ErrorKind::ConnectionReset));
    for call in others {
        let error = call.await.unwrap().unwrap_err();
        assert!(causes::find::<io::Error>(&*error).is_some(), "{error}");
        assert_eq!(FailureKind::of(&*error), FailureKind::Interrupted);
    }
}

/// A transport that answers with this status, and the largest number of requests that it had at a time.
fn failing_transport(status: StatusCode) -> (HttpService, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let (now, most, all) = <(Arc<AtomicUsize>, Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
    let (most_seen, all_seen) = (most.clone(), all.clone());
    let service = HttpService::new(service_fn(move |_: Request<Body>| {
        let (now, most, all) = (now.clone(), most.clone(), all.clone());
        async move {
            all.fetch_add(1, Ordering::Relaxed);
            most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            for _ in 0..1000 {
                yield_now().await;
            }
            now.fetch_sub(1, Ordering::Relaxed);
            let mut response = text("failed");
            *response.status_mut() = status;
            Ok::<_, BoxError>(response)
        }
    }));
    (service, most_seen, all_seen)
}

#[tokio::test]
async fn f18_a_hundred_equal_reads_of_a_failing_org() {
    for status in [500, 503, 429, 404, 403] {
        let status = StatusCode::from_u16(status).unwrap();
        let (transport, most, all) = failing_transport(status);
        let service = transport.layer(layer(MapStore::default()));
        let calls = (0..100).map(|_| {
            let service = service.clone();
            tokio::spawn(async move {
                let response = service.send(get(USERS)).await.unwrap();
                (response.status(), response.into_body().collect().await.unwrap())
            })
        });
        for call in join_all(calls).await {
            assert_eq!(call.unwrap(), (status, Bytes::from_static(b"failed")));
        }
        let (most, all) = (most.load(Ordering::Relaxed), all.load(Ordering::Relaxed));
        assert_eq!((most, all), (1, 2), "{status}");
        // It was shared, not stored.
        assert_eq!(service.send(get(USERS)).await.unwrap().status(), status);
        assert!(CacheStatus::of(service.send(get(USERS)).await.unwrap().extensions()) == Some(CacheStatus::Miss));
    }
}

/// Whichever of those who wait is the next to lead: if it is held without being polled, the others do not wait for it.
#[tokio::test]
async fn f18_a_next_leader_that_is_never_polled_blocks_no_other() {
    let mut played = played();
    let first = start(&played);
    let (_, respond) = played.transport.next_request().await.unwrap();
    let mut held: Vec<_> = (0..3).map(|_| Box::pin(whole(played.service.clone()))).collect();
    for call in &mut held {
        assert!(!interrupted(call, 1).await);
    }
    let polled = start(&played);
    settle().await;
    respond.send_error("the line is dead");
    first.await.unwrap().unwrap_err();
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(text("[]"));
    assert_eq!(polled.await.unwrap().unwrap().1, "[]");
    for call in held {
        assert_eq!(call.await.1, "[]");
    }
}

/// The next leader is polled once, as its request goes out, and then left.
#[tokio::test]
async fn f18_a_next_leader_that_is_polled_once_blocks_no_other() {
    let mut played = played();
    let first = start(&played);
    let (_, respond) = played.transport.next_request().await.unwrap();
    let mut held = Box::pin(whole(played.service.clone()));
    assert!(!interrupted(&mut held, 1).await);
    respond.send_error("the line is dead");
    first.await.unwrap().unwrap_err();
    assert!(!interrupted(&mut held, 1).await);
    let polled = [start(&played), start(&played)];
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(text("[]"));
    for call in polled {
        assert_eq!(call.await.unwrap().unwrap().1, "[]");
    }
    assert_eq!(held.await.1, "[]");
}

#[tokio::test]
async fn a_body_that_breaks_off_lets_one_of_those_who_wait_lead() {
    let mut played = played();
    let first = start(&played);
    let (_, respond) = played.transport.next_request().await.unwrap();
    let others = [start(&played), start(&played)];
    settle().await;
    let pieces = stream::iter([Ok(Frame::data(Bytes::from("["))), Err("cut")]);
    respond.send_response(Response::new(Body::new(StreamBody::new(pieces))));
    first.await.unwrap().unwrap_err();
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(text("[]"));
    for call in others {
        assert_eq!(call.await.unwrap().unwrap().1, "[]");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_kept_is_not_shared() {
    let mut played = played();
    let first = start(&played);
    let (_, respond) = played.transport.next_request().await.unwrap();
    let second = start(&played);
    settle().await;
    let mut unavailable = text("unavailable");
    *unavailable.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    respond.send_response(unavailable);
    assert_eq!(first.await.unwrap().unwrap().1, "unavailable");
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(text("[]"));
    assert_eq!(second.await.unwrap().unwrap().1, "[]");
}

#[tokio::test]
async fn whoever_does_not_read_keeps_the_others_waiting_for_a_while_only() {
    let mut played = played();
    let service = played.service.clone();
    let first = tokio::spawn(async move { service.send(get(USERS)).await });
    let (_, respond) = played.transport.next_request().await.unwrap();
    let second = start(&played);
    settle().await;
    // Until the response is there, all wait.
    played.clock.advance(Duration::from_secs(3600));
    settle().await;
    respond.send_response(silent());
    let unread = first.await.unwrap().unwrap();
    settle().await;
    played.clock.advance(Duration::from_secs(5) - Duration::from_nanos(1));
    settle().await;
    assert!(!second.is_finished());
    played.clock.advance(Duration::from_nanos(1));
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(text("[]"));
    assert_eq!(second.await.unwrap().unwrap().1, "[]");
    drop(unread);
}

/// A call that is held but not polled, such as one in a buffer whose owner waits for something else.
#[tokio::test]
async fn a_call_that_is_not_polled_does_not_hold_up_the_others() {
    let mut played = played();
    let mut held = Box::pin(whole(played.service.clone()));
    assert!(!interrupted(&mut held, 1).await);
    let other = start(&played);
    // It has not got beyond the store by itself.
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(text("one"));
    assert_eq!(other.await.unwrap().unwrap().1, "one");
    assert_eq!(held.await, (CacheStatus::Miss, "one".into()));
}

fn silent() -> Response<Body> {
    let silent = StreamBody::new(stream::pending::<Result<Frame<Bytes>, Infallible>>());
    Response::new(Body::new(silent))
}

/// Each of them holds the others up for five seconds, one at a time takes over.
#[tokio::test]
async fn unread_responses_are_asked_for_by_one_call_at_a_time() {
    let mut played = played();
    let mut unread = Vec::new();
    let service = played.service.clone();
    let first = tokio::spawn(async move { service.send(get(USERS)).await });
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(silent());
    unread.push(first.await.unwrap().unwrap());
    let others: Vec<_> = (0..10).map(|_| start(&played)).collect();
    settle().await;
    played.clock.advance(Duration::from_secs(5));
    let (_, respond) = played.transport.next_request().await.unwrap();
    for_ever_without_a_request(&mut played).await;
    respond.send_response(text("[]"));
    for call in others {
        assert_eq!(call.await.unwrap().unwrap().1, "[]");
    }
}

async fn for_ever_without_a_request(played: &mut Played) {
    tokio::select! {
        biased;
        _ = played.transport.next_request() => panic!("a second request"),
        () = super::for_ever() => {}
    }
}

/// A long body that is read slowly causes no second request.
#[tokio::test]
async fn a_body_that_is_still_being_read_is_waited_for() {
    let mut played = played();
    let (pieces, body) = mpsc::unbounded_channel::<Frame<Bytes>>();
    let body = stream::unfold(body, |mut body| async move {
        Some((Ok::<_, Infallible>(body.recv().await?), body))
    });
    let first = start(&played);
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(Response::new(Body::new(StreamBody::new(Box::pin(body)))));
    let other = start(&played);
    for _ in 0..10 {
        settle().await;
        played.clock.advance(Duration::from_secs(3));
        pieces.send(Frame::data(Bytes::from("1"))).unwrap();
    }
    for_ever_without_a_request(&mut played).await;
    drop(pieces);
    assert_eq!(first.await.unwrap().unwrap().1, "1111111111");
    assert_eq!(other.await.unwrap().unwrap().1, "1111111111");
}

#[tokio::test]
async fn a_request_without_waiters_is_given_up() {
    let places = Arc::new(Semaphore::new(64));
    let transport = places.clone();
    let service = HttpService::new(service_fn(move |_: Request<Body>| {
        let place = transport.clone().acquire_owned();
        async move {
            let _on_its_way = place.await?;
            std::future::pending::<Result<Response<Body>, BoxError>>().await
        }
    }))
    .layer(layer(MapStore::default()));
    let calls = [(); 3].map(|()| tokio::spawn(whole(service.clone())));
    settle().await;
    assert_eq!(places.available_permits(), 63);
    for call in calls {
        call.abort();
    }
    settle().await;
    assert_eq!(places.available_permits(), 64);
}

#[tokio::test]
async fn whoever_asks_anew_does_not_take_an_answer_to_an_earlier_question() {
    let mut played = played();
    let first = start(&played);
    let (_, old) = played.transport.next_request().await.unwrap();
    let service = played.service.clone();
    let refreshing = tokio::spawn(async move {
        let mut request = get(USERS);
        request
            .extensions_mut()
            .insert(CallOptions::new().cache(CacheMode::Refresh));
        service.send(request).await
    });
    let (_, new) = played.transport.next_request().await.unwrap();
    new.send_response(text("new"));
    assert_eq!(refreshing.await.unwrap().unwrap().body().as_bytes().unwrap(), "new");
    old.send_response(text("old"));
    assert_eq!(first.await.unwrap().unwrap().1, "old");
}
