//! The walk from page to page.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::next_page::{Next, Step};
use crate::{
    Error,
    core::{Draft, Received},
};

/// The walk from page to page, whatever is then made of them.
pub(super) struct Walk {
    state: State,
    pages: usize,
}

enum State {
    Ready(Box<Step>),
    Receiving(Box<Step>, Pin<Box<dyn Future<Output = Result<Received, Error>> + Send>>),
    /// The page behind the last one cannot be asked for.
    Failed(Error),
    Done,
}

impl Walk {
    pub(super) fn new(first: Draft) -> Self {
        Self {
            state: State::Ready(Box::new(Step::first(first))),
            pages: 0,
        }
    }

    /// The next page as it was received. An error ends the walk.
    pub(super) fn poll_received(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Received, Error>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Ready(step) => {
                    self.pages = step.number() + 1;
                    let receiving = Box::pin(step.draft.clone().send());
                    self.state = State::Receiving(step, receiving);
                }
                State::Receiving(step, mut receiving) => {
                    let Poll::Ready(result) = receiving.as_mut().poll(context) else {
                        self.state = State::Receiving(step, receiving);
                        return Poll::Pending;
                    };
                    if let Ok(received) = &result {
                        self.state = match step.next(received) {
                            Next::None => State::Done,
                            Next::Page(next) => State::Ready(next),
                            Next::Refused(refused) => State::Failed(Next::error(&received.draft, *refused)),
                        };
                    }
                    return Poll::Ready(Some(result));
                }
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Done => return Poll::Ready(None),
            }
        }
    }

    /// How many pages were asked for.
    pub(super) fn asked_for(&self) -> usize {
        self.pages
    }

    /// Ends the walk.
    pub(super) fn stop(&mut self) {
        self.state = State::Done;
    }

    /// Told of a page without items: a list that is polled links to itself for ever, and an empty page is its end.
    pub(super) fn page_was_empty(&mut self) {
        if matches!(&self.state, State::Ready(next) if next.draft.operation().is_some_and(|operation| operation.polls))
        {
            self.stop();
        }
    }
}
