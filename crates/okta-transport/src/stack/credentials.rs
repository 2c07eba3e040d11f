//! Where the credentials come from.

use std::{fmt, sync::Arc, time::Duration};

use okta_auth::{AuthError, Clock, SharedAuthenticator, SharedHttpExchange};

use super::StackBuilder;
use crate::{
    error::build_error::BuildError,
    layers::{
        attempt_timeout::AttemptTimeoutLayer, buffer_body::BufferBodyLayer, default_headers::DefaultHeadersLayer,
    },
    service::http_service::HttpService,
};

/// A token endpoint that is silent for longer blocks all calls that wait for the token.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(30);

type Make = Box<dyn FnOnce(SharedHttpExchange, Arc<dyn Clock>) -> Result<SharedAuthenticator, AuthError> + Send>;

/// Where the credentials come from.
pub(super) enum CredentialsFrom {
    Nowhere,
    Authenticator(SharedAuthenticator),
    /// From one that is made when the rest of the stack is there, for it sends requests itself.
    Made(Make),
}

impl StackBuilder {
    /// Takes the credentials from here ([`AuthLayer`](crate::auth::AuthLayer)). Without an authenticator requests go as they
    /// are, and anywhere.
    pub fn authenticator(mut self, authenticator: impl Into<SharedAuthenticator>) -> Self {
        self.credentials = CredentialsFrom::Authenticator(authenticator.into());
        self
    }

    /// Takes the credentials from an authenticator that fetches tokens: `make` gets what they can be fetched with, and
    /// the clock of the stack.
    ///
    /// They are fetched over the same connections, proxy and TLS settings as everything else, but without credentials,
    /// retries, limits, cache and custom layers. A request takes 30 seconds at most, the body of its response included.
    pub fn authenticator_with<A: Into<SharedAuthenticator>>(
        mut self,
        make: impl FnOnce(SharedHttpExchange, Arc<dyn Clock>) -> Result<A, AuthError> + Send + 'static,
    ) -> Self {
        self.credentials = CredentialsFrom::Made(Box::new(|exchange, clock| make(exchange, clock).map(Into::into)));
        self
    }
}

impl CredentialsFrom {
    pub(super) fn are_set(&self) -> bool {
        !matches!(self, Self::Nowhere)
    }

    /// The authenticator, made if it has to be; `service` sends requests without credentials.
    pub(super) fn resolve(
        self,
        service: HttpService,
        buffer: &BufferBodyLayer,
        headers: DefaultHeadersLayer,
        clock: &Arc<dyn Clock>,
    ) -> Result<Option<SharedAuthenticator>, BuildError> {
        match self {
            Self::Nowhere => Ok(None),
            Self::Authenticator(authenticator) => Ok(Some(authenticator)),
            Self::Made(make) => {
                // Its timeout covers the body, which is as small as that of an error.
                let exchange = service
                    .layer(buffer.clone().for_small_bodies().clock(clock.clone()))
                    .layer(AttemptTimeoutLayer::new(TOKEN_TIMEOUT).clock(clock.clone()))
                    .layer(headers);
                let made = make(exchange.into(), clock.clone());
                made.map(Some).map_err(BuildError::Authenticator)
            }
        }
    }
}

impl fmt::Debug for CredentialsFrom {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => formatter.write_str("None"),
            Self::Authenticator(authenticator) => authenticator.fmt(formatter),
            Self::Made(_) => formatter.write_str("made with the stack"),
        }
    }
}
