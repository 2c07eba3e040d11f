use http::header::AUTHORIZATION;
use serde::Deserialize;

use crate::{authenticator::credentials::Credentials, jose::jwt::from_base64url, scope_set::ScopeSet};

/// What an access token says about itself, if it is a JSON Web Token (RFC 9068), as Okta's are.
///
/// The signature is not checked: use it to explain what a server does with the token, never to decide whether a token is
/// valid. It holds no secret, so it may be logged.
///
/// ```
/// use http::HeaderValue;
/// use okta_auth::{Credentials, TokenClaims};
///
/// // {"scp":["okta.users.read"],"cid":"0oa1","exp":1700000000} between two other parts.
/// let token = "Bearer e30.eyJzY3AiOlsib2t0YS51c2Vycy5yZWFkIl0sImNpZCI6IjBvYTEiLCJleHAiOjE3MDAwMDAwMDB9.c2ln";
/// let credentials = Credentials::authorization(HeaderValue::from_static(token));
/// let claims = TokenClaims::of(&credentials).ok_or("it is not a JSON Web Token")?;
/// assert!(claims.scopes().is_some_and(|scopes| scopes.contains("okta.users.read")));
/// assert_eq!(claims.client_id(), Some("0oa1"));
/// assert_eq!(claims.expires_at(), Some(1_700_000_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenClaims {
    scopes: Option<ScopeSet>,
    client_id: Option<Box<str>>,
    issuer: Option<Box<str>>,
    expires_at: Option<u64>,
    is_bound: bool,
}

/// The claims that are read. Others are skipped.
#[derive(Deserialize)]
struct Claims {
    /// Okta's list.
    scp: Option<Vec<String>>,
    /// The same by RFC 9068 §2.2.3.
    scope: Option<String>,
    cid: Option<Box<str>>,
    client_id: Option<Box<str>>,
    iss: Option<Box<str>>,
    exp: Option<u64>,
    cnf: Option<serde::de::IgnoredAny>,
}

impl TokenClaims {
    /// Reads the claims of the access token in the `Authorization` header; `None` if there is none, or if it is not a JSON
    /// Web Token with claims of the usual types.
    #[must_use]
    pub fn of(credentials: &Credentials) -> Option<Self> {
        let header = credentials.headers().get(AUTHORIZATION)?.to_str().ok()?;
        let (_, token) = header.split_once(' ')?;
        Self::read(token)
    }

    fn read(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return None;
        };
        let claims: Claims = serde_json::from_slice(&from_base64url(claims)?).ok()?;
        let scopes = claims.scp.map(ScopeSet::from_iter);
        Some(Self {
            scopes: scopes.or_else(|| claims.scope.map(|scope| [scope].into_iter().collect())),
            client_id: claims.cid.or(claims.client_id),
            issuer: claims.iss,
            expires_at: claims.exp,
            is_bound: claims.cnf.is_some(),
        })
    }

    /// The scopes that were granted (`scp`, or `scope`).
    #[must_use]
    pub fn scopes(&self) -> Option<&ScopeSet> {
        self.scopes.as_ref()
    }

    /// The id of the app that the token was issued to (`cid`, or `client_id`).
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The authorization server that issued the token (`iss`).
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// When the token expires (`exp`), in seconds since 1970.
    #[must_use]
    pub const fn expires_at(&self) -> Option<u64> {
        self.expires_at
    }

    /// Returns true if the token is bound to a key (`cnf`), so that each request needs a proof (RFC 9449, RFC 8705).
    #[must_use]
    pub const fn is_bound(&self) -> bool {
        self.is_bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::jwt::base64url;

    fn read(claims: &str) -> Option<TokenClaims> {
        TokenClaims::read(&format!("e30.{}.c2ln", base64url(claims.as_bytes())))
    }

    #[test]
    fn the_claims_of_okta_and_of_the_rfc_are_read() {
        let okta = read(r#"{"scp":["a","b"],"cid":"0oa1","iss":"https://acme.okta.com","exp":5,"cnf":{"jkt":"x"}}"#);
        let rfc = read(r#"{"scope":"b a","client_id":"0oa1","iss":"https://acme.okta.com","exp":5,"cnf":{"x":1}}"#);
        assert_eq!(okta, rfc);
        let claims = okta.unwrap();
        assert_eq!(claims.scopes().unwrap().to_string(), "a b");
        assert_eq!(claims.issuer(), Some("https://acme.okta.com"));
        assert!(claims.is_bound());
    }

    #[test]
    fn what_is_not_said_is_not_known() {
        let claims = read("{}").unwrap();
        assert_eq!(
            (claims.scopes(), claims.client_id(), claims.expires_at()),
            (None, None, None)
        );
        assert!(!claims.is_bound());
    }

    #[test]
    fn other_tokens_have_no_claims() {
        for token in [
            "",
            "00canary",
            "a.b",
            "a.b.c",
            "a.e30.c.d",
            "e30.W10.c2ln",
            "..",
            "a.e30=.c",
        ] {
            assert_eq!(TokenClaims::read(token), None, "{token}");
        }
        assert_eq!(read(r#"{"exp":"soon"}"#), None);
    }
}
