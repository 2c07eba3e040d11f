//! What keeps a server from filling up: how many connections there are, and how long an idle one stays open.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::Response;
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::{
    base::in_flight::{InFlight, Permit},
    body::Body,
    server::timer,
};

/// The most connections at a time; one more is closed as soon as it is accepted.
pub(super) const MOST_CONNECTIONS: usize = 2_048;

/// How long a connection without a request stays open, at least.
const IDLE: Duration = Duration::from_secs(60);

/// How long a client may take to send the head of a request over HTTP/1.1.
pub(super) const HEAD: Duration = Duration::from_secs(30);

/// What happens on one connection; clones count together.
#[derive(Clone, Default)]
pub(super) struct Activity {
    /// Requests that are being handled, their responses included.
    open: InFlight,
    /// How many requests there were.
    begun: Arc<AtomicU64>,
}

impl Activity {
    /// Counts a request until the permit is dropped.
    pub(super) fn begin(&self) -> Permit {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.open.begin()
    }

    /// Ends once the connection was idle for long enough.
    pub(super) async fn idle(&self) {
        self.idle_for(|| timer::wait(IDLE)).await;
    }

    async fn idle_for<F: Future<Output = ()>>(&self, mut interval: impl FnMut() -> F) {
        loop {
            let state = || (self.open.count(), self.begun.load(Ordering::Relaxed));
            let before = state();
            interval().await;
            if before.0 == 0 && state() == before {
                return;
            }
        }
    }
}

pin_project! {
    /// A response's body, which keeps its request counted until it was sent.
    pub(super) struct Counted {
        #[pin]
        body: Body,
        permit: Permit,
    }
}

impl Counted {
    pub(super) fn response(response: Response<Body>, permit: Permit) -> Response<Self> {
        response.map(|body| Self { body, permit })
    }
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.project().body.poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_is_idle_after_an_interval_without_a_request() {
        let activity = Activity::default();
        let mut open = Some(activity.begin());
        let mut intervals = 0;
        activity
            .idle_for(|| {
                intervals += 1;
                match intervals {
                    // The request of the first interval ends in the second, and another one comes and goes in the third.
                    2 => drop(open.take()),
                    3 => drop(activity.begin()),
                    _ => {}
                }
                std::future::ready(())
            })
            .await;
        assert_eq!(intervals, 4);
    }
}
