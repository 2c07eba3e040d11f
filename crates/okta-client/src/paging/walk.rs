//! The walk from page to page.

use std::task::{Context, Poll};

use super::{
    Cursor,
    fetch::{Ahead, Fetch},
    next_page::Visited,
};
use crate::{
    Error,
    core::{Draft, Received},
};

/// The walk from page to page, whatever is then made of them.
///
/// While a page is read, the one behind it is under way already, and never more than that one. No page is lost to a
/// failure: it is asked for again when the walk goes on.
pub(super) struct Walk {
    #[cfg(feature = "blocking")]
    client: crate::OktaClient,
    next: Next,
    /// The page behind the one that is waited for.
    ahead: Option<Box<Ahead>>,
    visited: Visited,
    reads_ahead: bool,
}

/// The page that is delivered next.
enum Next {
    /// Nobody has asked for it yet.
    Wanted(Box<Draft>),
    /// It was asked for while the page before it was read.
    Ahead(Box<Ahead>),
    /// It is waited for.
    Awaited(Box<Fetch>),
    /// It cannot be asked for.
    Refused(Error),
    /// It was asked for, and the answer is that asking again is of no use.
    Denied(Box<Draft>),
    /// There is none.
    End,
}

impl Walk {
    pub(super) fn new(first: Draft) -> Self {
        Self {
            #[cfg(feature = "blocking")]
            client: first.client.clone(),
            next: Next::Wanted(Box::new(first)),
            ahead: None,
            visited: Visited::default(),
            reads_ahead: true,
        }
    }

    #[cfg(feature = "blocking")]
    pub(super) fn client(&self) -> &crate::OktaClient {
        &self.client
    }

    pub(super) fn read_ahead(&mut self, reads_ahead: bool) {
        self.reads_ahead = reads_ahead;
    }

    /// The next page as it was received.
    ///
    /// Behind a failure that may pass comes the same page again, behind any other nothing.
    pub(super) fn poll_received(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Received, Error>>> {
        loop {
            match std::mem::replace(&mut self.next, Next::End) {
                Next::Wanted(draft) => {
                    let mut fetch = Fetch::new(*draft);
                    fetch.is_waited_for = true;
                    self.next = Next::Awaited(fetch);
                }
                Next::Ahead(ahead) => {
                    let (fetch, arrived) = ahead.into_fetch();
                    match arrived {
                        Some(result) => {
                            if let Some(result) = self.arrive(&fetch, result) {
                                return Poll::Ready(Some(result));
                            }
                        }
                        None => self.next = Next::Awaited(fetch),
                    }
                }
                Next::Awaited(mut fetch) => {
                    let polled = fetch.poll(context);
                    self.start_ahead(&mut fetch, context);
                    let Poll::Ready(result) = polled else {
                        fetch.is_waited_for = true;
                        self.next = Next::Awaited(fetch);
                        return Poll::Pending;
                    };
                    if let Some(result) = self.arrive(&fetch, result) {
                        return Poll::Ready(Some(result));
                    }
                }
                Next::Refused(error) => return Poll::Ready(Some(Err(error))),
                Next::Denied(draft) => {
                    self.next = Next::Denied(draft);
                    return Poll::Ready(None);
                }
                Next::End => return Poll::Ready(None),
            }
        }
    }

    /// Drives the page behind the one that is read.
    #[inline]
    pub(super) fn drive_ahead(&mut self) {
        if let Next::Ahead(ahead) = &mut self.next {
            ahead.drive();
        }
    }

    /// Asks for the page behind the one that is waited for, as soon as its headers say which that is.
    fn start_ahead(&mut self, fetch: &mut Fetch, context: &mut Context<'_>) {
        if let Some(link) = fetch.take_link().filter(|_| self.reads_ahead && !polls(&fetch.draft))
            // What is wrong with a link is said once its page was delivered.
            && let Ok(draft) = self.visited.follow(&fetch.draft, link)
        {
            self.ahead = Some(Ahead::new(draft));
        }
        if let Some(ahead) = &mut self.ahead {
            ahead.poll(context);
        }
    }

    /// Settles what comes behind a page that has come, or that has failed; `None` where it is to be asked for again.
    fn arrive(&mut self, fetch: &Fetch, result: Result<Received, Error>) -> Option<Result<Received, Error>> {
        let ahead = self.ahead.take();
        let again = || Box::new(fetch.draft.clone());
        match result {
            Ok(received) => {
                self.next = match ahead {
                    Some(ahead) => Next::Ahead(ahead.unwatched()),
                    None => self.behind(&received),
                };
                self.drive_ahead();
                Some(Ok(received))
            }
            // The time of the call may have run out while the page before was read, and its connection may have been cut.
            Err(error) if !fetch.is_waited_for && !error.is_api() => {
                self.next = Next::Wanted(again());
                None
            }
            Err(error) => {
                self.next = if error.is_transient() {
                    Next::Wanted(again())
                } else {
                    Next::Denied(again())
                };
                Some(Err(error))
            }
        }
    }

    fn behind(&mut self, received: &Received) -> Next {
        // A list that is polled links on for ever, and an empty page is its end.
        if polls(&received.draft) && is_empty_array(&received.body) {
            return Next::End;
        }
        match self.visited.next(received) {
            Ok(Some(draft)) if self.reads_ahead => Next::Ahead(Ahead::new(draft)),
            Ok(Some(draft)) => Next::Wanted(Box::new(draft)),
            Ok(None) => Next::End,
            Err(problem) => Next::Refused(Error::paging(
                received.draft.operation(),
                problem,
                Some(received.answered()),
            )),
        }
    }

    /// The page that is delivered next.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        match &self.next {
            Next::Wanted(draft) | Next::Denied(draft) => Cursor::of(draft),
            Next::Ahead(ahead) => Cursor::of(ahead.draft()),
            Next::Awaited(fetch) => Cursor::of(&fetch.draft),
            Next::Refused(_) | Next::End => None,
        }
    }

    /// Ends the walk, with this page to be asked for by whoever goes on.
    pub(super) fn stop_at(&mut self, draft: &Draft) {
        self.ahead = None;
        self.next = Next::Denied(Box::new(draft.clone()));
    }
}

fn polls(draft: &Draft) -> bool {
    draft.operation().is_some_and(|operation| operation.polls)
}

fn is_empty_array(body: &[u8]) -> bool {
    let inside = body
        .trim_ascii()
        .strip_prefix(b"[")
        .and_then(|body| body.strip_suffix(b"]"));
    inside.is_some_and(|inside| inside.trim_ascii().is_empty())
}
