//! A response body that keeps a permit until it has been read.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tower::BoxError;

use super::in_flight::OnItsWay;
use crate::service::body::Body;

/// A body that gives a permit back when it has ended, has failed, or is dropped.
struct HeldBody {
    body: Body,
    held: OnItsWay,
}

/// Keeps what the request still holds for as long as there is something to be read.
pub(super) fn hold(body: Body, held: OnItsWay) -> Body {
    Body::new(HeldBody { body, held })
}

impl http_body::Body for HeldBody {
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

impl Drop for HeldBody {
    fn drop(&mut self) {
        self.held.give_back();
    }
}
