//! What can be wrong with an org URL, and what to write instead.

use std::fmt;

use crate::org_url::OrgUrl;

/// An org URL that cannot be used, with every rule it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgUrlError {
    faults: Vec<OrgUrlFault>,
}

impl OrgUrlError {
    pub(crate) fn new(faults: Vec<OrgUrlFault>) -> Self {
        Self { faults }
    }

    /// Each broken rule, so that one attempt shows everything to fix.
    #[must_use]
    pub fn faults(&self) -> &[OrgUrlFault] {
        &self.faults
    }
}

impl From<OrgUrlFault> for OrgUrlError {
    fn from(fault: OrgUrlFault) -> Self {
        Self { faults: vec![fault] }
    }
}

impl fmt::Display for OrgUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "the org URL {fault}: {}", fault.remedy())?;
        }
        Ok(())
    }
}

impl std::error::Error for OrgUrlError {}

/// One rule an org URL breaks.
///
/// The text itself is not repeated where it could hold a password or a token put into the wrong setting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrgUrlFault {
    /// There is nothing but white space.
    Empty,
    /// A sample's placeholder such as `{yourOktaDomain}` was not replaced.
    Placeholder,
    /// It is in quotation marks, as `--env-file` of docker leaves them.
    Quoted,
    /// it contains `://` more than once, as in `https://https://acme.okta.com`.
    RepeatedScheme,
    /// There is no `https://` in front.
    NoScheme {
        /// The same host with `https://` in front, where the text looks like a host.
        suggestion: Option<String>,
    },
    /// It is not a URL.
    Malformed(String),
    /// The scheme is not `https`.
    NotHttps {
        /// The scheme that was written.
        scheme: String,
    },
    /// There is no host.
    NoHost,
    /// It is the address of the admin console.
    AdminConsole {
        /// The host of the org itself.
        remedy_host: String,
    },
    /// The host ends in `.com.com`.
    DoubledDotCom {
        /// The host with one `.com`.
        remedy_host: String,
    },
    /// It holds a user name or a password.
    UserInfo,
    /// The port is 0.
    PortZero,
    /// Something follows the host.
    Path,
    /// It has a query (`?…`).
    Query,
    /// It has a fragment (`#…`).
    Fragment,
}

/// What follows a malformed scheme: `https:acme…`, `https//acme…`. A port is not a scheme.
fn without_scheme(text: &str) -> &str {
    match text.split_once([':', '/']) {
        Some((scheme, rest)) if !scheme.contains('.') && !rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            rest.trim_start_matches([':', '/'])
        }
        _ => text,
    }
}

impl OrgUrlFault {
    pub(crate) fn no_scheme(text: &str) -> Self {
        // Shown back only when it cannot well be a token that ended up in the wrong setting.
        let bare = without_scheme(text).trim_end_matches('/');
        let looks_like_a_host = bare.len() <= 80
            && bare.contains('.')
            && bare
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
        let suggestion = format!("https://{bare}");
        Self::NoScheme {
            suggestion: (looks_like_a_host && OrgUrl::parse(&suggestion).is_ok()).then_some(suggestion),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        const SHAPE: &str = "write it as https://{yourOktaDomain}, for example https://acme.okta.com";
        match self {
            Self::Empty | Self::Malformed(_) | Self::NoHost | Self::NoScheme { suggestion: None } => SHAPE.to_owned(),
            Self::Placeholder => {
                "put your own Okta domain in place of the braces and of the text between them".to_owned()
            }
            Self::Quoted => "take the quotation marks off: an --env-file is not read by a shell".to_owned(),
            Self::RepeatedScheme => "keep one https:// at the start".to_owned(),
            Self::NoScheme {
                suggestion: Some(suggestion),
            } => format!("write {suggestion}"),
            Self::NotHttps { .. } => {
                "use https://; only tests may use http://, with okta.testing.testingDisableHttpsCheck set to true"
                    .to_owned()
            }
            Self::AdminConsole { remedy_host } => format!("use the org itself, https://{remedy_host}"),
            Self::DoubledDotCom { remedy_host } => format!("write https://{remedy_host}"),
            Self::UserInfo => {
                "remove the part before the @; credentials go into okta.client.token or privateKey".to_owned()
            }
            Self::PortZero => "leave the port out or write the real one".to_owned(),
            Self::Path => "keep scheme and host only; the client adds the path of each call".to_owned(),
            Self::Query => "take out the ? and all that follows".to_owned(),
            Self::Fragment => "take out the # and all that follows".to_owned(),
        }
    }
}

impl fmt::Display for OrgUrlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::Placeholder => f.write_str("still has a placeholder such as {yourOktaDomain} in it"),
            Self::Quoted => f.write_str("is in quotation marks"),
            Self::RepeatedScheme => f.write_str("has :// in it more than once"),
            Self::NoScheme { .. } => f.write_str("does not start with https://"),
            Self::Malformed(reason) => write!(f, "is not a URL ({reason})"),
            Self::NotHttps { scheme } => write!(f, "has the scheme {scheme}, not https"),
            Self::NoHost => f.write_str("has no host"),
            Self::AdminConsole { .. } => f.write_str("is the address of the admin console, which serves no API calls"),
            Self::DoubledDotCom { .. } => f.write_str("ends in .com.com"),
            Self::UserInfo => f.write_str("holds a user name or password"),
            Self::PortZero => f.write_str("has port 0"),
            Self::Path => f.write_str("has a path after the host"),
            Self::Query => f.write_str("has a query after the host"),
            Self::Fragment => f.write_str("has a fragment after the host"),
        }
    }
}
