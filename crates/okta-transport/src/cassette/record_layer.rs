use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, util::Oneshot};

use super::{
    exchange::{Exchange, RecordedResponse},
    recorder::Tape,
    redaction::{Redaction, Unreadable},
};
use crate::{request::operation::OperationRef, sanitize::secret_segments::hide_segments, service::body::Body};

/// A longer body is passed on as every other, but not recorded: a test does not need it, and memory would hold it.
const LONGEST_BODY: usize = 16 * 1024 * 1024;

/// Records what passes through it: made by [`Recorder::layer`](crate::cassette::Recorder::layer).
///
/// It changes no call and fails none. Bodies that stream go on streaming, and are recorded once they have ended. What
/// cannot be recorded (no response, a body that was not read to its end, or one of more than 16 MiB) is named by
/// [`Recorder::finish`](crate::cassette::Recorder::finish).
#[derive(Clone, Debug)]
pub struct RecordLayer(Arc<Tape>);

impl RecordLayer {
    pub(super) fn new(tape: Arc<Tape>) -> Self {
        Self(tape)
    }
}

impl<S> Layer<S> for RecordLayer {
    type Service = Record<S>;

    fn layer(&self, inner: S) -> Record<S> {
        Record {
            inner,
            tape: Arc::clone(&self.0),
        }
    }
}

/// The service of [`RecordLayer`].
#[derive(Clone, Debug)]
pub struct Record<S> {
    inner: S,
    tape: Arc<Tape>,
}

impl<S, B, C> Service<Request<B>> for Record<S>
where
    S: Service<Request<Body>, Response = Response<C>> + Clone,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = RecordFuture<S>;

    /// Always ready: the inner service is waited for once there is a request.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let request = request.map(Body::new);
        let sent = Arc::new(Mutex::new(Heard::default()));
        let open = Open {
            place: self
                .tape
                .begin(format!("{} {}", request.method(), hide_segments(request.uri().path()))),
            tape: Arc::clone(&self.tape),
            method: request.method().clone(),
            uri: request.uri().clone(),
            operation: OperationRef::of(request.extensions()).map(|operation| operation.id),
            headers: request.headers().clone(),
            sent: Arc::clone(&sent),
            done: false,
        };
        RecordFuture {
            call: Oneshot::new(
                self.inner.clone(),
                request.map(|body| listen(body, Listener::Request(sent))),
            ),
            open: Some(open),
        }
    }
}

pin_project! {
    /// The future of [`Record`].
    #[derive(Debug)]
    pub struct RecordFuture<S>
    where
        S: Service<Request<Body>>,
    {
        #[pin]
        call: Oneshot<S, Request<Body>>,
        open: Option<Open>,
    }
}

impl<S, C> Future for RecordFuture<S>
where
    S: Service<Request<Body>, Response = Response<C>>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let outcome = ready!(this.call.poll(context)).map(|response| response.map(Body::new));
        let open = this.open.take();
        Poll::Ready(match (outcome, open) {
            (Ok(response), Some(open)) => {
                let (parts, body) = response.into_parts();
                let listener = Listener::Response(Box::new(Answered {
                    open,
                    status: parts.status,
                    headers: parts.headers.clone(),
                    heard: Heard::default(),
                }));
                Ok(Response::from_parts(parts, listen(body, listener)))
            }
            (outcome, open) => {
                if let Some(open) = open {
                    open.skip("no response was received");
                }
                outcome
            }
        })
    }
}

/// An exchange that has begun. One that is dropped was cancelled.
#[derive(Debug)]
struct Open {
    place: usize,
    tape: Arc<Tape>,
    method: Method,
    uri: Uri,
    operation: Option<&'static str>,
    headers: HeaderMap,
    sent: Arc<Mutex<Heard>>,
    done: bool,
}

impl Open {
    fn skip(mut self, reason: &'static str) {
        self.done = true;
        self.tape.skip(self.place, reason);
    }

    fn exchange(
        &self,
        redaction: &Redaction,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Exchange, &'static str> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if !sent.ended {
            return Err("its request was not sent to the end, or is too long");
        }
        let request = redaction
            .request(&self.method, &self.uri, &self.headers, &sent.bytes)
            .map_err(
                |Unreadable| "the body of its request cannot be read (compressed, or no JSON), so no secret in it could be hidden",
            )?;
        let (headers, body) = redaction.response(&self.uri, headers, body).map_err(
            |Unreadable| "the body of its response cannot be read (compressed, or no JSON), so no secret in it could be hidden",
        )?;
        Ok(Exchange {
            operation: self.operation.map(str::to_owned),
            request,
            response: RecordedResponse {
                status: status.as_u16(),
                headers,
                body,
            },
        })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.done {
            self.tape.skip(self.place, "it was dropped before its end");
        }
    }
}

/// An exchange whose response is on its way.
#[derive(Debug)]
struct Answered {
    open: Open,
    status: StatusCode,
    headers: HeaderMap,
    heard: Heard,
}

impl Answered {
    fn complete(mut self) {
        self.open.done = true;
        let Self {
            open,
            status,
            headers,
            heard,
        } = &self;
        open.tape.complete(open.place, |redaction| {
            open.exchange(redaction, *status, headers, &heard.bytes)
        });
    }
}

/// What has passed of a body.
#[derive(Debug, Default)]
struct Heard {
    bytes: Vec<u8>,
    too_long: bool,
    ended: bool,
}

impl Heard {
    fn hear(&mut self, data: &[u8]) {
        self.too_long |= self.bytes.len().saturating_add(data.len()) > LONGEST_BODY;
        if self.too_long {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(data);
        }
    }

    fn end(&mut self) {
        self.ended = !self.too_long;
    }
}

/// Observes the frames of a body.
enum Listener {
    /// Sent while the response may already be there, so both ends of the exchange hold it.
    Request(Arc<Mutex<Heard>>),
    Response(Box<Answered>),
}

impl Listener {
    fn heard(&mut self, tell: impl FnOnce(&mut Heard)) {
        match self {
            Self::Request(heard) => tell(&mut heard.lock().unwrap_or_else(PoisonError::into_inner)),
            Self::Response(answered) => tell(&mut answered.heard),
        }
    }

    fn end(mut self) {
        self.heard(Heard::end);
        match self {
            Self::Response(answered) if answered.heard.ended => answered.complete(),
            Self::Response(answered) => answered.open.skip("its response is too long"),
            Self::Request(_) => {}
        }
    }
}

/// The same body, overheard. One that is whole in memory stays so.
fn listen(body: Body, mut listener: Listener) -> Body {
    if let Some(bytes) = body.as_bytes() {
        listener.heard(|heard| heard.hear(bytes));
        listener.end();
        return body;
    }
    Body::new(Overheard {
        inner: body,
        listener: Some(listener),
    })
}

struct Overheard {
    inner: Body,
    /// `None` once the body has ended or failed.
    listener: Option<Listener>,
}

impl http_body::Body for Overheard {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let frame = ready!(Pin::new(&mut this.inner).poll_frame(context));
        if let (Some(Ok(frame)), Some(listener)) = (&frame, &mut this.listener)
            && let Some(data) = frame.data_ref()
        {
            listener.heard(|heard| heard.hear(data));
        }
        let broken = matches!(frame, Some(Err(_)));
        if broken || frame.is_none() || this.inner.is_end_stream() {
            // A broken body is dropped before its end.
            if let Some(listener) = this.listener.take().filter(|_| !broken) {
                listener.end();
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
