//! The walk from page to page.

use std::task::{Context, Poll};

use http::Method;

use super::{next_page::Trail, page_fetch::PageFetch};
#[cfg(feature = "blocking")]
use crate::client::OktaClient;
use crate::{
    background::has_runtime,
    error::{Error, ErrorResponse, PagingError},
    request::{Cursor, Draft},
    response::Received,
};

/// The walk from page to page, shared by items and pages.
///
/// When a page is in, the next one is asked for, and never more than that one. After a failure the walk asks for the same
/// page again.
pub(super) struct PageWalker {
    #[cfg(feature = "blocking")]
    client: OktaClient,
    next: Next,
    trail: Trail,
    reads_ahead: bool,
}

/// The page that is delivered next.
enum Next {
    /// It has not been asked for.
    NotRequested(Box<Draft>),
    /// It has been asked for.
    Requested(Box<PageFetch>),
    /// The link to it cannot be followed.
    BadLink(Box<BadLink>),
    /// There is none.
    Exhausted,
}

/// A link that cannot be followed, and the response that has it.
struct BadLink {
    draft: Draft,
    problem: PagingError,
    response: ErrorResponse,
}

impl PageWalker {
    pub(super) fn new(first: Draft) -> Self {
        Self {
            #[cfg(feature = "blocking")]
            client: first.client.clone(),
            next: Next::NotRequested(Box::new(first)),
            trail: Trail::default(),
            reads_ahead: true,
        }
    }

    #[cfg(feature = "blocking")]
    pub(super) fn client(&self) -> &OktaClient {
        &self.client
    }

    pub(super) fn read_ahead(&mut self, reads_ahead: bool) {
        self.reads_ahead = reads_ahead;
    }

    /// The next page as it was received. After an error, the same page or the same error follows.
    pub(super) fn poll_received(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Received, Error>>> {
        loop {
            match &mut self.next {
                Next::NotRequested(draft) => {
                    let mut fetch = PageFetch::start((**draft).clone());
                    fetch.is_waited_for = true;
                    self.next = Next::Requested(Box::new(fetch));
                }
                Next::Requested(fetch) => {
                    let Poll::Ready(result) = fetch.poll(context) else {
                        fetch.is_waited_for = true;
                        return Poll::Pending;
                    };
                    match result {
                        Ok(received) => {
                            self.next = self.after(&received);
                            return Poll::Ready(Some(Ok(received)));
                        }
                        Err(error) => {
                            // The call's time may have run out while the page before was read, or a window was full then.
                            let is_outdated = !fetch.is_waited_for && (error.is_transient() || !error.is_api());
                            self.next = Next::NotRequested(Box::new(fetch.draft.clone()));
                            if !is_outdated {
                                return Poll::Ready(Some(Err(error)));
                            }
                        }
                    }
                }
                Next::BadLink(refused) => {
                    let BadLink {
                        draft,
                        problem,
                        response,
                    } = &**refused;
                    let error = Error::paging(draft.operation(), problem.clone(), Some(response.clone()));
                    return Poll::Ready(Some(Err(error)));
                }
                Next::Exhausted => return Poll::Ready(None),
            }
        }
    }

    /// What follows the page that was received.
    fn after(&mut self, received: &Received) -> Next {
        if is_end_of_poll(received) {
            return Next::Exhausted;
        }
        match self.trail.next(received) {
            // Without a runtime it would progress only while its reader waits for it.
            Ok(Some(draft)) if self.reads_ahead && has_runtime() => Next::Requested(Box::new(PageFetch::start(draft))),
            Ok(Some(draft)) => Next::NotRequested(Box::new(draft)),
            Ok(None) => Next::Exhausted,
            Err(problem) => Next::BadLink(Box::new(BadLink {
                draft: received.draft.clone(),
                problem,
                response: received.error_response(),
            })),
        }
    }

    /// The page that is delivered next.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        match &self.next {
            Next::NotRequested(draft) => draft.cursor(),
            Next::Requested(fetch) => fetch.draft.cursor(),
            Next::BadLink(_) | Next::Exhausted => None,
        }
    }

    /// Goes back to this page, which cannot be read.
    pub(super) fn ask_again(&mut self, draft: &Draft) {
        self.next = Next::NotRequested(Box::new(draft.clone()));
    }
}

/// Returns true for the empty page at which a poll without an end ends for now: it has a link to the next page forever. The
/// empty page of any other list says nothing about what follows.
fn is_end_of_poll(received: &Received) -> bool {
    is_empty_array(&received.body) && is_endless_poll(&received.draft)
}

/// Source: <https://developer.okta.com/docs/reference/api/system-log/#polling-requests>.
fn is_endless_poll(draft: &Draft) -> bool {
    let Ok(request) = draft.build() else {
        return false;
    };
    let raw = || draft.client.operations().by_path(&Method::GET, request.uri().path());
    if !draft.operation().or_else(raw).is_some_and(|operation| operation.polls) {
        return false;
    }
    let query = request.uri().query().unwrap_or_default();
    let mut parameters = url::form_urlencoded::parse(query.as_bytes());
    let is_bounded = parameters.any(|(name, value)| match &*name {
        "until" => !value.is_empty(),
        "sortOrder" => value.eq_ignore_ascii_case("DESCENDING"),
        _ => false,
    });
    !is_bounded
}

fn is_empty_array(body: &[u8]) -> bool {
    let inside = body
        .trim_ascii()
        .strip_prefix(b"[")
        .and_then(|body| body.strip_suffix(b"]"));
    inside.is_some_and(|inside| inside.trim_ascii().is_empty())
}
