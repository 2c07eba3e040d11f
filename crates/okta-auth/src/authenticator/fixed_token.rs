use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::{
    authenticator::{
        Attempt, Authenticator,
        credentials::Credentials,
        principal::Principal,
        token_header::{TokenError, authorization, check},
    },
    error::auth_error::AuthError,
};

/// An Okta API token, sent as `Authorization: SSWS …`.
///
/// The simplest way in: an administrator creates the token in the admin console and it carries that administrator's
/// rights. See [Okta's guide](https://developer.okta.com/docs/guides/create-an-api-token/main/).
///
/// ```
/// use okta_auth::{Authenticator, SswsToken};
///
/// let token = SswsToken::new("00canary".into())?;
/// assert!(!format!("{token:?}").contains("canary"));
/// # Ok::<(), okta_auth::AuthError>(())
/// ```
#[derive(Clone)]
pub struct SswsToken(FixedToken);

/// An OAuth 2.0 access token obtained elsewhere, sent as `Authorization: Bearer …` (RFC 6750 §2.1).
///
/// It is sent until it is refused; nothing renews it.
///
/// ```
/// use okta_auth::BearerToken;
///
/// let error = BearerToken::new("Bearer canary".into()).unwrap_err();
/// assert!(error.to_string().contains("leave out `Bearer `"));
/// ```
#[derive(Clone)]
pub struct BearerToken(FixedToken);

impl SswsToken {
    /// Takes the token as it was copied from the admin console, without `SSWS` before it.
    ///
    /// # Errors
    ///
    /// [`AuthError::EmptyToken`] and [`AuthError::IllegalToken`] when the text cannot be an API token.
    pub fn new(token: SecretString) -> Result<Self, AuthError> {
        FixedToken::new("SSWS", "ssws", &token).map(Self)
    }
}

impl BearerToken {
    /// Takes the access token, without `Bearer` before it.
    ///
    /// # Errors
    ///
    /// [`AuthError::EmptyToken`] and [`AuthError::IllegalToken`] when the text cannot be an access token.
    pub fn new(token: SecretString) -> Result<Self, AuthError> {
        FixedToken::new("Bearer", "bearer", &token).map(Self)
    }
}

/// A token that stays as it is, ready to be sent.
#[derive(Clone)]
struct FixedToken {
    credentials: Credentials,
    principal: Principal,
}

impl FixedToken {
    fn new(scheme: &'static str, kind: &str, token: &SecretString) -> Result<Self, AuthError> {
        let text = token.expose_secret();
        match check(text) {
            Ok(()) => {}
            Err(TokenError::Empty) => return Err(AuthError::EmptyToken { scheme }),
            Err(TokenError::Illegal { position }) => {
                let repeats_scheme = text
                    .get(..position)
                    .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
                    && text.len() > position;
                return Err(AuthError::IllegalToken {
                    scheme,
                    position,
                    repeats_scheme,
                });
            }
        }
        let value = authorization(scheme, text).map_err(AuthError::other)?;
        Ok(Self {
            credentials: Credentials::authorization(value),
            principal: Principal::from_secret(kind, token),
        })
    }
}

macro_rules! authenticator {
    ($($token:ident),+) => {$(
        impl Authenticator for $token {
            async fn credentials(&self, _attempt: Attempt<'_>) -> Result<Credentials, AuthError> {
                Ok(self.0.credentials.clone())
            }

            /// A fixed token is not renewed.
            fn may_replay(&self) -> bool {
                false
            }

            fn principal(&self) -> &Principal {
                &self.0.principal
            }
        }

        impl fmt::Debug for $token {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.debug_struct(stringify!($token)).field("principal", &self.0.principal).finish_non_exhaustive()
            }
        }
    )+};
}

authenticator!(SswsToken, BearerToken);
