use http::header::{HeaderName, InvalidHeaderName, InvalidHeaderValue};

/// Why a stack cannot be built. Nothing was connected to and nothing sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The addition to the `User-Agent` contains what no header value may contain.
    #[error("the user agent {extra:?} contains a character that a header must not: use visible ASCII and spaces")]
    UserAgent {
        /// What was to be appended.
        extra: String,
        /// What `http` says of it.
        source: InvalidHeaderValue,
    },

    /// A text is not the name of a header.
    #[error("{name:?} is not the name of a header: use letters, digits and `-`")]
    HeaderName {
        /// The text.
        name: String,
        /// What `http` says of it.
        source: InvalidHeaderName,
    },

    /// The value of a header contains what none may contain.
    #[error("the value of the header `{header}` contains a character that a header must not, such as a line break")]
    HeaderValue {
        /// The name of the header. Its value may be secret and is not kept.
        header: HeaderName,
        /// What `http` says of it.
        source: InvalidHeaderValue,
    },
}
