use std::{error::Error, fmt};
use tower::BoxError;

use super::attempts::Attempts;

/// A call that was sent more than once, or would have been if it could, has failed for good.
///
/// Its [`source`](Error::source) is the error of the last attempt, so code that looks for it finds it as if there
/// had been one attempt only.
#[derive(Debug)]
pub struct RetryError {
    source: BoxError,
    attempts: Attempts,
}

impl RetryError {
    pub(crate) fn new(source: BoxError, attempts: Attempts) -> Self {
        Self { source, attempts }
    }

    /// The attempts, their delays, and why there were no more.
    #[must_use]
    pub fn attempts(&self) -> &Attempts {
        &self.attempts
    }
}

impl fmt::Display for RetryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("failed after ")?;
        self.attempts.write(formatter, Some(&self.source.to_string()))
    }
}

impl Error for RetryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
