//! `Link` headers (RFC 8288).

use std::iter::Peekable;

use http::{HeaderMap, header::LINK};

/// The target of the first link with this relation, from any number of `Link` headers.
///
/// Okta sends `self` and `next` as two headers, proxies join them with a comma, and the addresses themselves may hold
/// commas and semicolons; all of that is handled here.
///
/// # Errors
/// A header that cannot be read, if no other has the link: its content is unknown.
pub(super) fn find(headers: &HeaderMap, relation: &str) -> Result<Option<String>, String> {
    let mut unreadable = None;
    for header in headers.get_all(LINK) {
        let header = String::from_utf8_lossy(header.as_bytes());
        let (links, is_whole) = links(&header);
        let is_wanted = |name: &str| name.eq_ignore_ascii_case(relation);
        for (target, relations) in links {
            if relations.split_ascii_whitespace().any(is_wanted) {
                return Ok(Some(target));
            }
        }
        if !is_whole {
            unreadable = Some(header.into_owned());
        }
    }
    unreadable.map_or(Ok(None), Err)
}

/// The links of a header with their relations, and whether the header could be read to its end.
fn links(header: &str) -> (Vec<(String, String)>, bool) {
    let mut links = Vec::new();
    let mut rest = header.chars().peekable();
    loop {
        skip(&mut rest, |character| character.is_whitespace() || character == ',');
        match rest.next() {
            None => return (links, true),
            Some('<') => {}
            Some(_) => return (links, false),
        }
        let target = take(&mut rest, |character| character != '>');
        if rest.next().is_none() {
            return (links, false);
        }
        let mut relations = None;
        loop {
            skip(&mut rest, char::is_whitespace);
            if rest.next_if_eq(&';').is_none() {
                break;
            }
            let (name, value) = parameter(&mut rest);
            // Of several the first one counts (RFC 8288 §3.3).
            if name.eq_ignore_ascii_case("rel") && relations.is_none() {
                relations = Some(value);
            }
        }
        links.push((target.trim().to_owned(), relations.unwrap_or_default()));
        if rest.peek().is_some_and(|character| *character != ',') {
            return (links, false);
        }
    }
}

/// Reads `name`, `name=value` or `name="value"`.
fn parameter(rest: &mut Peekable<impl Iterator<Item = char>>) -> (String, String) {
    let name = take(rest, |character| !matches!(character, '=' | ';' | ','));
    let name = name.trim().to_owned();
    if rest.next_if_eq(&'=').is_none() {
        return (name, String::new());
    }
    skip(rest, char::is_whitespace);
    if rest.next_if_eq(&'"').is_none() {
        let value = take(rest, |character| !matches!(character, ';' | ','));
        return (name, value.trim().trim_matches('\'').to_owned());
    }
    let mut value = String::new();
    while let Some(character) = rest.next() {
        match character {
            '"' => break,
            '\\' => value.extend(rest.next()),
            character => value.push(character),
        }
    }
    (name, value)
}

fn take(rest: &mut Peekable<impl Iterator<Item = char>>, wanted: impl Fn(char) -> bool) -> String {
    let mut taken = String::new();
    while let Some(character) = rest.next_if(|character| wanted(*character)) {
        taken.push(character);
    }
    taken
}

fn skip(rest: &mut Peekable<impl Iterator<Item = char>>, unwanted: impl Fn(char) -> bool) {
    while rest.next_if(|character| unwanted(*character)).is_some() {}
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn next(headers: &[&str]) -> Result<Option<String>, String> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(LINK, HeaderValue::from_bytes(header.as_bytes()).unwrap());
        }
        find(&map, "next")
    }

    #[test]
    fn next_is_found_however_the_links_are_written() {
        let expected = Ok(Some(
            "https://test.okta.com/api/v1/users?after=a,b;c&limit=2".to_owned(),
        ));
        let own = r#"<https://test.okta.com/api/v1/users?limit=2>; rel="self""#;
        let link = "<https://test.okta.com/api/v1/users?after=a,b;c&limit=2>";
        assert_eq!(next(&[own, &format!(r#"{link}; rel="next""#)]), expected);
        assert_eq!(next(&[&format!(r#"{link}; rel="next""#), own]), expected);
        assert_eq!(next(&[&format!(r#"{own}, {link};rel=next"#)]), expected);
        assert_eq!(
            next(&[&format!(r#"{link}; title="a; rel=\", b" ; REL="prev NEXT", {own}"#)]),
            expected
        );
        assert_eq!(next(&[&format!(r#"{link}; rel = next ; type=x"#)]), expected);
        assert_eq!(next(&[&format!(r#"{link}; title="ä"; rel='next'"#)]), expected);
        assert_eq!(next(&[&format!(r#"{link}; rel="next"#)]), expected);
        assert_eq!(next(&["garbage", &format!(r#"{link}; rel="next""#)]), expected);
    }

    #[test]
    fn no_next_is_none() {
        for header in [
            "",
            r#"<https://test.okta.com/x>; rel="self""#,
            r#"<https://test.okta.com/x>; title="rel=next""#,
            r#"<https://test.okta.com/x>; rel="nextish""#,
            r#"<https://test.okta.com/x>; rel="self"; rel="next""#,
            "<https://test.okta.com/x>",
            ",,,",
        ] {
            assert_eq!(next(&[header]), Ok(None), "{header}");
        }
        assert_eq!(next(&[]), Ok(None));
    }

    #[test]
    fn a_header_that_cannot_be_read_is_told_from_none() {
        for header in [
            "garbage",
            "<https://test.okta.com/x",
            r#"<https://test.okta.com/x>; rel="self" <y>"#,
            ";;;,,,<>;;",
        ] {
            assert_eq!(next(&[header]), Err(header.to_owned()));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_panics(header in "[<>;,=\"'\\\\ a-z]{0,40}") {
            let _ = next(&[&header]);
        }
    }
}
