use std::sync::Arc;

use okta_config::Authorization;

use crate::{AuthError, Authenticator, BearerToken, SswsToken};

/// The authenticator for the way of authorization that was configured.
///
/// # Errors
///
/// [`AuthError::EmptyToken`] and [`AuthError::IllegalToken`] for a token that cannot be sent, and
/// [`AuthError::UnsupportedAuthorization`] for a way this version does not know, [`AuthError::NoAuthenticator`] for
/// [`Authorization::Own`].
///
/// ```
/// use okta_auth::authenticator;
/// use okta_config::Authorization;
///
/// let authenticator = authenticator(&Authorization::ssws("00canary"))?;
/// assert!(authenticator.principal().as_str().starts_with("ssws:"));
/// # Ok::<(), okta_auth::AuthError>(())
/// ```
pub fn authenticator(authorization: &Authorization) -> Result<Arc<dyn Authenticator>, AuthError> {
    match authorization {
        Authorization::Ssws { token } => Ok(Arc::new(SswsToken::new(token.clone())?)),
        Authorization::Bearer { token } => Ok(Arc::new(BearerToken::new(token.clone())?)),
        other => Err(other
            .mode()
            .map_or(AuthError::NoAuthenticator, |mode| AuthError::UnsupportedAuthorization {
                mode,
            })),
    }
}
