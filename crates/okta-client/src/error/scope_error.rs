//! Which scopes a refused call lacked.

use std::fmt;

use http::{HeaderMap, StatusCode};
use okta_auth::{Challenge, ScopeSet};
use okta_transport::Operation;

use super::sanitized_line::SanitizedLine;

/// What a call needs and the access token does not have.
#[derive(Clone, Debug)]
pub(crate) struct MissingScopes {
    pub(crate) missing: Vec<String>,
    /// `None` if the client does not know them.
    granted: Option<ScopeSet>,
}

impl MissingScopes {
    /// Looks whether scopes can be why a call was refused: those that the response demands, or else those of the operation.
    pub(crate) fn of(
        operation: Option<&'static Operation>,
        status: StatusCode,
        headers: &HeaderMap,
        granted: Option<ScopeSet>,
    ) -> Option<Self> {
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return None;
        }
        let demanded = demanded(status, headers);
        let demanded: Vec<&str> = demanded.iter().collect();
        let lacking = |needed: &[&str]| -> Vec<String> {
            let missing = match &granted {
                Some(granted) => granted.missing(needed),
                None => needed.to_vec(),
            };
            missing.into_iter().map(str::to_owned).collect()
        };
        let mut missing = lacking(&demanded);
        if missing.is_empty() && granted.is_some() {
            missing = lacking(operation?.scopes);
        }
        (!missing.is_empty()).then_some(Self { missing, granted })
    }
}

/// The scopes that the response names as the reason of the refusal (RFC 6750 §3.1).
fn demanded(status: StatusCode, headers: &HeaderMap) -> ScopeSet {
    let challenges = Challenge::all(headers);
    let demanding = challenges.iter().find(|challenge| match challenge.error() {
        Some(error) => error == "insufficient_scope",
        None => status == StatusCode::FORBIDDEN && !challenge.scopes().is_empty(),
    });
    demanding.map(Challenge::scopes).unwrap_or_default()
}

impl fmt::Display for MissingScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = self.missing.join(" and ");
        write!(f, "the operation needs the scope {}", SanitizedLine(&missing))?;
        let Some(granted) = &self.granted else {
            return Ok(());
        };
        let granted: Vec<&str> = granted.iter().collect();
        let granted = granted.join(", ");
        write!(
            f,
            ", the token has {}",
            if granted.is_empty() { "none" } else { &granted }
        )
    }
}

#[cfg(test)]
mod tests {
    use http::header::WWW_AUTHENTICATE;

    use super::*;

    const INSUFFICIENT: &str =
        r#"DPoP realm="x", Bearer error="insufficient_scope", scope="okta.apps.read okta.logs.read""#;

    fn missing(status: u16, challenge: &'static str, granted: Option<&str>) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(WWW_AUTHENTICATE, challenge.parse().unwrap());
        let operation = crate::operations().by_id("listUsers");
        let granted = granted.map(|granted| [granted].into_iter().collect());
        let missing = MissingScopes::of(operation, StatusCode::from_u16(status).unwrap(), &headers, granted)?;
        assert!(missing.to_string().contains(&missing.missing.join(" and ")));
        Some(missing.missing.join(" "))
    }

    #[test]
    fn b9_the_scopes_of_the_challenge_are_missing() {
        for status in [401, 403] {
            let both = "okta.apps.read okta.logs.read";
            assert_eq!(missing(status, INSUFFICIENT, None).as_deref(), Some(both));
            assert_eq!(
                missing(status, INSUFFICIENT, Some("okta.apps.manage")).as_deref(),
                Some("okta.logs.read")
            );
        }
        assert_eq!(missing(403, "Bearer scope=s1", None).as_deref(), Some("s1"));
    }

    #[test]
    fn without_a_demand_the_operation_says_what_it_needs() {
        for challenge in ["", "Bearer", r#"Bearer error="invalid_token", scope="okta.apps.read""#] {
            assert_eq!(missing(401, challenge, None), None);
            assert_eq!(missing(401, challenge, Some("x")).as_deref(), Some("okta.users.read"));
            assert_eq!(missing(401, challenge, Some("okta.users.manage")), None);
        }
        assert_eq!(missing(400, INSUFFICIENT, None), None);
    }
}
