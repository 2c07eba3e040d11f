//! Secrets in addresses, elsewhere than in the query.

use std::borrow::Cow;

use super::REDACTED;

/// The segments that precede a secret in the paths of Okta: the id of a session is what its cookie holds, and the links
/// in mails and QR codes carry one-time tokens.
const BEFORE_SECRETS: &[&str] = &[
    "activate",
    "qr",
    "recovery",
    "reset-password",
    "resetpassword",
    "sessions",
    "token",
    "tokens",
    "unlock-account",
    "welcome",
];

/// A path, or a whole address without its query, with the segments hidden that may be secrets.
pub(crate) fn hide_segments(path: &str) -> Cow<'_, str> {
    let mut before = "";
    let mut hidden = false;
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| {
            let secret =
                !matches!(segment, "" | "me") && BEFORE_SECRETS.iter().any(|name| name.eq_ignore_ascii_case(before));
            before = segment;
            hidden |= secret;
            if secret { REDACTED } else { segment }
        })
        .collect();
    if hidden { segments.join("/").into() } else { path.into() }
}

/// An absolute address without the user name and password that may stand before its host.
#[cfg(feature = "cassette")]
pub(crate) fn without_userinfo(address: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.into();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{host}{path}").into(),
        None => address.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_telling_segment_is_hidden() {
        for (path, shown) in [
            ("/api/v1/users/00u1", "/api/v1/users/00u1"),
            ("/api/v1/sessions/canary", "/api/v1/sessions/REDACTED"),
            (
                "/api/v1/sessions/canary/lifecycle/refresh",
                "/api/v1/sessions/REDACTED/lifecycle/refresh",
            ),
            ("/api/v1/sessions/me", "/api/v1/sessions/me"),
            (
                "/api/v1/users/00u1/lifecycle/activate",
                "/api/v1/users/00u1/lifecycle/activate",
            ),
            (
                "/api/v1/users/00u1/factors/uft1/qr/canary",
                "/api/v1/users/00u1/factors/uft1/qr/REDACTED",
            ),
            (
                "https://acme.okta.com/welcome/canary",
                "https://acme.okta.com/welcome/REDACTED",
            ),
            ("/signin/reset-password/canary", "/signin/reset-password/REDACTED"),
            ("/tokens/canary/verify", "/tokens/REDACTED/verify"),
            ("", ""),
        ] {
            assert_eq!(hide_segments(path), shown);
        }
    }

    #[test]
    #[cfg(feature = "cassette")]
    fn a_user_name_is_left_out() {
        assert_eq!(
            without_userinfo("https://ann:canary@acme.okta.com/x@y"),
            "https://acme.okta.com/x@y"
        );
        assert_eq!(
            without_userinfo("https://acme.okta.com/x@y"),
            "https://acme.okta.com/x@y"
        );
        assert_eq!(
            without_userinfo("https://a@b:canary@acme.okta.com"),
            "https://acme.okta.com"
        );
        assert_eq!(without_userinfo("ann@example.com"), "ann@example.com");
    }
}
