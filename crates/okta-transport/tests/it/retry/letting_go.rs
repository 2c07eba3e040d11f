//! A refused attempt holds nothing while the next one is waited for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Response};
use http_body::{Frame, SizeHint};
use okta_transport::{Body, BoxError, retry::RetryLayer};
use tower::{Layer, ServiceBuilder, ServiceExt};

use super::{SECOND, Script, request};
use crate::{manual_clock::ManualClock, settle};

/// A body that says how long it is and shows how much of it was read and when it was let go.
struct Watched {
    length: Option<u64>,
    frames: u32,
    stalls: bool,
    read: Arc<AtomicU32>,
    gone: Arc<AtomicBool>,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.frames == 0 {
            return if self.stalls { Poll::Pending } else { Poll::Ready(None) };
        }
        self.frames -= 1;
        self.read.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map(SizeHint::with_exact).unwrap_or_default()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
    }
}

/// Sends a request that is refused with such a body. Returns how much was read, whether it is gone once the call waits, and
/// after which further time it is.
async fn refused_with(length: Option<u64>, stalls: bool) -> (u32, bool, Duration) {
    let (read, gone) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let body = Watched {
        length,
        frames: 5,
        stalls,
        read: Arc::clone(&read),
        gone: Arc::clone(&gone),
    };
    let response = Response::builder()
        .status(429)
        .header("retry-after", "30")
        .body(Body::new(body));
    let script = Script::default().then(response.unwrap());
    let clock = ManualClock::new();
    let service = RetryLayer::new().clock(Arc::new(clock.clone())).layer(script.clone());
    let call = tokio::spawn(service.oneshot(request(Method::GET)));
    settle().await;
    let gone_at_once = gone.load(Ordering::Relaxed);
    let mut after = Duration::ZERO;
    while !gone.load(Ordering::Relaxed) {
        clock.advance(SECOND / 2);
        after += SECOND / 2;
        settle().await;
    }
    assert_eq!(script.count(), 1, "the wait was not over");
    // The reading is part of the wait.
    clock.advance(30 * SECOND - Duration::from_nanos(1) - after);
    settle().await;
    assert_eq!(script.count(), 1);
    clock.advance(SECOND);
    settle().await;
    assert!(call.is_finished(), "the delay is longer than the server asked for");
    assert!(call.await.unwrap().unwrap().status().is_success());
    (read.load(Ordering::Relaxed), gone_at_once, after)
}

#[tokio::test]
async fn a_short_body_is_read_before_the_wait_so_that_its_connection_serves_again() {
    assert_eq!(refused_with(Some(5), false).await, (5, true, Duration::ZERO));
}

#[tokio::test]
async fn a_body_that_is_long_or_of_unknown_length_is_dropped_before_the_wait() {
    assert_eq!(refused_with(Some(1 << 20), false).await, (0, true, Duration::ZERO));
    assert_eq!(refused_with(None, false).await, (0, true, Duration::ZERO));
}

#[tokio::test]
async fn a_body_that_stalls_is_dropped_after_a_second() {
    assert_eq!(refused_with(Some(9), true).await, (5, false, SECOND));
}

#[tokio::test]
async fn a_place_in_a_limit_below_is_free_while_another_call_waits() {
    let clock = ManualClock::new();
    let script = Script::default().then((429, [("retry-after", "30")]));
    let service = ServiceBuilder::new()
        .layer(RetryLayer::new().clock(Arc::new(clock.clone())))
        .concurrency_limit(1)
        .service(script.clone());
    let waiting = tokio::spawn(service.clone().oneshot(request(Method::GET)));
    settle().await;
    assert_eq!(script.count(), 1);
    let other = tokio::spawn(service.oneshot(request(Method::GET)));
    settle().await;
    assert!(other.is_finished(), "the only place is held");
    assert!(!waiting.is_finished());
    clock.advance(32 * SECOND);
    settle().await;
    assert!(waiting.is_finished());
    assert!(waiting.await.unwrap().unwrap().status().is_success());
}
