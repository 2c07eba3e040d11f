//! Which request gives the next page.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use url::Url;

use super::{frame, link_header};
use crate::{
    Error,
    core::{Draft, Received},
    error::{Answered, PagingProblem},
};

/// A request for a page, and the pages that were asked for before it.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) draft: Draft,
    /// Hashes of their addresses: a server that sends us back to one would keep us forever.
    visited: HashSet<u64>,
}

/// What lies behind a page.
#[derive(Clone)]
pub(super) enum Next {
    /// Nothing: it is the last.
    None,
    /// Another page.
    Page(Box<Step>),
    /// Another page that cannot be asked for.
    Refused(Box<(PagingProblem, Answered)>),
}

impl Step {
    pub(super) fn first(draft: Draft) -> Self {
        Self {
            draft,
            visited: HashSet::new(),
        }
    }

    /// How many pages were asked for before this one.
    pub(super) fn number(&self) -> usize {
        self.visited.len()
    }

    /// What lies behind the page that was received for this step.
    ///
    /// Only addresses of the org's own origin are followed: a link elsewhere would carry the credentials away.
    pub(super) fn next(mut self, received: &Received) -> Next {
        let link = match link_header::find(&received.headers, "next") {
            Ok(Some(link)) => link,
            Ok(None) => match frame::next_link(received) {
                Some(link) => link,
                None => return Next::None,
            },
            Err(header) => return refused(PagingProblem::Malformed { header }, received),
        };
        let Ok(this) = self.draft.build() else {
            return Next::None;
        };
        self.visited.insert(hash(this.uri()));
        // Links may be relative to the address of the page they came with (RFC 8288 §3.1).
        let base = Url::parse(&this.uri().to_string());
        let target = base.and_then(|base| base.join(&link));
        let draft = self.draft.at(target.map_or_else(|_| link.clone(), String::from));
        let Ok(request) = draft.build() else {
            let org_url = self.draft.client.org_url().clone();
            return refused(PagingProblem::Foreign { link, org_url }, received);
        };
        if self.visited.contains(&hash(request.uri())) {
            return refused(PagingProblem::Repeated { link }, received);
        }
        Next::Page(Box::new(Self {
            draft,
            visited: self.visited,
        }))
    }
}

impl Next {
    /// The error that a refused page is.
    pub(super) fn error(draft: &Draft, refused: (PagingProblem, Answered)) -> Error {
        Error::paging(draft.operation(), refused.0, Some(refused.1))
    }
}

fn refused(problem: PagingProblem, received: &Received) -> Next {
    Next::Refused(Box::new((problem, received.answered())))
}

fn hash(address: &http::Uri) -> u64 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    hasher.finish()
}
