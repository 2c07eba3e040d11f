use std::fmt;

use okta_config::OrgUrl;

use crate::error::auth_error::AuthError;

/// Who issues the tokens: the org itself, or one of its custom authorization servers.
///
/// Only the org issues tokens for Okta's management API (scopes that begin with `okta.`).
///
/// ```
/// use okta_auth::Issuer;
/// use okta_config::OrgUrl;
///
/// let org_url = OrgUrl::parse("https://acme.okta.com/")?;
/// assert_eq!(Issuer::org(&org_url).token_endpoint(), "https://acme.okta.com/oauth2/v1/token");
/// assert_eq!(
///     Issuer::parse("https://acme.okta.com/oauth2/default/")?.token_endpoint(),
///     "https://acme.okta.com/oauth2/default/v1/token",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Issuer {
    text: Box<str>,
    token_endpoint: Box<str>,
}

impl Issuer {
    /// The org.
    #[must_use]
    pub fn org(org_url: &OrgUrl) -> Self {
        Self {
            text: org_url.as_str().into(),
            token_endpoint: format!("{org_url}/oauth2/v1/token").into(),
        }
    }

    /// A custom authorization server of the org, by its id, such as `default`.
    ///
    /// # Errors
    ///
    /// [`AuthError::Issuer`] for an invalid id.
    pub fn custom(org_url: &OrgUrl, id: &str) -> Result<Self, AuthError> {
        if id.is_empty()
            || !id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        {
            return Err(AuthError::Issuer {
                reason: "the id of a custom authorization server has letters and digits only, such as `default`".into(),
            });
        }
        let text = format!("{org_url}/oauth2/{id}");
        Ok(Self {
            token_endpoint: format!("{text}/v1/token").into(),
            text: text.into(),
        })
    }

    /// Reads the address of an issuer: that of an org (`https://acme.okta.com`), of a custom authorization server
    /// (`https://acme.okta.com/oauth2/default`) or of the token endpoint of either. `https` only.
    ///
    /// # Errors
    ///
    /// [`AuthError::Issuer`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, AuthError> {
        let text = text.trim().trim_end_matches('/');
        let text = text.strip_suffix("/v1/token").unwrap_or(text);
        let (org, id) = match text.split_once("/oauth2") {
            Some((org, "")) => (org, None),
            Some((org, id)) if id.starts_with('/') => (org, Some(id.trim_start_matches('/'))),
            _ => (text, None),
        };
        let org_url = OrgUrl::parse(org).map_err(|error| AuthError::Issuer {
            reason: error.to_string().into(),
        })?;
        match id {
            None => Ok(Self::org(&org_url)),
            Some(id) => Self::custom(&org_url, id),
        }
    }

    /// The issuer, as in its tokens (`iss`).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address tokens are fetched from, and the audience (`aud`) of the assertions that go there.
    #[must_use]
    pub const fn token_endpoint(&self) -> &str {
        &self.token_endpoint
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Issuer").field(&self.text).finish()
    }
}
