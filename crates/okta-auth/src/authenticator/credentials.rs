use std::{any::Any, fmt, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, header};

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
    /// Shared, because a fixed token gives the same ones to each attempt.
    headers: Arc<HeaderMap>,
    generation: u64,
    context: Context,
}

/// What an authenticator wants to know when it reviews the response.
#[derive(Clone, Default)]
struct Context(Option<Arc<dyn Any + Send + Sync>>);

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Some(..)" } else { "None" })
    }
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
        Arc::make_mut(&mut self.headers).insert(name, value);
        self
    }

    /// Sets how often the secret had been renewed when these credentials were made.
    ///
    /// An authenticator that reviews a refused attempt compares it with its own count: if they differ, another call has
    /// renewed the secret already.
    #[must_use]
    pub const fn with_generation(mut self, generation: u64) -> Self {
        self.generation = generation;
        self
    }

    /// The headers, each of which is marked sensitive.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How often the secret had been renewed when these credentials were made.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// Keeps a value for [`Authenticator::review`](crate::Authenticator::review): what the credentials were made from, or a
    /// place in a queue that its `Drop` gives up. It lives as long as the attempt does.
    ///
    /// ```
    /// use okta_auth::Credentials;
    ///
    /// let credentials = Credentials::none().with_context(String::from("nonce 7"));
    /// assert_eq!(credentials.context::<String>().unwrap(), "nonce 7");
    /// ```
    #[must_use]
    pub fn with_context<T: Send + Sync + 'static>(mut self, context: T) -> Self {
        self.context = Context(Some(Arc::new(context)));
        self
    }

    /// The value of [`with_context`](Self::with_context), if it is of this type.
    #[must_use]
    pub fn context<T: 'static>(&self) -> Option<&T> {
        self.context.0.as_deref()?.downcast_ref()
    }
}
