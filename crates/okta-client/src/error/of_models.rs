//! Errors of models as errors of the client, so that one `?` does for both.

use okta_models::{AttributeError, MissingMember};

use super::error::Error;

impl From<MissingMember> for Error {
    fn from(error: MissingMember) -> Self {
        Self::member(error)
    }
}

impl From<AttributeError> for Error {
    fn from(error: AttributeError) -> Self {
        Self::member(error)
    }
}
