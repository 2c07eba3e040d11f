//! The body of a response, which may come slowly, stop, or break off.

use std::{
    collections::VecDeque,
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::base::{
    clock::{Clock, Sleep},
    in_flight::Permit,
};

/// How many pieces a slow body comes in.
const PIECES: usize = 8;

/// The body of a response.
///
/// It comes whole and at once unless a [`Fault`](crate::Fault) was scripted. It announces its full length even where it will
/// break off, as a real answer does.
pub struct Body {
    steps: VecDeque<Step>,
    announced: u64,
    clock: Arc<dyn Clock>,
    wait: Option<Sleep>,
    /// The call is in flight until its body has been read or dropped.
    permit: Option<Permit>,
}

enum Step {
    Data(Bytes),
    Wait(Duration),
    /// Nothing more ever comes.
    Stall,
    /// What came so far is sent before anything else happens.
    Flush,
    /// The connection ends.
    Break,
}

/// How a body is delivered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Delivery {
    Whole,
    /// In pieces, with a pause before each.
    Slow(Duration),
    /// Half of it, and then nothing.
    Stalled,
    /// Half of it, and then an error.
    Truncated,
}

impl Body {
    pub(crate) fn new(bytes: Bytes, delivery: Delivery, clock: Arc<dyn Clock>, permit: Option<Permit>) -> Self {
        let announced = bytes.len() as u64;
        let half = bytes.slice(..bytes.len() / 2);
        let steps = match delivery {
            Delivery::Whole => VecDeque::from([Step::Data(bytes)]),
            Delivery::Slow(pause) => pieces(bytes)
                .flat_map(|piece| [Step::Wait(pause), Step::Data(piece)])
                .collect(),
            Delivery::Stalled => VecDeque::from([Step::Data(half), Step::Stall]),
            Delivery::Truncated => VecDeque::from([Step::Data(half), Step::Flush, Step::Break]),
        };
        let mut body = Self {
            steps,
            announced,
            clock,
            wait: None,
            permit,
        };
        body.skip_empty();
        body
    }

    /// Frames without data are not sent.
    fn skip_empty(&mut self) {
        while matches!(self.steps.front(), Some(Step::Data(bytes)) if bytes.is_empty()) {
            self.steps.pop_front();
        }
        if self.steps.is_empty() {
            self.permit = None;
        }
    }
}

fn pieces(mut bytes: Bytes) -> impl Iterator<Item = Bytes> {
    let size = bytes.len().div_ceil(PIECES);
    std::iter::from_fn(move || (!bytes.is_empty()).then(|| bytes.split_to(size.min(bytes.len()))))
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        loop {
            if let Some(wait) = &mut self.wait {
                ready!(wait.as_mut().poll(context));
                self.wait = None;
            }
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Data(bytes)) => {
                    self.announced = self.announced.saturating_sub(bytes.len() as u64);
                    self.skip_empty();
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Step::Wait(pause)) => self.wait = Some(self.clock.sleep(pause)),
                Some(Step::Stall) => {
                    self.steps.push_front(Step::Stall);
                    return Poll::Pending;
                }
                Some(Step::Flush) => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Step::Break) => {
                    self.permit = None;
                    let cut = io::Error::new(io::ErrorKind::UnexpectedEof, "the answer breaks off, as scripted");
                    return Poll::Ready(Some(Err(cut)));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("announced", &self.announced)
            .finish_non_exhaustive()
    }
}
