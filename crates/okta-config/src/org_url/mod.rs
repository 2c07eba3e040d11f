//! The address of an Okta org, checked once so that nothing downstream has to doubt it.

pub(crate) mod error;

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use crate::org_url::error::{OrgUrlError, OrgUrlFault};
use crate::rules;

/// The domains of Okta's own org hosts; below them `acme-admin` is the admin console of `acme`.
const OKTA_DOMAINS: [&str; 7] = [
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
    "okta-miltest.com",
    "trex-govcloud.com",
];

/// The address of an Okta org: a scheme, a host and perhaps a port, nothing else.
///
/// Every request path is appended to it and every credential is bound to it, so it is checked on the parsed URL when it
/// is made: `https` only, no path, query or user name, no admin console, no placeholder left from a sample. A trailing
/// slash is dropped.
///
/// ```
/// use okta_config::OrgUrl;
///
/// let org_url = OrgUrl::parse("https://acme.okta.com/")?;
/// assert_eq!(org_url.as_str(), "https://acme.okta.com");
/// assert_eq!(org_url.host(), "acme.okta.com");
/// assert_eq!(org_url.port_or_default(), 443);
///
/// let error = OrgUrl::parse("https://acme-admin.okta.com").unwrap_err();
/// assert!(error.to_string().contains("https://acme.okta.com"));
/// # Ok::<(), okta_config::OrgUrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OrgUrl {
    text: Box<str>,
    /// Where the host is in `text`.
    host: std::ops::Range<usize>,
    port: Option<u16>,
}

/// Which schemes an org URL may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HttpsCheck {
    On,
    Off,
}

impl OrgUrl {
    /// Reads an org URL, `https` only.
    ///
    /// # Errors
    ///
    /// [`OrgUrlError`] lists every rule the text breaks, each with its remedy.
    pub fn parse(text: &str) -> Result<Self, OrgUrlError> {
        Self::parse_checked(text, HttpsCheck::On)
    }

    /// Reads an org URL and allows `http`, for an emulator or a recording proxy in tests.
    ///
    /// Credentials would travel in clear text: never use it against a real org. A [`ClientConfig`](crate::ClientConfig)
    /// takes an `http` URL only with [`https_check_disabled`](crate::ClientConfig::https_check_disabled).
    ///
    /// # Errors
    ///
    /// As [`OrgUrl::parse`], without the `https` rule.
    pub fn parse_without_https_check(text: &str) -> Result<Self, OrgUrlError> {
        Self::parse_checked(text, HttpsCheck::Off)
    }

    fn parse_checked(text: &str, https_check: HttpsCheck) -> Result<Self, OrgUrlError> {
        let text = text.trim();
        // These make the rest meaningless: a parser would only complain about their consequences.
        if text.is_empty() {
            return Err(OrgUrlFault::Empty.into());
        }
        if rules::quoted(text).is_some() {
            return Err(OrgUrlFault::Quoted.into());
        }
        if text.contains(['{', '}']) {
            return Err(OrgUrlFault::Placeholder.into());
        }
        match text.matches("://").count() {
            0 => return Err(OrgUrlFault::no_scheme(text).into()),
            1 => {}
            _ => return Err(OrgUrlFault::RepeatedScheme.into()),
        }
        let url = Url::parse(text).map_err(|error| OrgUrlFault::Malformed(error.to_string()))?;
        let host = match url.host() {
            // Schemes unknown to the URL standard keep their host as opaque text; the scheme is refused below.
            Some(Host::Domain(domain)) => domain.trim_end_matches('.').to_ascii_lowercase(),
            Some(_) => String::new(),
            None => return Err(OrgUrlFault::NoHost.into()),
        };
        let faults = faults(&url, &host, https_check);
        if !faults.is_empty() {
            return Err(OrgUrlError::new(faults));
        }
        Ok(Self::from_checked(&url))
    }

    fn from_checked(url: &Url) -> Self {
        let scheme = url.scheme();
        let host = url.host_str().unwrap_or_default();
        let port = url.port();
        let start = scheme.len() + "://".len();
        let text = match port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Self {
            host: start..start + host.len(),
            port,
            text: text.into(),
        }
    }

    /// `https`, or `http` where the check was switched off.
    #[must_use]
    pub fn scheme(&self) -> &str {
        if self.text.starts_with("https://") {
            "https"
        } else {
            "http"
        }
    }

    /// The host name in lower case; an IPv6 address is in brackets, as in a URL.
    #[must_use]
    pub fn host(&self) -> &str {
        self.text.get(self.host.clone()).unwrap_or_default()
    }

    /// The port, `None` if it is the scheme's own.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The port to connect to: the written one, else 443 for `https` and 80 for `http`.
    #[must_use]
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or(if self.scheme() == "https" { 443 } else { 80 })
    }

    /// The whole URL without a trailing slash, ready to have a path appended.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns true if a request to this org stays on this machine, as one to an emulator does.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match Host::parse(self.host()) {
            Ok(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
            Ok(Host::Ipv4(address)) => address.is_loopback(),
            Ok(Host::Ipv6(address)) => address.is_loopback(),
            Err(_) => false,
        }
    }
}

/// Every rule a well-formed URL breaks.
fn faults(url: &Url, domain: &str, https_check: HttpsCheck) -> Vec<OrgUrlFault> {
    let mut faults = Vec::new();
    match (url.scheme(), https_check) {
        ("https", _) | ("http", HttpsCheck::Off) => {}
        (scheme, _) => faults.push(OrgUrlFault::NotHttps {
            scheme: scheme.to_owned(),
        }),
    }
    if !url.username().is_empty() || url.password().is_some() {
        faults.push(OrgUrlFault::UserInfo);
    }
    if let Some((org, okta_domain)) = OKTA_DOMAINS
        .iter()
        .find_map(|okta| Some((domain.strip_suffix(okta)?.strip_suffix("-admin.")?, okta)))
    {
        faults.push(OrgUrlFault::AdminConsole {
            remedy_host: format!("{org}.{okta_domain}"),
        });
    }
    if domain.ends_with(".com.com") {
        faults.push(OrgUrlFault::DoubledDotCom {
            remedy_host: domain.trim_end_matches(".com").to_owned() + ".com",
        });
    }
    if url.port() == Some(0) {
        faults.push(OrgUrlFault::PortZero);
    }
    if !matches!(url.path(), "" | "/") {
        faults.push(OrgUrlFault::Path);
    }
    if url.query().is_some() {
        faults.push(OrgUrlFault::Query);
    }
    if url.fragment().is_some() {
        faults.push(OrgUrlFault::Fragment);
    }
    faults
}

impl FromStr for OrgUrl {
    type Err = OrgUrlError;

    fn from_str(text: &str) -> Result<Self, OrgUrlError> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for OrgUrl {
    type Error = OrgUrlError;

    fn try_from(text: &str) -> Result<Self, OrgUrlError> {
        Self::parse(text)
    }
}

impl AsRef<str> for OrgUrl {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OrgUrl").field(&self.text).finish()
    }
}
