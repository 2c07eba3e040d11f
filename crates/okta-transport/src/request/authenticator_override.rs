use http::Extensions;
use okta_auth::{Principal, ScopeSet, SharedAuthenticator};

/// Other credentials for one request: put into its extensions, it takes the place of the stack's authenticator.
///
/// The rest of the stack separates callers by it, too: see [`principal_of`]. Where the credentials go does not
/// change: [`AuthLayer`](crate::auth::AuthLayer) sends them to its own org only.
///
/// ```
/// use http::Request;
/// use okta_auth::SswsToken;
/// use okta_transport::{Body, auth::AuthenticatorOverride};
///
/// let other = AuthenticatorOverride::new(SswsToken::new("00other".into())?);
/// let request = Request::get("https://acme.okta.com/api/v1/users/me").extension(other).body(Body::empty())?;
/// # Ok::<_, okta_transport::BoxError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AuthenticatorOverride(SharedAuthenticator);

impl AuthenticatorOverride {
    /// Takes the credentials from `authenticator`.
    pub fn new(authenticator: impl Into<SharedAuthenticator>) -> Self {
        Self(authenticator.into())
    }

    /// The authenticator of a request with these extensions, where `default` is the stack's.
    pub(crate) fn authenticator_of(extensions: &Extensions, default: SharedAuthenticator) -> SharedAuthenticator {
        extensions.get::<Self>().map_or(default, |own| own.0.clone())
    }

    /// The scopes that a request with these extensions is sent with, where `default` is the stack's authenticator.
    pub(crate) fn scopes_of(extensions: &Extensions, default: Option<&SharedAuthenticator>) -> Option<ScopeSet> {
        match extensions.get::<Self>() {
            Some(own) => own.0.effective_scopes(),
            None => default?.effective_scopes(),
        }
    }
}

/// Who sends a request with these extensions, where `default` is the stack's own caller: what keeps the cached answers
/// and the rate limits of one caller from those of another.
///
/// An [`AuthenticatorOverride`] takes precedence over a [`Principal`] in the extensions.
pub fn principal_of<'a>(extensions: &'a Extensions, default: Option<&'a Principal>) -> Option<&'a Principal> {
    match extensions.get::<AuthenticatorOverride>() {
        Some(own) => Some(own.0.principal()),
        None => extensions.get().or(default),
    }
}

#[cfg(test)]
mod tests {
    use okta_auth::SswsToken;

    use super::*;

    #[test]
    fn the_credentials_of_the_call_say_who_calls_then_the_request_then_the_stack() {
        let stack = Principal::new("oauth", "stack");
        let named = Principal::new("oauth", "named");
        let token = SharedAuthenticator::new(SswsToken::new("00canary".into()).unwrap());
        let mut extensions = Extensions::new();
        assert_eq!(principal_of(&extensions, None), None);
        assert_eq!(principal_of(&extensions, Some(&stack)), Some(&stack));
        extensions.insert(named.clone());
        assert_eq!(principal_of(&extensions, Some(&stack)), Some(&named));
        extensions.insert(AuthenticatorOverride::new(token.clone()));
        assert_eq!(principal_of(&extensions, Some(&stack)), Some(token.principal()));
        assert!(!format!("{extensions:?}{:?}", extensions.get::<AuthenticatorOverride>()).contains("canary"));
    }
}
