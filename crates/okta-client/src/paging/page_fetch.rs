//! The request of one page.

use std::{
    panic::resume_unwind,
    task::{Context, Poll, ready},
};

use crate::{
    background::{Background, Lost},
    error::Error,
    exchange,
    request::Draft,
    response::Received,
};

/// The request of one page, which runs as a task: a page that is not read holds no permit and no connection.
pub(crate) struct PageFetch {
    pub(super) draft: Draft,
    running: Background<Result<Received, Error>>,
    /// Whether a reader has waited for the page. A failure before that came of asking early.
    pub(super) is_waited_for: bool,
}

impl PageFetch {
    pub(crate) fn start(draft: Draft) -> Self {
        Self {
            running: Background::start(exchange::send(draft.clone())),
            draft,
            is_waited_for: false,
        }
    }

    /// The page with its whole body. It must not be polled again after that.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Received, Error>> {
        // A list is only read, so asking for a page a second time does no harm.
        if self.running.is_elsewhere() {
            self.running = Background::start(exchange::send(self.draft.clone()));
        }
        loop {
            match ready!(self.running.poll(context)) {
                Ok(result) => return Poll::Ready(result),
                Err(Lost::ShutDown) => self.running = Background::driven(exchange::send(self.draft.clone())),
                Err(Lost::Panicked(payload)) => {
                    self.running = Background::driven(exchange::send(self.draft.clone()));
                    resume_unwind(payload)
                }
            }
        }
    }
}
