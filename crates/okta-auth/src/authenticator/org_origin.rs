use http::{HeaderValue, Uri, uri::Authority};
use okta_config::OrgUrl;

use crate::error::auth_error::AuthError;

/// The one scheme, host and port that credentials may be sent to.
///
/// Addresses come from many places (a link to the next page, a redirect, a path a user has put together), and an attacker
/// who can make a client send its credentials elsewhere has them. So every attempt is checked right before credentials are
/// requested. Plain `http` is admitted only if the [`OrgUrl`] itself is `http`, which takes a switch for tests.
///
/// ```
/// use okta_auth::OrgOrigin;
/// use okta_config::OrgUrl;
///
/// let origin = OrgOrigin::new(&OrgUrl::parse("https://acme.okta.com")?);
/// assert!(origin.admits(&"https://ACME.okta.com:443/api/v1/users".parse()?).is_ok());
/// assert!(origin.admits(&"https://acme.okta.com.evil.example/api/v1/users".parse()?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrgOrigin {
    org_url: OrgUrl,
    /// The same, as it stands in the address of almost every request.
    usual: Option<Uri>,
}

impl OrgOrigin {
    /// The origin of this org.
    #[must_use]
    pub fn new(org_url: &OrgUrl) -> Self {
        Self {
            org_url: org_url.clone(),
            usual: org_url.as_str().parse().ok(),
        }
    }

    /// Checks that credentials may be sent to `uri`: same scheme, same host in any case, same port, no user name.
    ///
    /// # Errors
    ///
    /// [`AuthError::ForeignOrigin`] names both origins.
    pub fn admits(&self, uri: &Uri) -> Result<(), AuthError> {
        if self.is_usual(uri) {
            return Ok(());
        }
        match (uri.scheme_str(), uri.authority()) {
            (Some(scheme), Some(authority)) if self.is(scheme, authority) => Ok(()),
            (scheme, authority) => Err(AuthError::ForeignOrigin {
                org: self.org_url.as_str().into(),
                // Without the part before `@`: it could be a password.
                target: format!(
                    "{}://{}",
                    scheme.unwrap_or("(no scheme)"),
                    authority.map_or("(no host)", |authority| after_user(authority.as_str())),
                )
                .into(),
            }),
        }
    }

    /// Checks a `Host` header that a request brings along: it must name the org, as the address itself does. A proxy, or a
    /// server with several names, may go by it instead of the address.
    ///
    /// # Errors
    ///
    /// [`AuthError::ForeignHost`] names both.
    pub fn admits_host(&self, host: &HeaderValue) -> Result<(), AuthError> {
        match Authority::try_from(host.as_bytes()) {
            Ok(authority) if self.is(self.org_url.scheme(), &authority) => Ok(()),
            _ => Err(AuthError::ForeignHost {
                org: self.org_url.as_str().into(),
                host: after_user(&String::from_utf8_lossy(host.as_bytes())).into(),
            }),
        }
    }

    /// Whether scheme and authority are written as in the org's URL. Comparing the text costs a small part of comparing its
    /// parts.
    fn is_usual(&self, uri: &Uri) -> bool {
        match (&self.usual, uri.authority()) {
            (Some(usual), Some(authority)) => {
                let usual_authority = usual.authority().map(Authority::as_str);
                usual.scheme() == uri.scheme() && usual_authority == Some(authority.as_str())
            }
            _ => false,
        }
    }

    fn is(&self, scheme: &str, authority: &Authority) -> bool {
        scheme.eq_ignore_ascii_case(self.org_url.scheme())
            && authority.host().eq_ignore_ascii_case(self.org_url.host())
            && port(authority, self.org_url.scheme()) == Some(self.org_url.port_or_default())
    }
}

/// The port a client would connect to, or `None` where the authority holds more than a host and a port.
fn port(authority: &Authority, scheme: &str) -> Option<u16> {
    match authority.as_str().strip_prefix(authority.host())? {
        "" if scheme == "https" => Some(443),
        "" => Some(80),
        rest if rest.contains('@') => None,
        _ => authority.port_u16(),
    }
}

fn after_user(authority: &str) -> &str {
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}
