//! A page on its way.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker, ready},
};

use super::next_page;
use crate::{
    Error,
    core::{Draft, Incoming, Received},
};

type Step<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// A page on its way: what was asked for, and how far the answer has come.
pub(super) struct Fetch {
    pub(super) draft: Draft,
    stage: Stage,
    /// The link to the page behind it, once the headers are in and until somebody takes it.
    link: Option<String>,
    /// Whether somebody has waited for it: what failed before was asked for too early, perhaps.
    pub(super) is_waited_for: bool,
}

enum Stage {
    Headers(Step<Incoming>),
    Body(Step<Received>),
}

impl Fetch {
    pub(super) fn new(draft: Draft) -> Box<Self> {
        Box::new(Self {
            stage: Stage::Headers(Box::pin(draft.clone().begin())),
            draft,
            link: None,
            is_waited_for: false,
        })
    }

    /// The page as a whole. It must not be polled again once it is there.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Received, Error>> {
        loop {
            match &mut self.stage {
                Stage::Headers(headers) => {
                    let incoming = ready!(headers.as_mut().poll(context))?;
                    self.link = incoming.success_headers().and_then(next_page::early_link);
                    self.stage = Stage::Body(Box::pin(incoming.read()));
                }
                Stage::Body(body) => return body.as_mut().poll(context),
            }
        }
    }

    pub(super) fn take_link(&mut self) -> Option<String> {
        self.link.take()
    }
}

/// A page that was asked for before anybody waits for it.
///
/// Who reads the page before it drives it along, and only when there is something to do: looking is one load of an atomic,
/// and nobody is woken by its progress.
pub(super) struct Ahead {
    fetch: Box<Fetch>,
    arrived: Option<Result<Received, Error>>,
    woken: Arc<Woken>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

impl Ahead {
    pub(super) fn new(draft: Draft) -> Box<Self> {
        Box::new(Self {
            fetch: Fetch::new(draft),
            arrived: None,
            woken: Arc::new(Woken(AtomicBool::new(true))),
        })
    }

    /// Drives it on if there is something to do.
    #[inline]
    pub(super) fn drive(&mut self) {
        if self.woken.0.load(Ordering::Acquire) {
            self.woken.0.store(false, Ordering::Release);
            let waker = Waker::from(self.woken.clone());
            self.poll(&mut Context::from_waker(&waker));
        }
    }

    /// Drives it on and has it wake the task of `context`.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) {
        if self.arrived.is_none()
            && let Poll::Ready(result) = self.fetch.poll(context)
        {
            self.arrived = Some(result);
        }
    }

    /// Nobody waits for it any more: the waker it was given last is to be replaced.
    pub(super) fn unwatched(self: Box<Self>) -> Box<Self> {
        self.woken.0.store(true, Ordering::Release);
        self
    }

    pub(super) fn draft(&self) -> &Draft {
        &self.fetch.draft
    }

    /// From here on it is waited for.
    pub(super) fn into_fetch(self) -> (Box<Fetch>, Option<Result<Received, Error>>) {
        (self.fetch, self.arrived)
    }
}
