//! Response bodies that are read whole, inside the attempt they belong to.

mod joined;
mod reading;

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service};

use okta_auth::Clock;
use reading::Reading;

use crate::{request::call_options::CallOptions, service::body::Body, time::clock::TokioClock};

/// The largest pages of the API have some megabytes.
const MAX_SIZE: u64 = 256 * 1024 * 1024;
/// Okta's errors have some kilobytes; the rest is for the HTML of a gateway.
const MAX_ERROR_SIZE: u64 = 1024 * 1024;

/// Reads the body of each response whole, so that it belongs to the attempt.
///
/// - A body that breaks off or stalls fails the attempt with a
///   [`ResponseBodyError`](crate::body::ResponseBodyError). A retry layer outside repeats it like a connection that broke
///   earlier.
/// - What an attempt holds (its connection, its HTTP/2 window, a permit of a layer outside) is free when the attempt
///   ends, whatever the caller does with the response.
/// - Memory is limited: a successful response may have 256 MiB, decompressed ([`max_size`](Self::max_size)). A larger
///   one is a [`ResponseBodyError`](crate::body::ResponseBodyError), and is not repeated.
/// - An error response stays a response: its body is cut after 1 MiB ([`max_error_size`](Self::max_error_size)), where it
///   breaks off, and 5 seconds after the reader first had to wait for it.
///
/// The memory in use is the size of the body; a body that arrives in one piece is not copied. A call that asks for a
/// stream ([`CallOptions::stream_body`]) gets its successful response unchanged.
///
/// Put it inside of the layers that repeat requests and that limit how many run at once, and outside of decompression and
/// the [`BodyIdleTimeoutLayer`](crate::timeout::BodyIdleTimeoutLayer).
///
/// # Cancel safety
///
/// Dropping the future drops the response and what was read of it.
///
/// ```
/// use http::{Request, Response};
/// use okta_transport::{Body, BoxError, body::{BufferBodyLayer, ResponseBodyError}};
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let service = ServiceBuilder::new()
///     .layer(BufferBodyLayer::new().max_size(10))
///     .service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(Response::new(Body::from("0123456789a"))) });
///
/// let error = service.oneshot(Request::get("https://acme.okta.com/").body(Body::empty())?).await.unwrap_err();
/// let error = error.downcast::<ResponseBodyError>()?;
/// assert_eq!(error.exceeds(), Some(10));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct BufferBodyLayer {
    max_size: u64,
    max_error_size: u64,
    clock: Arc<dyn Clock>,
}

impl BufferBodyLayer {
    /// Reads at most 256 MiB of a successful response and 1 MiB of an error response.
    #[must_use]
    pub fn new() -> Self {
        Self {
            max_size: MAX_SIZE,
            max_error_size: MAX_ERROR_SIZE,
            clock: Arc::new(TokioClock),
        }
    }

    /// Sets how many bytes the body of a successful response may have; `None` means no limit. The default is 256 MiB. A
    /// single call can have [its own limit](CallOptions::max_body_size).
    #[must_use]
    pub fn max_size(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.max_size = bytes.into().unwrap_or(u64::MAX);
        self
    }

    /// Sets how many bytes of the body of an error response are read; `None` means all. The rest is dropped. The
    /// default is 1 MiB. A single call can have [its own limit](CallOptions::max_error_body_size).
    #[must_use]
    pub fn max_error_size(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.max_error_size = bytes.into().unwrap_or(u64::MAX);
        self
    }

    /// For responses whose bodies are all as small as those of errors.
    pub(crate) fn for_small_bodies(mut self) -> Self {
        self.max_size = self.max_error_size;
        self
    }

    /// Takes the time from this clock instead of tokio's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}

impl Default for BufferBodyLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for BufferBodyLayer {
    type Service = BufferBody<S>;

    fn layer(&self, inner: S) -> BufferBody<S> {
        BufferBody {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`BufferBodyLayer`].
#[derive(Clone, Debug)]
pub struct BufferBody<S> {
    inner: S,
    layer: BufferBodyLayer,
}

impl<S, B, C> Service<Request<B>> for BufferBody<S>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BufferBodyFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (layer, extensions) = (&self.layer, request.extensions());
        let plan = Plan {
            max_size: CallOptions::max_body_size_of(extensions, layer.max_size),
            max_error_size: CallOptions::max_error_body_size_of(extensions, layer.max_error_size),
            streams: CallOptions::streams_body_of(extensions),
            clock: Arc::clone(&layer.clock),
        };
        BufferBodyFuture {
            response: Some(self.inner.call(request)),
            plan,
            reading: None,
        }
    }
}

/// What becomes of the body of one response.
#[derive(Debug)]
struct Plan {
    max_size: u64,
    max_error_size: u64,
    streams: bool,
    clock: Arc<dyn Clock>,
}

pin_project! {
    /// The future of [`BufferBody`].
    #[derive(Debug)]
    pub struct BufferBodyFuture<F> {
        // `None` once the response is there, so that the inner service releases what it holds.
        #[pin]
        response: Option<F>,
        plan: Plan,
        reading: Option<Reading>,
    }
}

impl<F, C, E> Future for BufferBodyFuture<F>
where
    F: Future<Output = Result<Response<C>, E>>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
    E: Into<BoxError>,
{
    type Output = Result<Response<Body>, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Some(response) = this.response.as_mut().as_pin_mut() {
            let response = ready!(response.poll(context)).map_err(Into::into)?.map(Body::new);
            this.response.set(None);
            if this.plan.streams && response.status().is_success() {
                return Poll::Ready(Ok(response));
            }
            *this.reading = Some(Reading::new(response, this.plan));
        }
        let Some(reading) = this.reading else {
            return Poll::Pending;
        };
        let end = ready!(reading.poll_end(context, &*this.plan.clock));
        Poll::Ready(match this.reading.take() {
            Some(reading) => reading.finish(end),
            None => return Poll::Pending,
        })
    }
}
