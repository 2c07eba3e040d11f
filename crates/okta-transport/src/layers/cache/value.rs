use std::{fmt, sync::Arc};

use bytes::Bytes;

use super::{
    entry::{Entry, EntryError},
    key::CacheKey,
};

/// A response as a [`CacheStore`](crate::cache::CacheStore) stores it, with the key it belongs to.
///
/// A store in the memory of the process stores the value itself: a clone is cheap, and a cache hit decodes nothing. Any
/// other store stores [`to_bytes`](Self::to_bytes) and returns [`from_bytes`](Self::from_bytes).
///
/// The cache layer checks what a store returns. It uses a value only for the key it was stored under, and bytes only if
/// they are undamaged. `Debug` shows no content.
///
/// ```
/// use okta_transport::cache::CacheValue;
///
/// fn through_a_file(value: &CacheValue, file: &std::path::Path) -> std::io::Result<CacheValue> {
///     std::fs::write(file, value.to_bytes())?;
///     Ok(CacheValue::from_bytes(std::fs::read(file)?))
/// }
/// ```
#[derive(Clone)]
pub struct CacheValue(Form);

#[derive(Clone)]
enum Form {
    Response { key: CacheKey, entry: Arc<Entry> },
    Bytes(Bytes),
}

impl CacheValue {
    pub(super) fn new(key: CacheKey, entry: Arc<Entry>) -> Self {
        Self(Form::Response { key, entry })
    }

    /// The value that [`to_bytes`](Self::to_bytes) turned into these bytes. The bytes are checked when the value is used;
    /// damaged ones count as a miss.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Form::Bytes(bytes.into()))
    }

    /// The value as bytes, in the form of this version of the crate, with a checksum. Another version may not read them; then
    /// they count as a miss.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        match &self.0 {
            Form::Response { key, entry } => entry.encode(key),
            Form::Bytes(bytes) => bytes.clone(),
        }
    }

    /// The response, if it belongs to `key`.
    pub(super) fn open(self, key: &CacheKey) -> Result<Arc<Entry>, EntryError> {
        match self.0 {
            Form::Response { key: own, entry } if own == *key => Ok(entry),
            Form::Response { .. } => Err(EntryError::OF_ANOTHER_KEY),
            Form::Bytes(bytes) => Entry::decode(key, bytes).map(Arc::new),
        }
    }

    /// How many bytes the value has in memory, about.
    #[cfg(feature = "cache-moka")]
    pub(super) fn size(&self) -> usize {
        match &self.0 {
            Form::Response { entry, .. } => entry.size(),
            Form::Bytes(bytes) => bytes.len(),
        }
    }
}

impl fmt::Debug for CacheValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Response { entry, .. } => formatter.debug_tuple("CacheValue").field(entry).finish(),
            Form::Bytes(bytes) => formatter.debug_tuple("CacheValue").field(&bytes.len()).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use http::{HeaderMap, HeaderValue, StatusCode, header};
    use okta_auth::Principal;

    use super::*;

    fn key(principal: &str) -> CacheKey {
        let uri = "https://acme.okta.com/api/v1/users".parse().unwrap();
        CacheKey::new(&uri, &HeaderMap::new(), &Principal::new("oauth", principal), None)
    }

    fn entry(read: &Bytes) -> Entry {
        let etag = HeaderValue::from_maybe_shared(read.slice(..3)).unwrap();
        Entry {
            status: StatusCode::OK,
            headers: HeaderMap::from_iter([(header::ETAG, etag)]),
            body: read.slice(3..),
            since: SystemTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_value_opens_with_its_own_key_only() {
        let read = Bytes::from_static(b"\"7\"canary");
        let value = CacheValue::new(key("0oa1"), Arc::new(entry(&read)));
        let bytes = CacheValue::from_bytes(value.to_bytes());
        for value in [value, bytes] {
            assert_eq!(value.clone().open(&key("0oa1")).unwrap().body, "canary");
            assert_eq!(
                value.clone().open(&key("0oa2")).unwrap_err(),
                EntryError::OF_ANOTHER_KEY
            );
            assert!(!format!("{value:?}").contains("canary"));
        }
    }

    #[test]
    fn a_compact_entry_holds_no_buffer_of_a_connection() {
        let read = Bytes::from(b"\"7\"canary".to_vec());
        let entry = entry(&read);
        let compact = entry.compact();
        assert_eq!((&compact.headers, &compact.body), (&entry.headers, &entry.body));
        drop(entry);
        assert!(read.is_unique());
    }
}
