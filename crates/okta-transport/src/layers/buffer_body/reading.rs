//! The reading of one body.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Response, response::Parts};
use http_body::Body as _;
use okta_auth::{BoxFuture, Clock};
use tower::BoxError;

use super::{
    Plan,
    joined::{Joined, Size},
};
use crate::{
    error::response_body_error::{Cause, ResponseBodyError},
    service::body::Body,
};

/// An error response says the most important things with its status; its body is not waited for any longer.
const ERROR_PATIENCE: Duration = Duration::from_secs(5);
/// After so many pieces in a row, other tasks have their turn.
const PIECES_AT_ONCE: u32 = 128;

/// A response whose body is being read.
pub(super) struct Reading {
    parts: Parts,
    body: Body,
    joined: Joined,
    /// The largest number of bytes.
    limit: u64,
    size: Size,
    /// Ends the reading of an error response.
    patience: Option<BoxFuture<'static, ()>>,
}

/// How the reading of a body ended.
pub(super) enum End {
    /// It is all there.
    Whole,
    /// It has more bytes than the limit.
    TooLarge,
    /// It was waited for long enough.
    Late,
    /// It broke off.
    Broken(BoxError),
}

impl Reading {
    pub(super) fn new(response: Response<Body>, plan: &Plan) -> Self {
        let (parts, body) = response.into_parts();
        let limit = match parts.status.is_success() {
            true => plan.max_size,
            false => plan.max_error_size,
        };
        let announced = body.size_hint().upper();
        Self {
            size: Size {
                most: announced.map_or(limit, |announced| announced.min(limit)),
                is_announced: announced.is_some(),
            },
            limit,
            parts,
            body,
            joined: Joined::Nothing,
            patience: None,
        }
    }

    fn is_error(&self) -> bool {
        !self.parts.status.is_success()
    }

    pub(super) fn poll_end(&mut self, context: &mut Context<'_>, clock: &dyn Clock) -> Poll<End> {
        if !self.is_error() && self.body.size_hint().lower() > self.limit - self.len() {
            return Poll::Ready(End::TooLarge);
        }
        for _ in 0..PIECES_AT_ONCE {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Pending => return self.poll_patience(context, clock),
                Poll::Ready(None) => return Poll::Ready(End::Whole),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(End::Broken(error)),
                Poll::Ready(Some(Ok(frame))) => {
                    // Frames without data are trailers.
                    if let Ok(piece) = frame.into_data()
                        && !self.push(piece)
                    {
                        return Poll::Ready(End::TooLarge);
                    }
                    if self.body.is_end_stream() {
                        return Poll::Ready(End::Whole);
                    }
                }
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn len(&self) -> u64 {
        self.joined.len() as u64
    }

    /// Adds a piece, or as much of it as the limit allows; false if that is not all of it.
    fn push(&mut self, mut piece: Bytes) -> bool {
        let left = self.limit - self.len();
        let fits = piece.len() as u64 <= left;
        if !fits {
            piece.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        }
        self.joined.push(piece, self.size);
        fits
    }

    fn poll_patience(&mut self, context: &mut Context<'_>, clock: &dyn Clock) -> Poll<End> {
        if !self.is_error() {
            return Poll::Pending;
        }
        let patience = self.patience.get_or_insert_with(|| clock.sleep(ERROR_PATIENCE));
        patience.as_mut().poll(context).map(|()| End::Late)
    }

    pub(super) fn finish(self, end: End) -> Result<Response<Body>, BoxError> {
        let is_error = self.is_error();
        let cause = match end {
            End::Broken(error) if !is_error => Cause::Broken(error),
            End::TooLarge if !is_error => Cause::TooLarge(self.limit),
            End::Whole | End::Late | End::TooLarge | End::Broken(_) => {
                let body = Body::from(self.joined.into_bytes());
                return Ok(Response::from_parts(self.parts, body));
            }
        };
        let received = match cause {
            Cause::Broken(_) => self.joined.into_bytes(),
            Cause::TooLarge(_) => Bytes::new(),
        };
        Err(ResponseBodyError::new(self.parts.status, self.parts.headers, received, cause).into())
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reading")
            .field("status", &self.parts.status)
            .field("read", &self.joined.len())
            .finish_non_exhaustive()
    }
}
