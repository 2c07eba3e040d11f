use std::sync::Arc;

use okta_config::{Authorization, ClientConfig, PrivateKeyConfig};

use crate::{
    authenticator::{
        fixed_token::{BearerToken, SswsToken},
        shared::SharedAuthenticator,
    },
    clock::Clock,
    error::auth_error::AuthError,
    http_exchange::SharedHttpExchange,
    jose::key::signing_key::SigningKey,
    oauth::{
        authenticator::OAuthAuthenticator, client_credentials::ClientCredentials, dpop::settings::Dpop, issuer::Issuer,
    },
};

/// The authenticator for a token that is there already: [`Authorization::Ssws`] or [`Authorization::Bearer`].
///
/// # Errors
///
/// [`AuthError::EmptyToken`] and [`AuthError::IllegalToken`] for a token that cannot be sent,
/// [`AuthError::UnsupportedAuthorization`] for a way that has to fetch its tokens ([`authenticator_of`] makes that one),
/// [`AuthError::NoAuthenticator`] for [`Authorization::Custom`].
///
/// ```
/// use okta_auth::authenticator;
/// use okta_config::Authorization;
///
/// let authenticator = authenticator(&Authorization::ssws("00canary"))?;
/// assert!(authenticator.principal().as_str().starts_with("ssws:"));
/// # Ok::<(), okta_auth::AuthError>(())
/// ```
pub fn authenticator(authorization: &Authorization) -> Result<SharedAuthenticator, AuthError> {
    match authorization {
        Authorization::Ssws { token } => Ok(SswsToken::new(token.clone())?.into()),
        Authorization::Bearer { token } => Ok(BearerToken::new(token.clone())?.into()),
        other => Err(other
            .mode()
            .map_or(AuthError::NoAuthenticator, |mode| AuthError::UnsupportedAuthorization {
                mode,
            })),
    }
}

/// The authenticator for a whole configuration, whichever way of authorization it says.
///
/// Tokens are fetched through `exchange`: a stack without an authenticator. Nothing is fetched here.
///
/// # Errors
///
/// As for [`authenticator`] and [`oauth_authenticator`].
pub fn authenticator_of(
    config: &ClientConfig,
    exchange: impl Into<SharedHttpExchange>,
    clock: Arc<dyn Clock>,
) -> Result<SharedAuthenticator, AuthError> {
    match &config.authorization {
        Authorization::PrivateKey(app) => Ok(oauth_authenticator(app, config, exchange, clock)?.into()),
        other => authenticator(other),
    }
}

/// The authenticator of a service app at the org of this configuration, with its settings of renewal and DPoP.
///
/// # Errors
///
/// [`AuthError::Key`] for a key that cannot be signed with.
pub fn oauth_authenticator(
    app: &PrivateKeyConfig,
    config: &ClientConfig,
    exchange: impl Into<SharedHttpExchange>,
    clock: Arc<dyn Clock>,
) -> Result<OAuthAuthenticator, AuthError> {
    let mut key = SigningKey::new(&app.private_key)?;
    if let Some(key_id) = &app.key_id {
        key = key.with_key_id(key_id);
    }
    let dpop = if config.dpop_enabled {
        Dpop::required()
    } else {
        Dpop::on_demand()
    };
    let issuer = Issuer::org(&config.org_url);
    let source = ClientCredentials::new(issuer, &app.client_id, key, exchange, Arc::clone(&clock))
        .dpop(dpop.rotate_every(config.oauth.dpop_key_rotation_interval));
    Ok(OAuthAuthenticator::new(source, &app.scopes, clock).renewal_offset(config.oauth.token_renewal_offset))
}
