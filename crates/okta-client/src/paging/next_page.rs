//! Which request gives the next page.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use http::Uri;
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
    let (next, _) = follow_from(address_of(draft).as_ref(), draft, link, parameters)?;
    Ok(next)
}

/// The same with the address of `draft`, which takes time to make; it returns the next address too.
fn follow_from(
    base: Option<&Uri>,
    draft: &Draft,
    link: &str,
    parameters: &ListParameters,
) -> Result<(Draft, Uri), PagingError> {
    // Links may be relative to the address of the page they came with (RFC 8288 §3.1).
    let target = base.and_then(|base| Url::parse(&base.to_string()).ok()?.join(link).ok());
    let address = target.map_or_else(|| link.to_owned(), String::from);
    let next = draft.at(parameters.restore(address, draft.operation()));
    match address_of(&next) {
        Some(address) => Ok((next, address)),
        None => Err(PagingError::Foreign {
            link: link.to_owned(),
            org_url: draft.client.org_url().clone(),
        }),
    }
}

/// The address of a request, or `None` if the request cannot be sent.
fn address_of(draft: &Draft) -> Option<Uri> {
    Some(draft.build().ok()?.into_parts().0.uri)
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
        let base = address_of(draft);
        self.visited.extend(base.as_ref().map(hash));
        let parameters = self.parameters.get_or_insert_with(|| draft.list_parameters());
        let (next, address) = follow_from(base.as_ref(), draft, &link, parameters)?;
        if self.visited.contains(&hash(&address)) {
            return Err(PagingError::Repeated { link });
        }
        Ok(next)
    }
}

fn hash(address: &Uri) -> u64 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    hasher.finish()
}
