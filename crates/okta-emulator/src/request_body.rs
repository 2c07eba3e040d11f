//! The body of a request, read whole and up to a limit.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes, BytesMut};
use pin_project_lite::pin_project;

/// The most bytes that a request body may have: 10 MB.
pub(crate) const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// Why a body was not read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It broke off.
    Broken,
    /// It has, or announces, more than [`LARGEST_BODY`].
    TooLarge,
}

pin_project! {
    /// Reads a body to its end. A body that is too large is not read any further.
    pub(crate) struct Whole<B> {
        #[pin]
        body: B,
        read: BytesMut,
    }
}

impl<B: http_body::Body> Whole<B> {
    pub(crate) fn new(body: B) -> Self {
        Self {
            body,
            read: BytesMut::new(),
        }
    }
}

impl<B: http_body::Body> Future for Whole<B> {
    type Output = Result<Bytes, Unread>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if this.body.size_hint().lower() > (LARGEST_BODY - this.read.len()) as u64 {
            return Poll::Ready(Err(Unread::TooLarge));
        }
        loop {
            match ready!(this.body.as_mut().poll_frame(context)) {
                None => return Poll::Ready(Ok(std::mem::take(this.read).freeze())),
                Some(Err(_)) => return Poll::Ready(Err(Unread::Broken)),
                Some(Ok(frame)) => {
                    // Trailers say nothing here.
                    let Ok(mut data) = frame.into_data() else { continue };
                    if data.remaining() > LARGEST_BODY - this.read.len() {
                        return Poll::Ready(Err(Unread::TooLarge));
                    }
                    while data.has_remaining() {
                        let chunk = data.chunk();
                        this.read.extend_from_slice(chunk);
                        let length = chunk.len();
                        data.advance(length);
                    }
                }
            }
        }
    }
}
