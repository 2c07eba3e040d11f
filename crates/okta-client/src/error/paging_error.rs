//! Why a list cannot continue.

use std::fmt;

use okta_config::OrgUrl;

use super::shown_address::ShownAddress;

/// Why a list cannot continue.
#[derive(Clone, Debug)]
pub(crate) enum PagingError {
    /// The link leads away from the org.
    Foreign { link: String, org_url: OrgUrl },
    /// The link leads to a page that was read already.
    Repeated { link: String },
    /// There are links, but they cannot be parsed.
    Malformed { header: String },
}

impl fmt::Display for PagingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign { link, org_url } => write!(
                f,
                "the link to the next page leads to `{}`, which is not followed: only {org_url} gets the credentials",
                ShownAddress(link)
            ),
            Self::Repeated { link } => {
                write!(
                    f,
                    "the link to the next page leads back to `{}`, which was read already",
                    ShownAddress(link)
                )
            }
            Self::Malformed { header } => write!(
                f,
                "the `Link` header `{}` is malformed: it is unknown whether there is a next page",
                ShownAddress(header)
            ),
        }
    }
}
