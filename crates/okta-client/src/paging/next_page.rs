//! Which request gives the next page.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use url::Url;

use super::{envelope, link_header};
use crate::{
    error::PagingError,
    request::{Draft, ListParameters},
    response::Received,
};

/// The link to the next page: of a header, or else of the body (`_links.next`).
pub(crate) fn next_link(received: &Received) -> Result<Option<String>, PagingError> {
    match link_header::find(&received.headers, "next") {
        Ok(None) => Ok(envelope::next_link(received)),
        Ok(link) => Ok(link),
        Err(header) => Err(PagingError::Malformed { header }),
    }
}

/// The request that a link of the response to `draft` leads to, with the parameters of the list that the link lacks.
///
/// Only addresses of the org's own origin are followed: a link elsewhere would carry the credentials away.
pub(crate) fn follow(draft: &Draft, link: &str, parameters: &ListParameters) -> Result<Draft, PagingError> {
    // Links may be relative to the address of the page they came with (RFC 8288 §3.1).
    let base = draft.build().ok().map(|request| request.uri().to_string());
    let target = base.and_then(|base| Url::parse(&base).ok()?.join(link).ok());
    let address = target.map_or_else(|| link.to_owned(), String::from);
    let next = draft.at(parameters.restore(address, draft.operation()));
    match next.build() {
        Ok(_) => Ok(next),
        Err(_) => Err(PagingError::Foreign {
            link: link.to_owned(),
            org_url: draft.client.org_url().clone(),
        }),
    }
}

/// What is known of a list while it is read.
#[derive(Clone, Default)]
pub(super) struct Trail {
    /// The pages that were asked for so far, as hashes of their addresses: a server that leads back to one would keep us
    /// forever.
    visited: HashSet<u64>,
    /// The parameters of the first page.
    parameters: Option<ListParameters>,
}

impl Trail {
    /// The request of the page after the one that was received.
    pub(super) fn next(&mut self, received: &Received) -> Result<Option<Draft>, PagingError> {
        match next_link(received)? {
            Some(link) => self.follow(&received.draft, link).map(Some),
            None => Ok(None),
        }
    }

    fn follow(&mut self, draft: &Draft, link: String) -> Result<Draft, PagingError> {
        self.visited.extend(hash(draft));
        let parameters = self.parameters.get_or_insert_with(|| draft.list_parameters());
        let next = follow(draft, &link, parameters)?;
        if hash(&next).is_some_and(|next| self.visited.contains(&next)) {
            return Err(PagingError::Repeated { link });
        }
        Ok(next)
    }
}

fn hash(draft: &Draft) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    draft.build().ok()?.uri().hash(&mut hasher);
    Some(hasher.finish())
}
