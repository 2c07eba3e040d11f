//! A response body that keeps a permit until it has been read.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tower::BoxError;

use super::in_flight::InFlight;
use crate::service::body::Body;

/// A body that gives a permit back when it has ended, has failed, or is dropped.
struct PermitBody {
    body: Body,
    held: InFlight,
}

/// Keeps what the request still holds for as long as there is something to be read.
pub(super) fn hold(body: Body, held: InFlight) -> Body {
    Body::new(PermitBody { body, held })
}

impl http_body::Body for PermitBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) || self.body.is_end_stream() {
            self.held.give_back();
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

impl Drop for PermitBody {
    fn drop(&mut self) {
        self.held.give_back();
    }
}
