use std::{
    error::Error,
    fmt,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use async_compression::tokio::bufread;
use bytes::Bytes;
use futures_util::{
    Stream, StreamExt, TryFutureExt, TryStreamExt,
    future::Either,
    stream::{self, MapErr},
};
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body::Frame;
use http_body_util::{BodyDataStream, StreamBody};
use pin_project_lite::pin_project;
use tokio::io::{AsyncBufReadExt, AsyncRead};
use tokio_util::io::{ReaderStream, StreamReader};
use tower::{BoxError, Layer, Service};

use crate::service::body::Body;

/// Asks for compressed responses and decompresses them: JSON shrinks to about a tenth.
///
/// A request that says itself what it accepts goes as it is. A response is decompressed even if another layer asked for
/// the compression, unless its coding is none of those this crate was built with; one that is not compressed is left
/// alone. `Content-Encoding` and `Content-Length` of a decompressed response are gone.
///
/// A body that is damaged or cut short fails with a [`DecompressionError`].
///
/// Decompression goes piece by piece and needs little memory. A few kilobytes can expand to gigabytes, so limit what is
/// stored of a body: [`BufferBodyLayer`](crate::body::BufferBodyLayer) outside of this layer counts the decompressed bytes.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct DecompressionLayer;

impl DecompressionLayer {
    /// Decompresses with every coding this crate was built with.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for DecompressionLayer {
    type Service = Decompression<S>;

    fn layer(&self, inner: S) -> Decompression<S> {
        Decompression { inner }
    }
}

/// The service of [`DecompressionLayer`].
#[derive(Clone, Debug)]
pub struct Decompression<S> {
    inner: S,
}

impl<S, B, C> Service<Request<B>> for Decompression<S>
where
    S: Service<Request<B>, Response = Response<C>>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = DecompressionFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request
            .headers_mut()
            .entry(header::ACCEPT_ENCODING)
            .or_insert(HeaderValue::from_static(ACCEPTED));
        DecompressionFuture {
            response: self.inner.call(request),
        }
    }
}

pin_project! {
    /// The future of [`Decompression`].
    #[derive(Debug)]
    pub struct DecompressionFuture<F> {
        #[pin]
        response: F,
    }
}

impl<F, C, E> Future for DecompressionFuture<F>
where
    F: Future<Output = Result<Response<C>, E>>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.response.poll(context))?.map(Body::new);
        // The response to a HEAD, a 204 or a 304 has the header and no body.
        let is_empty = response.body().as_bytes().is_some_and(Bytes::is_empty);
        if let Some(coding) = Coding::of(response.headers()).filter(|_| !is_empty) {
            response.headers_mut().remove(header::CONTENT_ENCODING);
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response = response.map(|body| coding.decompressed(body));
        }
        Poll::Ready(Ok(response))
    }
}

macro_rules! codings {
    ($($(#[$enabled:meta])* $name:literal $(or $alias:literal)? => $coding:ident, $decoder:ident;)+) => {
        /// A coding of RFC 9110 §8.4.1 that this crate was built with.
        #[derive(Clone, Copy)]
        enum Coding { $($(#[$enabled])* $coding),+ }

        impl Coding {
            fn of(headers: &HeaderMap) -> Option<Self> {
                let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
                let (Some(value), None) = (values.next(), values.next()) else { return None };
                match value.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
                    $($(#[$enabled])* $name $(| $alias)? => Some(Self::$coding),)+
                    _ => None,
                }
            }

            const fn name(self) -> &'static str {
                match self {
                    $($(#[$enabled])* Self::$coding => $name),+
                }
            }

            fn decoder(self, compressed: Compressed) -> Box<dyn AsyncRead + Send + Unpin> {
                match self {
                    $($(#[$enabled])* Self::$coding => {
                        let mut decoder = bufread::$decoder::new(compressed);
                        decoder.multiple_members(true);
                        Box::new(decoder)
                    }),+
                }
            }
        }
    };
}

codings! {
    #[cfg(feature = "gzip")] "gzip" or "x-gzip" => Gzip, GzipDecoder;
    #[cfg(feature = "br")] "br" => Brotli, BrotliDecoder;
    #[cfg(feature = "zstd")] "zstd" => Zstd, ZstdDecoder;
}

/// The smallest first.
const ACCEPTED: &str = match (cfg!(feature = "zstd"), cfg!(feature = "br"), cfg!(feature = "gzip")) {
    (true, true, true) => "zstd, br, gzip",
    (true, true, false) => "zstd, br",
    (true, false, true) => "zstd, gzip",
    (true, false, false) => "zstd",
    (false, true, true) => "br, gzip",
    (false, true, false) => "br",
    (false, false, _) => "gzip",
};

/// Room for the bytes of one piece.
const PIECE: usize = 32 * 1024;

type Compressed = StreamReader<MapErr<BodyDataStream<Body>, fn(BoxError) -> io::Error>, Bytes>;

impl Coding {
    fn decompressed(self, body: Body) -> Body {
        let passed_on: fn(BoxError) -> io::Error = |error| io::Error::other(FromBelow(error));
        let mut compressed = StreamReader::new(BodyDataStream::new(body).map_err(passed_on));
        let frames = async move {
            // No decoder takes no bytes at all for a body without any.
            let is_empty = compressed
                .fill_buf()
                .await
                .map_err(|error| self.explained(error))?
                .is_empty();
            Ok(match is_empty {
                true => Either::Left(stream::empty()),
                false => Either::Right(self.pieces(compressed)),
            })
        };
        Body::new(StreamBody::new(frames.try_flatten_stream()))
    }

    fn pieces(self, compressed: Compressed) -> impl Stream<Item = Result<Frame<Bytes>, BoxError>> {
        ReaderStream::with_capacity(self.decoder(compressed), PIECE)
            .map(move |piece| piece.map(Frame::data).map_err(|error| self.explained(error)))
    }

    /// What the body below failed with stays as it is; everything else is about its bytes.
    fn explained(self, error: io::Error) -> BoxError {
        match error.downcast::<FromBelow>() {
            Ok(FromBelow(error)) => error,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.error(Fault::CutShort),
            Err(error) => self.error(Fault::Damaged(error)),
        }
    }

    fn error(self, fault: Fault) -> BoxError {
        let coding = self.name();
        DecompressionError { coding, fault }.into()
    }
}

/// Carries the error of a body through the reader, which knows errors of input and output only.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct FromBelow(BoxError);

/// The compressed body of a response cannot be read.
#[derive(Debug)]
pub struct DecompressionError {
    coding: &'static str,
    fault: Fault,
}

#[derive(Debug)]
enum Fault {
    CutShort,
    Damaged(io::Error),
}

impl DecompressionError {
    /// The coding of the body, such as `gzip`.
    #[must_use]
    pub fn coding(&self) -> &str {
        self.coding
    }

    /// Returns true if the bytes that came are damaged; false if their end is missing.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self.fault, Fault::Damaged(_))
    }
}

impl fmt::Display for DecompressionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the body of the response, compressed with {}, ", self.coding)?;
        match &self.fault {
            Fault::CutShort => formatter.write_str("was cut short: its end is missing"),
            Fault::Damaged(_) => formatter.write_str("is damaged and cannot be decompressed"),
        }
    }
}

impl Error for DecompressionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.fault {
            Fault::Damaged(error) => Some(error),
            Fault::CutShort => None,
        }
    }
}
