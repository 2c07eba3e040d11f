use std::{
    fmt,
    time::{Duration, SystemTime},
};

use bytes::{Buf, BufMut, Bytes, BytesMut, TryGetError};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use sha2::{Digest, Sha256};

use super::{key::CacheKey, policy, status::CacheStatus};
use crate::service::body::Body;

/// A response as it is cached.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// When it was asked for.
    pub(super) since: SystemTime,
}

impl Entry {
    pub(super) fn etag(&self) -> Option<&HeaderValue> {
        self.headers.get(header::ETAG)
    }

    pub(super) fn age(&self, now: SystemTime) -> Duration {
        now.duration_since(self.since).unwrap_or_default()
    }

    /// The same response in one separate allocation. What arrives over a connection shares the buffers of its reads, which
    /// are larger.
    pub(super) fn compact(&self) -> Self {
        let values = self.headers.values().map(HeaderValue::len).sum::<usize>();
        let mut bytes = BytesMut::with_capacity(values + self.body.len());
        let mut headers = HeaderMap::with_capacity(self.headers.len() + 1);
        for (name, value) in &self.headers {
            bytes.put_slice(value.as_bytes());
            // A copy of a valid value is valid.
            if let Ok(copy) = HeaderValue::from_maybe_shared(bytes.split().freeze()) {
                headers.append(name.clone(), copy);
            }
        }
        bytes.put_slice(&self.body);
        Self {
            headers,
            body: bytes.freeze(),
            ..*self
        }
    }

    /// How many bytes it has in memory, about.
    #[cfg(feature = "cache-moka")]
    pub(super) fn size(&self) -> usize {
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| name.as_str().len() + value.len());
        size_of::<Self>() + headers.sum::<usize>() + self.body.len()
    }

    /// The same response, confirmed by a 304 with these headers (RFC 9111 §4.3.4).
    pub(super) fn confirmed(&self, by: &HeaderMap, since: SystemTime) -> Self {
        let mut headers = self.headers.clone();
        let updates = policy::kept_headers(by);
        for name in updates.keys().filter(|name| !describes_body(name)) {
            headers.remove(name);
            for value in updates.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        Self {
            headers,
            since,
            ..self.clone()
        }
    }

    /// The response for a caller, marked with its age and with `status`.
    pub(super) fn response(&self, status: CacheStatus, now: SystemTime) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&self.headers);
        response
            .headers_mut()
            .insert(header::AGE, self.age(now).as_secs().into());
        response.extensions_mut().insert(status);
        response
    }

    /// The response for a call that sent no request.
    pub(super) fn hit(&self, now: SystemTime) -> Response<Body> {
        self.response(CacheStatus::Hit { age: self.age(now) }, now)
    }
}

/// A 304 has no body, so what it says about one is not about the body that is cached.
fn describes_body(name: &HeaderName) -> bool {
    [
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::CONTENT_ENCODING,
        header::CONTENT_RANGE,
    ]
    .contains(name)
}

/// Shows lengths only.
impl fmt::Debug for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Entry")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The first bytes of an entry; the last one is the version of what follows.
const MAGIC: &[u8; 5] = b"okta\x01";
const CHECKSUM: usize = 16;

impl Entry {
    /// The entry as bytes: magic and version, a checksum over the rest, the key's id, when it was asked for, status,
    /// headers, body. Numbers are big-endian, texts are preceded by their length.
    pub(super) fn encode(&self, key: &CacheKey) -> Bytes {
        let mut bytes = BytesMut::with_capacity(256 + 64 * self.headers.len() + self.body.len());
        bytes.put_slice(MAGIC);
        bytes.put_bytes(0, CHECKSUM);
        put(&mut bytes, key.id().as_bytes());
        let since = self.since.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        bytes.put_u64(u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        bytes.put_u16(self.status.as_u16());
        bytes.put_u32(u32::try_from(self.headers.len()).unwrap_or(u32::MAX));
        for (name, value) in &self.headers {
            put(&mut bytes, name.as_str().as_bytes());
            put(&mut bytes, value.as_bytes());
        }
        bytes.put_slice(&self.body);
        let head = MAGIC.len() + CHECKSUM;
        let checksum = checksum(bytes.get(head..).unwrap_or_default());
        if let Some(place) = bytes.get_mut(MAGIC.len()..head) {
            place.copy_from_slice(&checksum);
        }
        bytes.freeze()
    }

    /// The entry again, if the bytes are one and belong to `key`.
    pub(super) fn decode(key: &CacheKey, mut bytes: Bytes) -> Result<Self, EntryError> {
        if take(&mut bytes, MAGIC.len())? != MAGIC[..] {
            return Err(EntryError("it is none, or of another version"));
        }
        if take(&mut bytes, CHECKSUM)? != checksum(&bytes)[..] {
            return Err(EntryError("its checksum is wrong"));
        }
        if take_text(&mut bytes)? != key.id().as_bytes() {
            return Err(EntryError::OF_ANOTHER_KEY);
        }
        let since = SystemTime::UNIX_EPOCH
            .checked_add(Duration::from_millis(bytes.try_get_u64()?))
            .ok_or(EntryError("its time is none"))?;
        let status = StatusCode::from_u16(bytes.try_get_u16()?).map_err(|_| EntryError("its status is none"))?;
        let mut headers = HeaderMap::new();
        for _ in 0..bytes.try_get_u32()? {
            let name = HeaderName::from_bytes(&take_text(&mut bytes)?);
            let value = HeaderValue::from_maybe_shared(take_text(&mut bytes)?);
            let (Ok(name), Ok(value)) = (name, value) else {
                return Err(EntryError("one of its headers is none"));
            };
            headers
                .try_append(name, value)
                .map_err(|_| EntryError("it has too many headers"))?;
        }
        Ok(Self {
            status,
            headers,
            body: bytes,
            since,
        })
    }
}

/// Why bytes are not a valid entry. It contains none of the bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EntryError(&'static str);

impl EntryError {
    pub(super) const OF_ANOTHER_KEY: Self = Self("it belongs to another key");
}

impl fmt::Display for EntryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl From<TryGetError> for EntryError {
    fn from(_: TryGetError) -> Self {
        TRUNCATED
    }
}

const TRUNCATED: EntryError = EntryError("it is cut short");

fn put(bytes: &mut BytesMut, text: &[u8]) {
    bytes.put_u32(u32::try_from(text.len()).unwrap_or(u32::MAX));
    bytes.put_slice(text);
}

fn take_text(bytes: &mut Bytes) -> Result<Bytes, EntryError> {
    let length = bytes.try_get_u32()?;
    take(bytes, usize::try_from(length).unwrap_or(usize::MAX))
}

fn take(bytes: &mut Bytes, length: usize) -> Result<Bytes, EntryError> {
    if bytes.len() < length {
        return Err(TRUNCATED);
    }
    Ok(bytes.split_to(length))
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|place| digest.get(place).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use okta_auth::Principal;

    use super::*;

    fn key(path: &str) -> CacheKey {
        let uri = format!("https://acme.okta.com{path}").parse().unwrap();
        CacheKey::new(&uri, &HeaderMap::new(), &Principal::new("oauth", "0oa1"), None)
    }

    fn entry() -> Entry {
        let mut headers = HeaderMap::new();
        headers.append(header::LINK, HeaderValue::from_static("<a>; rel=\"self\""));
        headers.append(header::LINK, HeaderValue::from_bytes(b"<b\xff>; rel=\"next\"").unwrap());
        headers.append(header::ETAG, HeaderValue::from_static("\"7\""));
        Entry {
            status: StatusCode::OK,
            headers,
            body: Bytes::from_static(b"{\"id\":\"canary\"}"),
            since: SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123),
        }
    }

    #[test]
    fn what_was_kept_comes_back() {
        let back = Entry::decode(&key("/a"), entry().encode(&key("/a"))).unwrap();
        assert_eq!(back.status, StatusCode::OK);
        assert_eq!(back.headers, entry().headers);
        assert_eq!(back.body, entry().body);
        assert_eq!(back.since, entry().since);
        let empty = Entry {
            headers: HeaderMap::new(),
            body: Bytes::new(),
            ..entry()
        };
        assert_eq!(Entry::decode(&key("/a"), empty.encode(&key("/a"))).unwrap().body, "");
    }

    #[test]
    fn no_damage_goes_unnoticed() {
        let good = entry().encode(&key("/a"));
        for length in 0..good.len() {
            Entry::decode(&key("/a"), good.slice(..length)).unwrap_err();
        }
        for place in 0..good.len() {
            let mut bad = good.to_vec();
            bad[place] ^= 0x20;
            Entry::decode(&key("/a"), bad.into()).unwrap_err();
        }
        let mut longer = good.to_vec();
        longer.push(b'x');
        Entry::decode(&key("/a"), longer.into()).unwrap_err();
    }

    #[test]
    fn defects_are_distinguished() {
        let reason = |bytes: Bytes| Entry::decode(&key("/a"), bytes).unwrap_err().to_string();
        assert_eq!(reason(Bytes::new()), "it is cut short");
        assert_eq!(
            reason(Bytes::from_static(b"garbage, and a lot of it")),
            "it is none, or of another version"
        );
        assert_eq!(reason(entry().encode(&key("/b"))), "it belongs to another key");
        let mut next_version = entry().encode(&key("/a")).to_vec();
        next_version[MAGIC.len() - 1] += 1;
        assert_eq!(reason(next_version.into()), "it is none, or of another version");
    }

    #[test]
    fn a_checksum_that_fits_does_not_make_an_entry() {
        // A length that promises more than there is, under a right checksum.
        let mut rest = BytesMut::new();
        put(&mut rest, key("/a").id().as_bytes());
        rest.put_u64(0);
        rest.put_u16(200);
        rest.put_u32(u32::MAX);
        rest.put_u32(u32::MAX);
        let mut bytes = BytesMut::from(&MAGIC[..]);
        bytes.put_slice(&checksum(&rest));
        bytes.put_slice(&rest);
        assert_eq!(Entry::decode(&key("/a"), bytes.freeze()).unwrap_err(), TRUNCATED);
    }

    #[test]
    fn a_304_renews_what_it_may() {
        let mut by = HeaderMap::new();
        by.insert(header::ETAG, HeaderValue::from_static("\"8\""));
        by.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        by.insert(header::SET_COOKIE, HeaderValue::from_static("sid=canary"));
        let now = entry().since + Duration::from_secs(60);
        let confirmed = entry().confirmed(&by, now);
        assert_eq!(confirmed.etag().unwrap(), "\"8\"");
        assert_eq!(confirmed.headers.get_all(header::LINK).iter().count(), 2);
        assert!(!confirmed.headers.contains_key(header::CONTENT_LENGTH));
        assert!(!confirmed.headers.contains_key(header::SET_COOKIE));
        assert_eq!((confirmed.since, confirmed.body), (now, entry().body));
    }

    #[test]
    fn debug_shows_no_body() {
        assert!(!format!("{:?}", entry()).contains("canary"));
    }
}
