use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::SystemTime,
};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};
use http_body::{Body as _, Frame, SizeHint};
use okta_auth::BoxFuture;
use tower::BoxError;

use super::{
    entry::Entry, flight::SharedFailure, in_flight::ReadGuard, key::CacheKey, settings::Settings, store::VersionToken,
};
use crate::service::body::Body;

/// Caches a response when its body is complete, and gives it to all waiters.
pub(super) struct Recorder {
    pub(super) settings: Arc<Settings>,
    pub(super) read: ReadGuard,
    pub(super) key: CacheKey,
    /// `None` if the response is for the waiters only.
    pub(super) version: Option<VersionToken>,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) since: SystemTime,
}

impl Recorder {
    /// Records the body while it is read, or at once if it is in memory already.
    pub(super) async fn record(self, body: Body) -> Body {
        if body.size_hint().lower() > self.limit() || self.announced().is_some_and(|length| length > self.limit()) {
            self.give_up();
            return body;
        }
        self.read.reading();
        if let Some(bytes) = body.as_bytes() {
            self.complete(bytes.clone()).await;
            return body;
        }
        Body::new(Recording {
            inner: body,
            recorded: BytesMut::new(),
            held: None,
            state: State::Recording(Box::new(self)),
        })
    }

    fn limit(&self) -> u64 {
        u64::try_from(self.settings.max_body).unwrap_or(u64::MAX)
    }

    /// How long the body is to be.
    fn announced(&self) -> Option<u64> {
        self.headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// The response is not shared: after a failure one of those who wait leads, otherwise each of them asks for itself.
    fn give_up(self) {
        if self.status.is_success() {
            self.read.finish(None);
        } else {
            self.read.fail(None);
        }
    }

    async fn complete(self, body: Bytes) {
        let cut = self.announced().is_some_and(|length| length != body.len() as u64);
        if cut {
            return self.read.fail(None);
        }
        if body.len() > self.settings.max_body {
            return self.give_up();
        }
        let is_failure = !self.status.is_success();
        let entry = Entry {
            status: self.status,
            headers: self.headers,
            body,
            since: self.since,
        };
        if is_failure {
            self.read.fail(Some(SharedFailure::Response(Arc::new(entry))));
        } else {
            keep(&self.settings, self.read, &self.key, Arc::new(entry), self.version).await;
        }
    }
}

/// Caches an entry, unless a write has made it obsolete, and gives it to all waiters.
pub(super) async fn keep(
    settings: &Settings,
    read: ReadGuard,
    key: &CacheKey,
    entry: Arc<Entry>,
    version: Option<VersionToken>,
) {
    if let Some(version) = version
        && read.begin_storing()
    {
        // If it fails there is an event about it, and nothing else to do.
        let _ = settings.keep(key, &entry, version).await;
        read.stored();
    }
    read.finish(Some(entry));
}

/// A body that is cached when it has been read to its end. The end is reported after that, so that a following request
/// hits the cache.
struct Recording {
    inner: Body,
    recorded: BytesMut,
    /// The last frame, while the response is being stored.
    held: Option<Frame<Bytes>>,
    state: State,
}

enum State {
    Recording(Box<Recorder>),
    Keeping(BoxFuture<'static, ()>),
    /// Nothing more to do than to pass on what comes.
    Passing,
}

impl Recording {
    /// Records a frame. If the body will not be cached, the waiters send their own requests.
    fn note(&mut self, frame: Option<&Result<Frame<Bytes>, BoxError>>) {
        let State::Recording(recorder) = &self.state else {
            return;
        };
        recorder.read.read_on();
        let complete = match frame {
            None => true,
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref()
                    && self.recorded.len().saturating_add(data.len()) <= recorder.settings.max_body
                {
                    self.recorded.extend_from_slice(data);
                    self.inner.is_end_stream()
                } else {
                    // Too long, or with trailers, which are not cached.
                    return self.give_up();
                }
            }
            Some(Err(_)) => return self.break_off(),
        };
        if complete && let State::Recording(recorder) = std::mem::replace(&mut self.state, State::Passing) {
            let body = std::mem::take(&mut self.recorded).freeze();
            self.state = State::Keeping(Box::pin(recorder.complete(body)));
        }
    }

    fn break_off(&mut self) {
        self.recorded = BytesMut::new();
        if let State::Recording(recorder) = std::mem::replace(&mut self.state, State::Passing) {
            recorder.read.fail(None);
        }
    }

    fn give_up(&mut self) {
        self.recorded = BytesMut::new();
        if let State::Recording(recorder) = std::mem::replace(&mut self.state, State::Passing) {
            recorder.give_up();
        }
    }
}

impl http_body::Body for Recording {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if let State::Keeping(keeping) = &mut self.state {
                ready!(keeping.as_mut().poll(context));
                self.state = State::Passing;
                return Poll::Ready(self.held.take().map(Ok));
            }
            let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
            self.note(frame.as_ref());
            if !matches!(self.state, State::Keeping(_)) {
                return Poll::Ready(frame);
            }
            self.held = frame.and_then(Result::ok);
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Passing) && self.held.is_none() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let held = self.held.as_ref().and_then(Frame::data_ref).map_or(0, Bytes::len) as u64;
        let inner = self.inner.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower().saturating_add(held));
        if let Some(upper) = inner.upper().and_then(|upper| upper.checked_add(held)) {
            hint.set_upper(upper);
        }
        hint
    }
}
