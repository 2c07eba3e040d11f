//! Items of a page that are not decoded.

use std::fmt;

use bytes::Bytes;
use bytestring::ByteString;
use okta_models::json::{DecodeError, own_from_str};
use serde::{Deserialize, Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;

/// A list item as its JSON text, verbatim: for pipelines that pass records on, and for types that borrow.
///
/// It is a part of its page without a copy, and is known to be one JSON value. As long as one item of a page is retained, the
/// page's body stays in memory: copy what you retain for long. `{:?}` shows its length only.
///
/// ```no_run
/// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
/// #[derive(serde::Deserialize)]
/// struct Key<'a> {
///     id: &'a str,
/// }
///
/// let mut users = okta.users().list().items_raw().stream();
/// while let Some(user) = users.try_next().await? {
///     let key: Key<'_> = user.parse()?;
///     println!("{}\t{}", key.id, user.as_str());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawItem(ByteString);

impl RawItem {
    pub(super) fn new(json: ByteString) -> Self {
        Self(json)
    }
    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The JSON text as bytes, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0.into_bytes()
    }
    /// Reads the item as a type that may borrow from it: `&str` for text without escapes, `Cow<str>` for any text.
    ///
    /// # Errors
    /// [`DecodeError`] if the item is not JSON for a `T`. Its text contains no value of the item.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, DecodeError> {
        own_from_str(&self.0)
    }
}

impl AsRef<[u8]> for RawItem {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<RawItem> for Bytes {
    fn from(item: RawItem) -> Self {
        item.into_bytes()
    }
}

impl Serialize for RawItem {
    /// Writes the JSON text verbatim, if the serializer is one of `serde_json`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json: &RawValue = self.parse().map_err(S::Error::custom)?;
        json.serialize(serializer)
    }
}

impl fmt::Debug for RawItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawItem({} bytes)", self.0.len())
    }
}
