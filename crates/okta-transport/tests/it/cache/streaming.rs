//! A body passes through while it is recorded, and is kept only if it is complete.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Response};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::{BodyExt, StreamBody};
use okta_transport::{Body, BoxError, cache::CacheStatus};
use tokio::sync::mpsc;

use super::{Played, TIME_TO_LIVE, played, played_with, text};
use crate::{USERS, get};

type Frames = mpsc::UnboundedSender<Result<Frame<Bytes>, BoxError>>;

/// A body whose frames the test sends.
fn fed() -> (Frames, Body) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let frames = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|frame| (frame, receiver))
    });
    (sender, Body::new(StreamBody::new(Box::pin(frames))))
}

fn data(text: &'static str) -> Result<Frame<Bytes>, BoxError> {
    Ok(Frame::data(Bytes::from_static(text.as_bytes())))
}

/// The response to a call whose body the test feeds.
async fn begin(played: &mut Played) -> (Frames, Response<Body>) {
    let (frames, body) = fed();
    (frames, begin_with(played, Response::new(body)).await)
}

async fn begin_with(played: &mut Played, answer: Response<Body>) -> Response<Body> {
    let service = played.service.clone();
    let call = tokio::spawn(async move { service.send(get(USERS)).await });
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(answer);
    call.await.unwrap().unwrap()
}

async fn next(body: &mut Body) -> Bytes {
    body.frame().await.unwrap().unwrap().into_data().unwrap()
}

#[tokio::test]
async fn each_frame_passes_as_it_comes_and_the_whole_is_kept() {
    let mut played = played();
    let (frames, response) = begin(&mut played).await;
    assert_eq!(CacheStatus::of(response.extensions()), Some(CacheStatus::Miss));
    let mut body = response.into_body();
    frames.send(data("one, ")).unwrap();
    assert_eq!(next(&mut body).await, "one, ");
    assert!(played.store.map().is_empty(), "kept before it was complete");
    frames.send(data("two")).unwrap();
    assert_eq!(next(&mut body).await, "two");
    drop(frames);
    assert!(body.frame().await.is_none());
    assert!(body.is_end_stream());
    played.get(USERS, "never").await.is_hit("one, two");
}

/// A body that knows when it is at its end, as hyper's does with a `Content-Length`.
struct Counted(Vec<&'static str>);

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = (!self.0.is_empty()).then(|| Frame::data(Bytes::from_static(self.0.remove(0).as_bytes())));
        std::task::Poll::Ready(frame.map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|chunk| chunk.len() as u64).sum())
    }
}

#[tokio::test]
async fn whoever_stops_at_the_last_byte_has_it_kept_too() {
    let mut played = played();
    let answer = Response::builder()
        .header("content-length", 8)
        .body(Body::new(Counted(vec!["one, ", "two"])))
        .unwrap();
    let mut body = begin_with(&mut played, answer).await.into_body();
    assert_eq!(body.size_hint().exact(), Some(8));
    assert_eq!(next(&mut body).await, "one, ");
    assert!(!body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(3));
    assert_eq!(next(&mut body).await, "two");
    assert!(body.is_end_stream());
    drop(body);
    played.get(USERS, "never").await.is_hit("one, two");
}

#[tokio::test]
async fn a_body_that_is_dropped_is_not_kept() {
    let mut played = played();
    let (frames, response) = begin(&mut played).await;
    let mut body = response.into_body();
    frames.send(data("half")).unwrap();
    next(&mut body).await;
    drop(body);
    assert!(played.store.map().is_empty());
    played.get(USERS, "two").await.was_sent(CacheStatus::Miss, "two");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_kept_and_fails_as_it_did() {
    let mut played = played();
    let (frames, response) = begin(&mut played).await;
    frames.send(data("half")).unwrap();
    frames.send(Err("the line is dead".into())).unwrap();
    let error = response.into_body().collect().await.unwrap_err();
    assert_eq!(error.to_string(), "the line is dead");
    assert!(played.store.map().is_empty());
    played.get(USERS, "two").await.was_sent(CacheStatus::Miss, "two");
}

#[tokio::test]
async fn a_body_that_is_shorter_than_announced_is_not_kept() {
    for whole in [true, false] {
        let mut played = played();
        let (frames, mut body) = fed();
        if whole {
            body = Body::from("half");
        } else {
            frames.send(data("half")).unwrap();
        }
        drop(frames);
        let answer = Response::builder().header("content-length", 8).body(body).unwrap();
        let response = begin_with(&mut played, answer).await;
        assert_eq!(response.into_body().collect().await.unwrap(), "half");
        assert!(played.store.map().is_empty());
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_passes_and_is_not_kept() {
    // What is said before and what turns out only while it comes.
    for announced in [Some(12), None] {
        let mut played = played_with(|layer| layer.max_body(11));
        let (frames, body) = fed();
        let mut answer = Response::new(body);
        announced.map(|length: u64| answer.headers_mut().insert("content-length", length.into()));
        let response = begin_with(&mut played, answer).await;
        for _ in 0..3 {
            frames.send(data("four")).unwrap();
        }
        drop(frames);
        assert_eq!(response.into_body().collect().await.unwrap(), "fourfourfour");
        assert!(played.store.map().is_empty());
    }
    let mut played = played_with(|layer| layer.max_body(12));
    played.get(USERS, "fourfourfour").await;
    played.get(USERS, "never").await.is_hit("fourfourfour");
}

#[tokio::test]
async fn a_body_with_trailers_passes_and_is_not_kept() {
    let mut played = played();
    let (frames, response) = begin(&mut played).await;
    frames.send(data("x")).unwrap();
    let trailers = HeaderMap::from_iter([(http::HeaderName::from_static("x-sum"), "1".parse().unwrap())]);
    frames.send(Ok(Frame::trailers(trailers))).unwrap();
    drop(frames);
    let collected = BodyExt::collect(response.into_body()).await.unwrap();
    assert_eq!(collected.trailers().unwrap()["x-sum"], "1");
    assert!(played.store.map().is_empty());
}

#[tokio::test]
async fn a_slow_reader_does_not_make_its_answer_younger() {
    let mut played = played();
    let (frames, response) = begin(&mut played).await;
    let body = response.into_body();
    played.clock.advance(TIME_TO_LIVE);
    frames.send(data("old")).unwrap();
    drop(frames);
    assert_eq!(body.collect().await.unwrap(), "old");
    played
        .exchange(get(USERS), text("new"))
        .await
        .was_sent(CacheStatus::Miss, "new");
}
