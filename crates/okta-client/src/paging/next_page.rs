//! Which request gives the next page.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use http::HeaderMap;
use url::Url;

use super::{frame, link_header};
use crate::{
    core::{Draft, Received},
    error::PagingProblem,
};

/// The link to the next page: of a header, or else of the body (`_links.next`).
pub(crate) fn next_link(received: &Received) -> Result<Option<String>, PagingProblem> {
    match link_header::find(&received.headers, "next") {
        Ok(None) => Ok(frame::next_link(received)),
        Ok(link) => Ok(link),
        Err(header) => Err(PagingProblem::Malformed { header }),
    }
}

/// The link to the next page, if a header has one: known before the body is in.
pub(super) fn early_link(headers: &HeaderMap) -> Option<String> {
    link_header::find(headers, "next").ok().flatten()
}

/// The request that a link of the answer to `draft` leads to.
///
/// Only addresses of the org's own origin are followed: a link elsewhere would carry the credentials away.
pub(crate) fn follow(draft: &Draft, link: &str) -> Result<Draft, PagingProblem> {
    // Links may be relative to the address of the page they came with (RFC 8288 §3.1).
    let base = draft.build().ok().map(|request| request.uri().to_string());
    let target = base.and_then(|base| Url::parse(&base).ok()?.join(link).ok());
    let next = draft.at(target.map_or_else(|| link.to_owned(), String::from));
    match next.build() {
        Ok(_) => Ok(next),
        Err(_) => Err(PagingProblem::Foreign {
            link: link.to_owned(),
            org_url: draft.client.org_url().clone(),
        }),
    }
}

/// The pages that were asked for so far, as hashes of their addresses: a server that sends us back to one would keep us
/// forever.
#[derive(Clone, Default)]
pub(super) struct Visited(HashSet<u64>);

impl Visited {
    /// The page behind the one that was received.
    pub(super) fn next(&mut self, received: &Received) -> Result<Option<Draft>, PagingProblem> {
        match next_link(received)? {
            Some(link) => self.follow(&received.draft, link).map(Some),
            None => Ok(None),
        }
    }

    /// The page that a link of this page leads to, unless it was asked for before.
    pub(super) fn follow(&mut self, draft: &Draft, link: String) -> Result<Draft, PagingProblem> {
        self.0.extend(hash(draft));
        let next = follow(draft, &link)?;
        if hash(&next).is_some_and(|next| self.0.contains(&next)) {
            return Err(PagingProblem::Repeated { link });
        }
        Ok(next)
    }
}

fn hash(draft: &Draft) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    draft.build().ok()?.uri().hash(&mut hasher);
    Some(hasher.finish())
}
