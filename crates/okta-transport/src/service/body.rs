use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use sync_wrapper::SyncWrapper;
use tower::BoxError;

use super::downcast::downcast_owned;

/// The body of a request or a response: either whole in memory or a stream.
///
/// A whole body can be sent again ([`try_clone`](Self::try_clone)), which is what a repeated attempt needs; a stream can
/// be sent once. Every body is `Send + Sync`, so that a middleware may hold a `&Request<Body>` across an `.await`.
///
/// ```
/// use okta_transport::Body;
///
/// let body = Body::from(r#"{"profile":{}}"#);
/// assert_eq!(body.as_bytes().map(|bytes| bytes.len()), Some(14));
/// assert!(body.try_clone().is_some());
/// ```
pub struct Body(Kind);

enum Kind {
    Full(Bytes),
    Stream(Stream),
}

/// A stream that cannot be looked at while it is shared (it need not be `Sync`), so what it says about its length is
/// kept beside it.
struct Stream {
    frames: SyncWrapper<UnsyncBoxBody<Bytes, BoxError>>,
    size_hint: SizeHint,
    ended: bool,
}

impl Body {
    /// A body without a byte.
    pub const fn empty() -> Self {
        Self(Kind::Full(Bytes::new()))
    }

    /// Takes any body. One that is whole in memory stays so (and stays clonable), and a `Body` is never boxed twice.
    pub fn new<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut slot = Some(body);
        if let Some(body) = downcast_owned(&mut slot) {
            return body;
        }
        if let Some(full) = downcast_owned::<Full<Bytes>>(&mut slot) {
            return Self::from_full(full);
        }
        slot.map_or_else(Self::empty, Self::stream)
    }

    /// `Full` gives its bytes away only as a frame, which it has ready at once.
    fn from_full(mut full: Full<Bytes>) -> Self {
        match Pin::new(&mut full).poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(Ok(frame))) => Self(Kind::Full(frame.into_data().unwrap_or_default())),
            _ => Self::empty(),
        }
    }

    fn stream<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        if body.is_end_stream() {
            return Self::empty();
        }
        Self(Kind::Stream(Stream {
            size_hint: body.size_hint(),
            ended: false,
            frames: SyncWrapper::new(body.map_err(Into::into).boxed_unsync()),
        }))
    }

    /// A second body with the same bytes, which are shared, or `None` for a stream.
    pub fn try_clone(&self) -> Option<Self> {
        self.as_bytes().cloned().map(Self::from)
    }

    /// The bytes (those not yet read), or `None` for a stream.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Kind::Full(bytes) => Some(bytes),
            Kind::Stream(_) => None,
        }
    }

    /// Reads the body to its end.
    ///
    /// # Errors
    ///
    /// What the stream fails with, for example when the connection breaks or a timeout passes while the body arrives.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the body: what was read so far is gone.
    pub async fn collect(self) -> Result<Bytes, BoxError> {
        match self.0 {
            Kind::Full(bytes) => Ok(bytes),
            Kind::Stream(stream) => Ok(stream.frames.into_inner().collect().await?.to_bytes()),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Kind::Full(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Full(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Stream(stream) => {
                let frames = stream.frames.get_mut();
                let frame = ready!(Pin::new(&mut *frames).poll_frame(context));
                stream.size_hint = frames.size_hint();
                stream.ended = frame.is_none() || frames.is_end_stream();
                Poll::Ready(frame)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Full(bytes) => bytes.is_empty(),
            Kind::Stream(stream) => stream.ended,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Stream(stream) => stream.size_hint,
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

/// Shows the length only: a body may contain a password or a token.
impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Full(bytes) => write!(formatter, "Body({} bytes)", bytes.len()),
            Kind::Stream(Stream { size_hint, .. }) => match size_hint.exact() {
                Some(length) => write!(formatter, "Body(stream of {length} bytes)"),
                None => formatter.write_str("Body(stream)"),
            },
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Full(bytes))
    }
}

impl From<()> for Body {
    fn from((): ()) -> Self {
        Self::empty()
    }
}

macro_rules! from_bytes {
    ($($source:ty),+) => {$(
        impl From<$source> for Body {
            fn from(source: $source) -> Self {
                Self::from(Bytes::from(source))
            }
        }
    )+};
}

from_bytes!(Vec<u8>, String, &'static str, &'static [u8]);

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;
    use http_body_util::{Empty, StreamBody};

    use super::*;

    fn stream_of(chunks: &'static [&'static str]) -> Body {
        let frames = chunks
            .iter()
            .map(|chunk| Ok::<_, BoxError>(Frame::data(Bytes::from(*chunk))));
        Body::new(StreamBody::new(stream::iter(frames)))
    }

    /// A body that knows its length and may not be shared between threads.
    struct NotSync(Option<Bytes>, std::cell::Cell<()>);

    impl http_body::Body for NotSync {
        type Data = Bytes;
        type Error = Infallible;
        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
        }
        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.0.as_ref().map_or(0, Bytes::len) as u64)
        }
        fn is_end_stream(&self) -> bool {
            self.0.is_none()
        }
    }

    #[test]
    fn bodies_may_be_shared_between_threads() {
        fn shared<T: Send + Sync + Unpin>() {}
        shared::<Body>();
    }

    #[tokio::test]
    async fn a_whole_body_can_be_sent_again_and_a_stream_cannot() {
        let body = Body::from("again");
        assert_eq!(body.try_clone().unwrap().collect().await.unwrap(), "again");
        assert_eq!(body.collect().await.unwrap(), "again");

        let stream = stream_of(&["once, ", "in pieces"]);
        assert!(stream.try_clone().is_none());
        assert!(stream.as_bytes().is_none());
        assert_eq!(stream.collect().await.unwrap(), "once, in pieces");
    }

    #[test]
    fn a_body_whole_in_memory_stays_whole_whatever_its_type() {
        let bytes = |body: Body| body.as_bytes().cloned();
        assert_eq!(bytes(Body::new(Body::from("x"))).unwrap(), "x");
        assert_eq!(bytes(Body::new(Full::new(Bytes::from_static(b"x")))).unwrap(), "x");
        assert_eq!(bytes(Body::new(Full::new(Bytes::new()))).unwrap(), "");
        assert_eq!(bytes(Body::new(Empty::new())).unwrap(), "");
        assert_eq!(bytes(Body::from(vec![b'x'])).unwrap(), "x");
        assert_eq!(bytes(Body::from(String::from("x"))).unwrap(), "x");
        assert_eq!(bytes(Body::from(())).unwrap(), "");
    }

    #[tokio::test]
    async fn what_a_stream_says_about_its_length_is_passed_on_and_follows_it() {
        let mut body = Body::new(NotSync(Some(Bytes::from_static(b"abc")), std::cell::Cell::new(())));
        assert_eq!(body.size_hint().exact(), Some(3));
        assert!(!body.is_end_stream());
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "abc");
        assert_eq!(body.size_hint().exact(), Some(0));
        assert!(body.is_end_stream());
        assert!(body.frame().await.is_none());
    }

    #[tokio::test]
    async fn a_stream_fails_with_its_own_error() {
        let broken = stream::iter([Err::<Frame<Bytes>, BoxError>("the line is dead".into())]);
        let error = Body::new(StreamBody::new(broken)).collect().await.unwrap_err();
        assert_eq!(error.to_string(), "the line is dead");
    }

    #[test]
    fn debug_shows_lengths_only() {
        assert_eq!(format!("{:?}", Body::from("canary")), "Body(6 bytes)");
        assert_eq!(format!("{:?}", stream_of(&["canary"])), "Body(stream)");
    }
}
