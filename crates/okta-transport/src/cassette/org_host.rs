//! The address of the org, which a cassette need not know.

use http::Uri;

/// Replaces the host of the org. It ends in a domain that cannot exist (RFC 2606 §2), so that an address with it is
/// still an address.
const PLACEHOLDER: &str = "okta-org.invalid";
const PLACEHOLDER_ORIGIN: &str = "https://okta-org.invalid";

/// The address that one request was sent to.
#[derive(Clone, Debug)]
pub(super) struct OrgHost {
    origin: String,
    authority: String,
    /// `None` for a number: it may stand elsewhere and mean something else.
    name: Option<String>,
}

impl OrgHost {
    /// `None` for a request that goes nowhere in particular.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        let host = uri.host().filter(|host| !host.is_empty())?;
        let authority = match uri.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Some(Self {
            origin: format!("{}://{authority}", uri.scheme_str().unwrap_or("https")),
            authority,
            name: host
                .contains(|character: char| character.is_ascii_alphabetic())
                .then(|| host.to_owned()),
        })
    }

    /// Puts the placeholder in its place.
    pub(super) fn hide(&self, text: &str) -> String {
        let mut text = replace_whole(text, &self.origin, PLACEHOLDER_ORIGIN);
        text = replace_whole(&text, &self.authority, PLACEHOLDER);
        match &self.name {
            Some(name) => replace_whole(&text, name, PLACEHOLDER),
            None => text,
        }
    }

    /// Puts it in the place of the placeholder.
    pub(super) fn restore(&self, text: &str) -> String {
        text.replace(PLACEHOLDER_ORIGIN, &self.origin)
            .replace(PLACEHOLDER, &self.authority)
    }
}

/// Replaces what is not part of a longer host name or address.
fn replace_whole(text: &str, what: &str, with: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some((left, right)) = rest.split_once(what) {
        result.push_str(left);
        let preceding = left.chars().next_back().or(before);
        let whole = !preceding.is_some_and(continues) && !host_continues(right);
        result.push_str(if whole { with } else { what });
        before = what.chars().next_back();
        rest = right;
    }
    result + rest
}

fn continues(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.')
}

/// A dot or a colon may also end a sentence.
fn host_continues(rest: &str) -> bool {
    let mut characters = rest.chars();
    match characters.next() {
        Some('.') => characters.next().is_some_and(|next| next.is_ascii_alphanumeric()),
        Some(':') => characters.next().is_some_and(|next| next.is_ascii_digit()),
        Some(character) => continues(character),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(uri: &'static str) -> OrgHost {
        OrgHost::of(&Uri::from_static(uri)).unwrap()
    }

    #[test]
    fn the_address_of_one_org_becomes_that_of_another() {
        let recorded = host("https://acme.okta.com/api/v1/users");
        let text = r#"<https://acme.okta.com/api/v1/users?after=1>; rel="next", see acme.okta.com."#;
        let hidden = recorded.hide(text);
        assert_eq!(
            hidden,
            r#"<https://okta-org.invalid/api/v1/users?after=1>; rel="next", see okta-org.invalid."#
        );
        assert_eq!(recorded.restore(&hidden), text);
        assert_eq!(
            host("http://127.0.0.1:8080/x").restore(&hidden),
            r#"<http://127.0.0.1:8080/api/v1/users?after=1>; rel="next", see 127.0.0.1:8080."#
        );
    }

    #[test]
    fn what_only_contains_the_host_stays() {
        let recorded = host("https://acme.okta.com/");
        for other in [
            "https://acme.okta.com.evil.example/",
            "https://my-acme.okta.com/",
            "https://acme.okta.com:8443/",
            "x.acme.okta.com",
        ] {
            assert_eq!(recorded.hide(other), other);
        }
        assert_eq!(recorded.hide("ann@acme.okta.com"), "ann@okta-org.invalid");
        let numbered = host("http://127.0.0.1:8080/");
        assert_eq!(
            numbered.hide("http://127.0.0.1:8080/x 127.0.0.1"),
            "https://okta-org.invalid/x 127.0.0.1"
        );
    }

    #[test]
    fn a_request_to_nowhere_has_none() {
        assert!(OrgHost::of(&Uri::from_static("/api/v1/users")).is_none());
    }
}
