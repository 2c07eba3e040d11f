//! All pages of a list, one after another.

use std::{
    collections::HashSet,
    fmt,
    future::{Future, poll_fn},
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use okta_models::json::FromJson;

use super::{next_page::next_page, page::Page};
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

/// All pages of a list as a stream; `stream()` on the list's builder gives the items instead.
///
/// A failed page is an error and the end of the stream. Dropping the stream abandons what is under way.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    walk: Walk,
    item: PhantomData<fn() -> T>,
}

impl<T> Pages<T> {
    pub(crate) fn new(first: Draft) -> Self {
        Self {
            walk: Walk::new(first),
            item: PhantomData,
        }
    }
}

impl<T: FromJson + 'static> Pages<T> {
    /// The next page, or `None` behind the last.
    ///
    /// # Errors
    /// As the list call itself; the pages before stay valid.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call goes on where it was.
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }
}

impl<T: FromJson + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(received) = ready!(self.walk.poll_received(context)) else {
            return Poll::Ready(None);
        };
        let page = received.and_then(Page::read);
        if page.is_err() {
            self.walk.stop();
        }
        if page
            .as_ref()
            .is_ok_and(|page: &Page<T>| page.items.is_empty() && page.odd_items().is_empty())
        {
            self.walk.page_was_empty();
        }
        Poll::Ready(Some(page))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("asked_for", &self.walk.visited.len())
            .finish_non_exhaustive()
    }
}
