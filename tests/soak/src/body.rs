//! Bodies that arrive late, in pieces, or not to their end.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::Frame;
use tokio::time::{Sleep, sleep};

/// How the rest of a body behaves once its first half is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// The second half follows after a pause.
    Late,
    /// The connection breaks.
    Broken,
    /// Nothing follows, and nothing ends.
    Never,
}

/// A body in two halves.
pub(crate) struct Halves {
    first: Option<Bytes>,
    second: Option<Bytes>,
    ending: Ending,
    pause: Pin<Box<Sleep>>,
}

impl Halves {
    #[expect(clippy::disallowed_methods, reason = "the server runs by real time")]
    pub(crate) fn new(body: &Bytes, ending: Ending) -> Self {
        let middle = body.len() / 2;
        Self {
            first: Some(body.slice(..middle)),
            second: Some(body.slice(middle..)),
            ending,
            pause: Box::pin(sleep(Duration::from_millis(300))),
        }
    }
}

impl http_body::Body for Halves {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        match self.ending {
            Ending::Broken => Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
            Ending::Never => Poll::Pending,
            Ending::Late if self.second.is_none() => Poll::Ready(None),
            Ending::Late => {
                std::task::ready!(self.pause.as_mut().poll(context));
                Poll::Ready(self.second.take().map(|second| Ok(Frame::data(second))))
            }
        }
    }
}
