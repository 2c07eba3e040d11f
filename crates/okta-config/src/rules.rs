//! What makes a value usable, wherever it came from: rules over plain values, for the loader and for configurations that code
//! wrote.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Host;

use crate::error::Fault;
use crate::setting::Setting;

/// Okta's credentials and ids have no braces in them, its samples do.
fn is_placeholder(text: &str) -> bool {
    text.contains(['{', '}']) || text.starts_with("YOUR_")
}

pub(crate) fn empty() -> Fault {
    Fault::new("is empty", "give it a value or leave it out")
}

fn placeholder() -> Fault {
    Fault::new(
        "is still the placeholder of a sample",
        "put your own value in its place",
    )
}

/// A value with the quotation marks that a shell would have taken off. `--env-file` of docker, systemd and a text that was
/// copied with its marks leave them on, and with them nothing works.
pub(crate) fn quoted(text: &str) -> Option<Fault> {
    const PAIRS: [(char, char); 7] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u{201c}', '\u{201d}'),
        ('\u{201e}', '\u{201c}'),
        ('\u{2018}', '\u{2019}'),
        ('\u{ab}', '\u{bb}'),
    ];
    let text = text.trim();
    let is_quoted = |(open, close): (char, char)| {
        let Some(rest) = text.strip_prefix(open) else {
            return false;
        };
        // A comment may follow: `OKTA_CLIENT_TOKEN="00abc" # of the test org`.
        rest.ends_with(close)
            || rest
                .split_once(close)
                .is_some_and(|(_, after)| after.trim_start().starts_with('#'))
    };
    PAIRS.into_iter().any(is_quoted).then(|| {
        Fault::new(
            "is in quotation marks, which are a part of the value here",
            "take them off: an --env-file is not read by a shell, so its lines have no quotation marks; in YAML and code \
             one pair is enough",
        )
    })
}

pub(crate) fn token(secret: &SecretString) -> Option<Fault> {
    let text = secret.expose_secret();
    if text.trim().is_empty() {
        return Some(empty());
    }
    if is_placeholder(text) {
        return Some(placeholder());
    }
    if let Some(fault) = quoted(text) {
        return Some(fault);
    }
    let fits_a_header = text.bytes().all(|byte| byte.is_ascii_graphic());
    (!fits_a_header).then(|| {
        Fault::new(
            "holds white space or characters no header can carry",
            "copy the token again, without its surroundings",
        )
    })
}

pub(crate) fn client_id(text: &str) -> Option<Fault> {
    if text.trim().is_empty() {
        return Some(empty());
    }
    is_placeholder(text).then(placeholder).or_else(|| quoted(text))
}

/// Scopes as RFC 6749 §3.3 allows them.
pub(crate) fn scopes(scopes: &[String]) -> Option<Fault> {
    if scopes.is_empty() {
        return Some(empty());
    }
    if scopes.iter().any(|scope| is_placeholder(scope)) {
        return Some(placeholder());
    }
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    let malformed = scopes
        .iter()
        .find(|scope| scope.is_empty() || !scope.bytes().all(allowed))?;
    Some(Fault::new(
        format!("has the scope {malformed:?}, which OAuth 2.0 does not allow"),
        "write a list, or one text with commas or spaces between the scopes, without quotes",
    ))
}

pub(crate) fn user_agent(text: &str) -> Option<Fault> {
    let fits_a_header = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    (!fits_a_header).then(|| Fault::new("holds characters no header can carry", "use printable ASCII"))
}

/// From an hour to 90 days, as the Python SDK has it.
pub(crate) fn dpop_key_rotation(interval: Duration) -> Option<Fault> {
    const SHORTEST: Duration = Duration::from_secs(60 * 60);
    const LONGEST: Duration = Duration::from_secs(90 * 24 * 60 * 60);
    (!(SHORTEST..=LONGEST).contains(&interval)).then(|| {
        Fault::new(
            format!("is {} s", interval.as_secs_f64()),
            format!(
                "choose from {} (1 hour) to {} (90 days)",
                SHORTEST.as_secs(),
                LONGEST.as_secs()
            ),
        )
    })
}

pub(crate) fn proxy_host(text: &str) -> Option<Fault> {
    if text.trim().is_empty() {
        return Some(empty());
    }
    if is_placeholder(text) {
        return Some(placeholder());
    }
    // An IPv6 address is welcome with and without its brackets.
    let is_host = Host::parse(text).is_ok() || text.parse::<std::net::Ipv6Addr>().is_ok();
    // Not shown: a whole proxy URL may hold a password.
    (!is_host).then(|| {
        Fault::new(
            "is not a host name or address",
            "write the host only; for another kind of proxy than http begin it with https://, socks5:// or socks5h:// in a \
             file or a variable, and set `scheme` in code; port, username and password have keys of their own",
        )
    })
}

pub(crate) fn proxy_port(port: u16) -> Option<Fault> {
    (port == 0).then(|| Fault::new("is 0", "write a port from 1 to 65535"))
}

/// A user name and a password go together, and the scheme must be able to carry them.
pub(crate) fn proxy_credentials(
    is_http: bool,
    username: Option<&str>,
    password: Option<&SecretString>,
) -> Option<(Setting, Fault)> {
    let missing = |missing, fault: &str, other| {
        let remedy = format!("set it, or leave out {other}");
        Some((missing, Fault::new(fault, remedy)))
    };
    match (username, password) {
        (None, None) => None,
        (Some(_), None) => missing(
            Setting::ProxyPassword,
            "is missing while there is a user name",
            Setting::ProxyUsername,
        ),
        (None, Some(_)) => missing(
            Setting::ProxyUsername,
            "is missing while there is a password",
            Setting::ProxyPassword,
        ),
        (Some(username), Some(password)) if is_http => http_credentials(username, password.expose_secret()),
        (Some(username), Some(password)) => [
            (Setting::ProxyUsername, username),
            (Setting::ProxyPassword, password.expose_secret()),
        ]
        .into_iter()
        .find(|(_, text)| text.len() > usize::from(u8::MAX))
        .map(|(setting, _)| {
            let fault = Fault::new("is longer than the 255 bytes that SOCKS has room for", "shorten it");
            (setting, fault)
        }),
    }
}

/// RFC 7617 §2: the user name ends at the first colon, and neither may contain control characters.
fn http_credentials(username: &str, password: &str) -> Option<(Setting, Fault)> {
    if username.contains(':') {
        let fault = Fault::new(
            "contains a colon, at which an HTTP proxy takes it to end",
            "use another user name",
        );
        return Some((Setting::ProxyUsername, fault));
    }
    [(Setting::ProxyUsername, username), (Setting::ProxyPassword, password)]
        .into_iter()
        .find(|(_, text)| text.contains(|c: char| c.is_control()))
        .map(|(setting, _)| {
            let fault = Fault::new("contains a control character, such as a line break", "write it without");
            (setting, fault)
        })
}
