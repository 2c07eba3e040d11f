//! Access tokens: who has which, and what they are good for.

use http::{HeaderName, Method, StatusCode, header};
use jiff::Timestamp;

use crate::{
    base::ids::Ids,
    jose::jwk::sha256,
    protocol::{error::ApiError, oauth_error::DPOP_NONCE},
    state::oauth::{
        dpop::{self, ALGORITHMS, Subject},
        servers::OAuth,
    },
};

/// A request to the management API that came with an access token.
pub(crate) struct Bearer<'a> {
    pub(crate) method: &'a Method,
    pub(crate) headers: &'a http::HeaderMap,
    pub(crate) origin: &'a str,
    pub(crate) path: &'a str,
    /// The scope that the operation needs, for the challenge.
    pub(crate) scope: &'a str,
    pub(crate) dpop: bool,
    pub(crate) token: &'a str,
    pub(crate) now: Timestamp,
}

impl Bearer<'_> {
    /// The `WWW-Authenticate` header, as Okta writes it.
    fn challenge(&self, error: &str, description: &str) -> String {
        let Self {
            origin, path, scope, ..
        } = self;
        let scheme = if self.dpop {
            format!("DPoP algs=\"{}\",", ALGORITHMS.join(" "))
        } else {
            "Bearer".to_owned()
        };
        format!(
            "{scheme} authorization_uri=\"{origin}/oauth2/v1/authorize\", realm=\"{origin}\", scope=\"{scope}\", \
             error=\"{error}\", error_description=\"{description}\", resource=\"{path}\""
        )
    }

    fn refuse(&self, refusal: ApiError, error: &str, description: &str) -> ApiError {
        refusal.header(header::WWW_AUTHENTICATE, self.challenge(error, description))
    }

    fn invalid_token(&self) -> ApiError {
        self.refuse(
            ApiError::invalid_token(),
            "invalid_token",
            "The access token is invalid.",
        )
    }

    fn invalid_proof(&self, description: &str) -> ApiError {
        // Okta says this in the header alone.
        self.refuse(
            ApiError::empty(StatusCode::BAD_REQUEST),
            "invalid_dpop_proof",
            description,
        )
    }

    /// The refusal of a call that needs a scope which the token does not have.
    pub(crate) fn insufficient_scope(&self) -> ApiError {
        self.refuse(
            ApiError::forbidden(),
            "insufficient_scope",
            "The access token provided does not contain the required scopes.",
        )
    }
}

/// What a good token says.
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    /// The nonce for the next proof, if it is another than the one that was used.
    pub(crate) next_nonce: Option<(HeaderName, String)>,
}

impl OAuth {
    /// Checks a token, and the proof that comes with it if it is bound to a key.
    pub(crate) fn admit(&mut self, request: &Bearer<'_>, ids: &mut Ids) -> Result<Grant, ApiError> {
        let access = self
            .tokens
            .get(request.token)
            .filter(|access| access.expires > request.now && access.server.is_none())
            .ok_or_else(|| request.invalid_token())?;
        let mut grant = Grant {
            client_id: access.client_id.clone(),
            scopes: access.scopes.clone(),
            next_nonce: None,
        };
        let bound_to = match (&access.bound_to, request.dpop) {
            (None, false) => return Ok(grant),
            (Some(key), true) => key,
            (None, true) | (Some(_), false) => return Err(request.invalid_token()),
        };
        let subject = Subject {
            headers: request.headers,
            method: request.method.as_str(),
            url: format!("{}{}", request.origin, request.path),
            now: request.now.as_second(),
        };
        let proof = dpop::proof(&subject, &mut self.proofs).map_err(|problem| request.invalid_proof(&problem))?;
        let proof = proof.ok_or_else(|| request.invalid_proof("The DPoP proof JWT header is missing."))?;
        if proof.thumbprint != *bound_to {
            return Err(
                request.invalid_proof("The DPoP proof JWT is not signed with the key the access token is bound to.")
            );
        }
        if proof.token_hash.as_deref() != Some(sha256(request.token.as_bytes()).as_str()) {
            return Err(request.invalid_proof("'ath' claim in the DPoP proof JWT is invalid."));
        }
        if self.settings.resource_nonces {
            let rotation = self.settings.nonces;
            let checked = self
                .resource_nonces
                .check(proof.nonce.as_deref(), rotation, ids, request.now);
            checked.map_err(|nonce| {
                request
                    .refuse(
                        ApiError::empty(StatusCode::UNAUTHORIZED),
                        "use_dpop_nonce",
                        "Resource server requires nonce in DPoP proof.",
                    )
                    .header(DPOP_NONCE, nonce)
            })?;
            let next = self.resource_nonces.next(rotation, ids, request.now);
            grant.next_nonce = (Some(&next) != proof.nonce.as_ref()).then_some((DPOP_NONCE, next));
        }
        Ok(grant)
    }
}
