//! The place of a request among those that run at once, kept until its response has been read.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tower::BoxError;

use crate::Body;

/// A body that gives a permit back when it has ended, has failed, or is dropped.
struct Held {
    body: Body,
    permit: Option<OwnedSemaphorePermit>,
}

/// Keeps the permit for as long as there is something to come. A body that is whole in memory came already.
pub(super) fn hold(body: Body, permit: OwnedSemaphorePermit) -> Body {
    if body.as_bytes().is_some() {
        return body;
    }
    Body::new(Held {
        body,
        permit: Some(permit),
    })
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) || self.body.is_end_stream() {
            self.permit = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
