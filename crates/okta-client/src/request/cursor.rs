//! The place in a list where reading is resumed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    /// The path and query, as it is saved.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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
