//! Addresses in errors: without what may be a secret.

use std::fmt;

use super::sanitized_line::SanitizedLine;

/// Shows an address, or a header that holds addresses, without user names and without the values of query parameters: people
/// search by names and logins, and links contain tokens.
pub(crate) struct ShownAddress<'a>(pub(crate) &'a str);

/// What ends an address in the text around it.
const END: [char; 7] = ['>', '"', '`', ' ', '\t', '\r', '\n'];

impl fmt::Display for ShownAddress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SanitizedLine(&without_values(&without_users(self.0))).fmt(f)
    }
}

fn without_values(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['?', '#']) {
        let end = after.find(END).unwrap_or(after.len());
        let (query, behind) = after.split_at(end);
        shown.push_str(before);
        shown.extend(rest.get(before.len()..=before.len()));
        for (number, parameter) in query.split('&').enumerate() {
            if number > 0 {
                shown.push('&');
            }
            match parameter.split_once('=') {
                Some((name, _)) => shown.extend([name, "=…"]),
                None if parameter.is_empty() => {}
                None => shown.push('…'),
            }
        }
        rest = behind;
    }
    shown.push_str(rest);
    shown
}

fn without_users(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("//") {
        let end = after.find(['/', '?', '#', '\\']).unwrap_or(after.len());
        let end = after.find(END).map_or(end, |at| at.min(end));
        let (authority, behind) = after.split_at(end);
        shown.extend([before, "//"]);
        match authority.rsplit_once('@') {
            Some((_, host)) => shown.extend(["…@", host]),
            None => shown.push_str(authority),
        }
        rest = behind;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_values_are_not() {
        for (address, shown) in [
            ("/api/v1/users?after=1&limit=2", "/api/v1/users?after=…&limit=…"),
            ("https://acme.okta.com/x?canary", "https://acme.okta.com/x?…"),
            ("/x?a=canary=?canary&&b#canary", "/x?a=…&&…"),
            ("/x#canary", "/x#…"),
            ("/x?", "/x?"),
            ("/x", "/x"),
            ("https://ann:can@ary@evil.example:8/x", "https://…@evil.example:8/x"),
            ("//ann@evil.example", "//…@evil.example"),
            (
                r#"<https://a/x?after=canary>; rel="next", <https://b@c?d=canary>; rel=self"#,
                r#"<https://a/x?after=…>; rel="next", <https://…@c?d=…>; rel=self"#,
            ),
        ] {
            assert_eq!(ShownAddress(address).to_string(), shown);
        }
    }
}
