use std::{error::Error, fmt, sync::Arc};

/// Why there is no assertion or proof.
#[derive(Clone)]
pub struct SignError(Arc<dyn Error + Send + Sync>);

impl SignError {
    /// Wraps the failure of a signer. What it says is shown to users, so it must hold no secret.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into().into())
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("nothing could be signed")
    }
}

impl fmt::Debug for SignError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "nothing could be signed: {:?}", self.0)
    }
}

impl Error for SignError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
