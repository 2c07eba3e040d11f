//! Which request gives the next page.

use crate::{
    Error,
    core::{Draft, Received},
    error::PagingProblem,
};

use super::{frame, link_header};

/// The request for the page behind the one that was received, if there is one.
///
/// Only addresses of the org's own origin are followed: a link elsewhere would carry the credentials away.
pub(super) fn next_page(received: &Received) -> Result<Option<Draft>, Error> {
    let found = link_header::find(&received.headers, "next").or_else(|| frame::next_link(received));
    let Some(link) = found else {
        return Ok(None);
    };
    let draft = received.draft.at(link.clone());
    let Ok(next) = draft.build() else {
        let problem = PagingProblem::Foreign {
            link,
            org_url: draft.client.org_url().clone(),
        };
        return Err(Error::paging(received.draft.operation(), problem));
    };
    if received.draft.build().is_ok_and(|this| this.uri() == next.uri()) {
        return Err(Error::paging(
            received.draft.operation(),
            PagingProblem::Repeated { link },
        ));
    }
    Ok(Some(draft))
}
