//! Which scopes a refused call lacked.

use std::fmt;

use http::StatusCode;
use okta_auth::ScopeSet;
use okta_transport::Operation;

/// What an operation needs and the access token does not have.
#[derive(Clone, Debug)]
pub(crate) struct MissingScopes {
    pub(crate) missing: Vec<&'static str>,
    granted: ScopeSet,
}

impl MissingScopes {
    /// Looks whether scopes can be why an operation was refused.
    pub(crate) fn of(
        operation: Option<&'static Operation>,
        status: StatusCode,
        granted: Option<ScopeSet>,
    ) -> Option<Self> {
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return None;
        }
        let granted = granted?;
        let missing = granted.missing(operation?.scopes);
        (!missing.is_empty()).then_some(Self { missing, granted })
    }
}

impl fmt::Display for MissingScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let granted: Vec<&str> = self.granted.iter().collect();
        write!(
            f,
            "the operation needs the scope {}, the token has {}",
            self.missing.join(" and "),
            if granted.is_empty() {
                "none".to_owned()
            } else {
                granted.join(", ")
            },
        )
    }
}
