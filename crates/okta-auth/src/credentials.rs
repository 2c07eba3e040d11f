use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::dpop::{DPOP, NonceUse};

/// The headers that make a request acceptable, and which generation of the secret they come from.
///
/// Every value is marked sensitive when it goes in, so neither `Debug` nor a log that honours the mark shows it.
///
/// ```
/// use http::HeaderValue;
/// use okta_auth::Credentials;
///
/// let credentials = Credentials::authorization(HeaderValue::from_static("Bearer canary")).with_generation(7);
/// assert!(credentials.headers()["authorization"].is_sensitive());
/// assert!(!format!("{credentials:?}").contains("canary"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    headers: HeaderMap,
    generation: u64,
    /// The nonce of the proof of possession, if there is a proof.
    proof: Option<Arc<NonceUse>>,
}

impl Credentials {
    /// Credentials without a header, for an authenticator whose attempts need none.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Credentials in the `Authorization` header, of generation 0.
    #[must_use]
    pub fn authorization(value: HeaderValue) -> Self {
        Self::none().with_header(header::AUTHORIZATION, value)
    }

    /// Adds a header, for example a proof of possession. A header of the same name is replaced.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        self.headers.insert(name, value);
        self
    }

    /// Says how often the secret had been renewed when these credentials were made.
    ///
    /// An authenticator that is told of a refused attempt compares it with its own count: when they differ, somebody
    /// else has renewed the secret already.
    #[must_use]
    pub const fn with_generation(mut self, generation: u64) -> Self {
        self.generation = generation;
        self
    }

    /// The headers, each of which is marked sensitive.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How often the secret had been renewed when these credentials were made.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    pub(crate) fn with_proof(mut self, value: HeaderValue, nonce: NonceUse) -> Self {
        self.proof = Some(Arc::new(nonce));
        self.with_header(DPOP.clone(), value)
    }

    pub(crate) fn proof(&self) -> Option<&NonceUse> {
        self.proof.as_deref()
    }
}
