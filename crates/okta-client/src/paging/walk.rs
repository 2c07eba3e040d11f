//! The walk from page to page.

use std::{
    collections::HashSet,
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    pin::Pin,
    task::{Context, Poll},
};

use super::next_page::next_page;
use crate::{
    Error,
    core::{Draft, Received},
    error::PagingProblem,
};

/// The walk from page to page, whatever is then made of them.
pub(super) struct Walk {
    state: State,
    /// Hashes of the addresses asked for so far: a server that sends us back to one would keep us forever.
    visited: HashSet<u64>,
}

enum State {
    Ready(Box<Draft>),
    Receiving(Pin<Box<dyn Future<Output = Result<Received, Error>> + Send>>),
    Done,
}

impl Walk {
    pub(super) fn new(first: Draft) -> Self {
        Self {
            state: State::Ready(Box::new(first)),
            visited: HashSet::new(),
        }
    }

    /// The next page as it was received. An error ends the walk.
    pub(super) fn poll_received(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Received, Error>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Ready(draft) => match self.visit(&draft) {
                    Ok(()) => self.state = State::Receiving(Box::pin(draft.send())),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                },
                State::Receiving(mut receiving) => {
                    let Poll::Ready(result) = receiving.as_mut().poll(context) else {
                        self.state = State::Receiving(receiving);
                        return Poll::Pending;
                    };
                    return Poll::Ready(Some(result.and_then(|received| {
                        if let Some(next) = next_page(&received)? {
                            self.state = State::Ready(Box::new(next));
                        }
                        Ok(received)
                    })));
                }
                State::Done => return Poll::Ready(None),
            }
        }
    }

    fn visit(&mut self, draft: &Draft) -> Result<(), Error> {
        let request = draft.build()?;
        let mut hasher = DefaultHasher::new();
        request.uri().hash(&mut hasher);
        if self.visited.insert(hasher.finish()) {
            return Ok(());
        }
        Err(Error::paging(
            draft.operation(),
            PagingProblem::Repeated {
                link: request.uri().to_string(),
            },
        ))
    }

    /// How many pages were asked for.
    pub(super) fn asked_for(&self) -> usize {
        self.visited.len()
    }

    /// Ends the walk.
    pub(super) fn stop(&mut self) {
        self.state = State::Done;
    }

    /// Told of a page without items: a list that is polled links to itself for ever, and an empty page is its end.
    pub(super) fn page_was_empty(&mut self) {
        if matches!(&self.state, State::Ready(next) if next.operation().is_some_and(|operation| operation.polls)) {
            self.stop();
        }
    }
}
