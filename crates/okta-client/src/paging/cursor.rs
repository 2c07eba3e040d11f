//! The place in a list where reading is resumed.

use std::fmt;

use okta_config::OrgUrl;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::list_parameters::restore_resumed;
use crate::{
    core::{Draft, Operation, own_address},
    error::InvalidRequest,
};

/// A page of a list at which reading is resumed: to be saved in a file or a database and given to `resume` on the same list,
/// by this program or by its next run.
///
/// It is the path and query of that page without the org, so it holds no credentials; all parameters of the list are part of
/// it, also those that Okta's own link lacked (see [`Pager`](crate::Pager)). It stands for a whole page: the items that were
/// read of that page are delivered again.
///
/// ```
/// use okta_client::Cursor;
///
/// let cursor = Cursor::from("/api/v1/users?after=200uAnn&limit=200".to_owned());
/// let saved = serde_json::to_string(&cursor)?;
/// assert_eq!(serde_json::from_str::<Cursor>(&saved)?, cursor);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor(String);

impl Cursor {
    /// The page this request asks for, unless it cannot be sent at all.
    pub(crate) fn of(draft: &Draft) -> Option<Self> {
        let request = draft.build().ok()?;
        request
            .uri()
            .path_and_query()
            .map(|page| Self(page.as_str().to_owned()))
    }

    /// The path and query, as it is saved.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The page's absolute address, if it is one of this org and of the list at `list`, whose parameters it gets if it lacks
    /// them.
    pub(crate) fn address_in(
        &self,
        org_url: &OrgUrl,
        list: &str,
        operation: Option<&'static Operation>,
    ) -> Result<String, InvalidRequest> {
        let address = own_address(org_url, &self.0)?;
        let path = |address: &str| {
            let path = address.split('?').next().unwrap_or_default();
            percent_decode_str(path).collect::<Vec<u8>>()
        };
        if path(&address) == path(list) {
            Ok(restore_resumed(address, list, operation))
        } else {
            Err(InvalidRequest::cursor_of_another_list(&self.0, list))
        }
    }
}

impl From<String> for Cursor {
    /// Takes what was saved; whether it fits the list is found out when it is used.
    fn from(saved: String) -> Self {
        Self(saved)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cursor {
    /// The path only: the query holds what was searched for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.split('?').next().unwrap_or_default();
        f.debug_tuple("Cursor").field(&path).finish()
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
