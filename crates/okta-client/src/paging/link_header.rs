//! `Link` headers (RFC 8288).

use http::{HeaderMap, header::LINK};

/// The target of the link with this relation, from any number of `Link` headers.
///
/// Okta sends `self` and `next` as two headers, proxies join them with a comma, and the addresses themselves may hold
/// commas and semicolons; all of that is told apart here.
pub(super) fn find(headers: &HeaderMap, relation: &str) -> Option<String> {
    headers
        .get_all(LINK)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .find_map(|header| find_in(header, relation))
}

fn find_in(mut header: &str, relation: &str) -> Option<String> {
    loop {
        let (_, behind) = header.split_once('<')?;
        let (target, mut parameters) = behind.split_once('>')?;
        let mut matches = false;
        loop {
            parameters = parameters.trim_start();
            let Some(rest) = parameters.strip_prefix(';') else {
                break;
            };
            let (name, value, rest) = parameter(rest);
            let is_relation = |word: &str| word.eq_ignore_ascii_case(relation);
            matches |= name.eq_ignore_ascii_case("rel") && value.split_ascii_whitespace().any(is_relation);
            parameters = rest;
        }
        if matches {
            return Some(target.trim().to_owned());
        }
        header = parameters;
    }
}

/// Splits `name=value` or `name="value"` off; quotes may hold separators.
fn parameter(text: &str) -> (&str, &str, &str) {
    let end = text.find(['=', ';', ',']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let name = name.trim();
    let Some(value) = rest.strip_prefix('=') else {
        return (name, "", rest);
    };
    let value = value.trim_start();
    match value.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
        Some((value, rest)) => (name, value, rest),
        None => {
            let (value, rest) = value.split_at(value.find([';', ',']).unwrap_or(value.len()));
            (name, value.trim(), rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(headers: &[&str]) -> Option<String> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(LINK, header.parse().unwrap());
        }
        find(&map, "next")
    }

    #[test]
    fn next_is_found_however_the_links_are_written() {
        let expected = Some("https://test.okta.com/api/v1/users?after=a,b;c&limit=2".to_owned());
        let own = r#"<https://test.okta.com/api/v1/users?limit=2>; rel="self""#;
        let link = "<https://test.okta.com/api/v1/users?after=a,b;c&limit=2>";
        assert_eq!(next(&[own, &format!(r#"{link}; rel="next""#)]), expected);
        assert_eq!(next(&[&format!(r#"{link}; rel="next""#), own]), expected);
        assert_eq!(next(&[&format!(r#"{own}, {link};rel=next"#)]), expected);
        assert_eq!(
            next(&[&format!(r#"{link}; title="a; rel=\, b" ; REL="prev NEXT", {own}"#)]),
            expected
        );
        assert_eq!(next(&[&format!(r#"{link}; rel = next ; type=x"#)]), expected);
    }

    #[test]
    fn no_next_is_none() {
        for header in [
            "",
            "garbage",
            "<https://test.okta.com/x",
            "<https://test.okta.com/x>",
            r#"<https://test.okta.com/x>; rel="self""#,
            r#"<https://test.okta.com/x>; title="rel=next""#,
            r#"<https://test.okta.com/x>; rel="nextish""#,
            ";;;,,,<>;;",
        ] {
            assert_eq!(next(&[header]), None, "{header}");
        }
        assert_eq!(next(&[]), None);
    }
}
