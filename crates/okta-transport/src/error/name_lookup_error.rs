use std::fmt;
use tower::BoxError;

/// The name of a host could not be looked up, so no connection was tried. The [`source`](std::error::Error::source) says
/// why.
///
/// It is among the sources of a [`ConnectError`](crate::ConnectError). [`FailureKind::of`](crate::retry::FailureKind::of)
/// returns [`FailureKind::NameLookup`](crate::retry::FailureKind::NameLookup) for it. A custom inner service reports it too if
/// it looks names up itself.
#[derive(Debug)]
pub struct NameLookupError {
    host: String,
    source: BoxError,
}

impl NameLookupError {
    /// Reports that the lookup of `host` failed with `source`.
    pub fn new(host: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self {
            host: host.into(),
            source: source.into(),
        }
    }

    /// The name that was looked up, without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for NameLookupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot look up the host name `{}`", self.host)
    }
}

impl std::error::Error for NameLookupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}
