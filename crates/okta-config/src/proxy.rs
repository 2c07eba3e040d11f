//! The proxy that requests go through: how it is written, as settings or as one URL.

use std::{fmt, str::FromStr};

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::{Host, Url};

use crate::error::Fault;
use crate::rules;
use crate::setting::Setting;

/// The proxy all requests go through. `Debug` shows no password.
///
/// One with credentials is easiest written as a URL. What has a meaning in URLs (`@`, `/`, `%`, …) is written there with
/// percent signs; the fields hold plain text.
///
/// ```
/// use okta_config::{ProxyConfig, ProxyScheme, secrecy::ExposeSecret};
///
/// let proxy: ProxyConfig = "socks5h://acme:p%40ss%3Aword@proxy.example.com".parse()?;
/// assert_eq!(proxy.scheme, ProxyScheme::Socks5h);
/// assert_eq!(proxy.address(), "socks5h://proxy.example.com:1080");
/// assert_eq!(proxy.password.unwrap().expose_secret(), "p@ss:word");
/// # Ok::<(), okta_config::ProxyUrlError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProxyConfig {
    /// Its protocol; `http` by default.
    pub scheme: ProxyScheme,
    /// Its host name or address, without scheme and port.
    pub host: String,
    /// Its port; `None` is the usual one of the scheme: 80, 443 or 1080.
    pub port: Option<u16>,
    /// The user name, if it asks for one.
    pub username: Option<String>,
    /// The password that goes with the user name.
    pub password: Option<SecretString>,
    /// The hosts that are reached without it, in the form of the variable `NO_PROXY`: names (which stand for what is below
    /// them too), addresses and networks such as `10.0.0.0/8`, with commas between them, or `*` for all. `host:port` matches on
    /// that port only. Case and a dot at the end of a name do not matter. The transport ignores an entry that it cannot read,
    /// with a warning that names it.
    pub no_proxy: Option<String>,
}

impl ProxyConfig {
    /// An `http` proxy that asks for no credentials.
    pub fn new(host: impl Into<String>, port: Option<u16>) -> Self {
        Self {
            scheme: ProxyScheme::Http,
            host: host.into(),
            port,
            username: None,
            password: None,
            no_proxy: None,
        }
    }

    /// The port, the usual one of the scheme included.
    #[must_use]
    pub fn effective_port(&self) -> u16 {
        self.port.unwrap_or(self.scheme.default_port())
    }

    /// Scheme, host and port, to show: `http://proxy.example.com:3128`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}://{}", self.scheme, self.authority())
    }

    /// Host and port, to connect to: a name as DNS has it, an IPv6 address in brackets.
    #[must_use]
    pub fn authority(&self) -> String {
        let port = self.effective_port();
        match Host::parse(&self.host) {
            Ok(host) => format!("{host}:{port}"),
            Err(_) if self.host.contains(':') => format!("[{}]:{port}", self.host),
            Err(_) => format!("{}:{port}", self.host),
        }
    }

    /// Every rule it breaks.
    pub(crate) fn faults(&self) -> Vec<(Setting, Fault)> {
        let mut faults = Vec::new();
        faults.extend(rules::proxy_host(&self.host).map(|fault| (Setting::ProxyHost, fault)));
        faults.extend(
            self.port
                .and_then(rules::proxy_port)
                .map(|fault| (Setting::ProxyPort, fault)),
        );
        faults.extend(self.fault_of_credentials());
        faults
    }

    /// What is wrong with the user name or the password.
    pub(crate) fn fault_of_credentials(&self) -> Option<(Setting, Fault)> {
        rules::proxy_credentials(self.scheme.is_http(), self.username.as_deref(), self.password.as_ref())
    }
}

/// The protocol of a proxy. Through each of them TLS to the org goes unopened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyScheme {
    /// HTTP in clear text: the method `CONNECT` (RFC 9110 §9.3.6).
    #[default]
    Http,
    /// The same over TLS, so that the credentials for the proxy are not readable on the way to it.
    Https,
    /// SOCKS 5 (RFC 1928); the name of the org is looked up here.
    Socks5,
    /// SOCKS 5; the name of the org is looked up by the proxy.
    Socks5h,
}

impl ProxyScheme {
    const ALL: [Self; 4] = [Self::Http, Self::Https, Self::Socks5, Self::Socks5h];

    /// The part before `://`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }

    /// The port if none is written.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 | Self::Socks5h => 1080,
        }
    }

    /// Returns true if credentials go to it in a header rather than in SOCKS messages.
    pub(crate) const fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }
}

impl fmt::Display for ProxyScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Splits `scheme://rest`; without a scheme it is `http`.
pub(crate) fn split_scheme(text: &str) -> Result<(ProxyScheme, &str), Fault> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok((ProxyScheme::Http, text));
    };
    let known = |known: &ProxyScheme| known.as_str().eq_ignore_ascii_case(scheme);
    match ProxyScheme::ALL.into_iter().find(known) {
        Some(scheme) => Ok((scheme, rest)),
        // Not shown: it may be the beginning of a password.
        None => Err(Fault::new(
            "has a scheme that is not that of a proxy",
            "use http://, https://, socks5:// or socks5h://",
        )),
    }
}

impl FromStr for ProxyConfig {
    type Err = ProxyUrlError;

    /// Reads `scheme://user:password@host:port`; all but the host may be left out.
    fn from_str(text: &str) -> Result<Self, ProxyUrlError> {
        read_url(text.trim()).map_err(ProxyUrlError)
    }
}

fn read_url(text: &str) -> Result<ProxyConfig, Fault> {
    let (scheme, rest) = split_scheme(text)?;
    let no_url = || {
        Fault::new(
            "is not the URL of a proxy",
            "write http://user:password@host:port, with what is special in a URL as percent signs: @ as %40, / as %2F, \
             % as %25",
        )
    };
    // With a scheme the crate does not know it takes no port for the default one and leaves it in.
    let url = Url::parse(&format!("proxy://{rest}")).map_err(|_| no_url())?;
    let host = url
        .host_str()
        .and_then(|host| Host::parse(host).ok())
        .ok_or_else(no_url)?;
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(no_url());
    }
    let plain = |encoded: &str| {
        let decoded = percent_decode_str(encoded).decode_utf8();
        decoded.map(String::from).map_err(|_| {
            Fault::new(
                "has credentials that are not UTF-8 once their percent signs are resolved",
                "encode the UTF-8 bytes of each character",
            )
        })
    };
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    let mut proxy = ProxyConfig::new(host.to_string(), url.port());
    proxy.scheme = scheme;
    if has_credentials {
        proxy.username = Some(plain(url.username())?);
        proxy.password = Some(plain(url.password().unwrap_or_default())?.into());
    }
    match proxy.faults().into_iter().next() {
        Some((_, fault)) => Err(fault),
        None => Ok(proxy),
    }
}

/// A text is not the URL of a proxy. The text itself is not shown, for it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyUrlError(pub(crate) Fault);

impl fmt::Display for ProxyUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy URL {}: {}", self.0.message, self.0.remedy)
    }
}

impl std::error::Error for ProxyUrlError {}
