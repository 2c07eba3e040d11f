//! Proxies as URLs, and the one that the environment names.

use okta_config::{EnvironmentProxy, ProxyConfig, ProxyScheme, secrecy::ExposeSecret};
use proptest::prelude::*;

fn parse(url: &str) -> ProxyConfig {
    url.parse().unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn credentials(proxy: &ProxyConfig) -> Option<(&str, &str)> {
    Some((proxy.username.as_deref()?, proxy.password.as_ref()?.expose_secret()))
}

#[test]
fn the_parts_of_a_url() {
    for (url, address, expected) in [
        ("proxy", "http://proxy:80", None),
        ("proxy:3128", "http://proxy:3128", None),
        ("http://proxy:80/", "http://proxy:80", None),
        (" HTTPS://Proxy.Example.com ", "https://proxy.example.com:443", None),
        ("https://proxy:80", "https://proxy:80", None),
        ("socks5://10.0.0.1", "socks5://10.0.0.1:1080", None),
        ("socks5h://[::1]:80", "socks5h://[::1]:80", None),
        ("me:secret@proxy", "http://proxy:80", Some(("me", "secret"))),
        ("http://me@proxy", "http://proxy:80", Some(("me", ""))),
        ("http://:secret@proxy", "http://proxy:80", Some(("", "secret"))),
        ("http://me:a:b:c@proxy", "http://proxy:80", Some(("me", "a:b:c"))),
        ("http://me:p@ss@proxy", "http://proxy:80", Some(("me", "p@ss"))),
        (
            "http://m%40e:%3A%2F%3F%23%25%20%C3%A9@proxy:1",
            "http://proxy:1",
            Some(("m@e", ":/?#% é")),
        ),
        ("socks5://a%3Ab:c@proxy", "socks5://proxy:1080", Some(("a:b", "c"))),
    ] {
        let proxy = parse(url);
        assert_eq!(proxy.address(), address, "{url}");
        assert_eq!(credentials(&proxy), expected, "{url}");
        proxy.check().unwrap();
    }
    assert_eq!(parse("proxy").scheme, ProxyScheme::Http);
    assert_eq!(ProxyConfig::new("::1", Some(1)).address(), "http://[::1]:1");
}

#[test]
fn what_is_no_url_of_a_proxy_is_refused_without_being_shown() {
    for url in [
        "",
        "http://",
        "http://:c4n4ry@",
        "http://me:c4n4ry@proxy/path",
        "http://me:c4n4ry@proxy?query",
        "http://me:c4n4ry@proxy#part",
        "http://me:c4/n4ry@proxy",
        "http://me:c4n4ry@proxy:port",
        "http://me:c4n4ry@proxy:0",
        "http://me:c4n4ry@proxy:70000",
        "http://me:c4n4ry@pro xy",
        "ftp://me:c4n4ry@proxy",
        "c4n4ry://proxy",
        "http://me:c4n4ry%FF@proxy",
        "http://me:c4n4ry%0A@proxy",
        "http://m%3Ae:c4n4ry@proxy",
    ] {
        let error = url.parse::<ProxyConfig>().expect_err(url);
        let shown = format!("{error} {error:?}");
        assert!(
            shown.starts_with("the proxy URL ") && !shown.contains("n4ry"),
            "{url}: {shown}"
        );
    }
}

proptest! {
    /// Whatever the password, its percent-encoded form brings it back; and no text makes the reader panic.
    #[test]
    fn any_password_survives(password in "[^\\x00-\\x1f\\x7f-\\u{9f}]*") {
        let encoded: String = password.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let proxy = parse(&format!("http://me:{encoded}@proxy"));
        prop_assert_eq!(credentials(&proxy), Some(("me", password.as_str())));
        let _ = password.parse::<ProxyConfig>();
    }
}

fn named(variables: &[(&str, &str)]) -> Option<(String, String, Option<String>)> {
    let found = EnvironmentProxy::read_from(variables.iter().copied()).unwrap()?;
    Some((found.proxy.address(), found.origin.to_string(), found.proxy.no_proxy))
}

#[test]
fn the_environment_names_a_proxy_and_the_message_names_the_variable() {
    let of = |host: &str, variable: &str| {
        Some((
            format!("http://{host}:80"),
            format!("environment variable {variable}"),
            None,
        ))
    };
    let all = [
        ("ALL_PROXY", "d"),
        ("all_proxy", "c"),
        ("HTTPS_PROXY", "b"),
        ("https_proxy", "a"),
        ("HTTP_PROXY", "x"),
        ("http_proxy", "x"),
    ];
    assert_eq!(named(&all), of("a", "https_proxy"));
    assert_eq!(named(&all[..3]), of("b", "HTTPS_PROXY"));
    assert_eq!(named(&all[..2]), of("c", "all_proxy"));
    assert_eq!(named(&all[..1]), of("d", "ALL_PROXY"));
    assert_eq!(named(&all[4..]), None, "requests to an org are https");
    assert_eq!(
        named(&[("https_proxy", " "), ("HTTPS_PROXY", "b")]),
        of("b", "HTTPS_PROXY")
    );
    assert_eq!(named(&[]), None);

    let bypassed = |variables: &[(&str, &str)]| named(variables).unwrap().2;
    let proxy = ("ALL_PROXY", "a");
    assert_eq!(bypassed(&[proxy, ("NO_PROXY", "b")]).as_deref(), Some("b"));
    assert_eq!(
        bypassed(&[proxy, ("NO_PROXY", "b"), ("no_proxy", "c")]).as_deref(),
        Some("c")
    );
    assert_eq!(bypassed(&[proxy]), None);
}

#[test]
fn a_variable_that_is_no_proxy_is_named_and_not_shown() {
    let error = EnvironmentProxy::read_from([("HTTPS_PROXY", "ftp://me:c4n4ry@proxy")]).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("environment variable HTTPS_PROXY has a scheme"), "{text}");
    assert!(text.contains("socks5h://") && !text.contains("c4n4ry"), "{text}");
    let found = EnvironmentProxy::read_from([("HTTPS_PROXY", "http://me:c4n4ry@proxy")]).unwrap();
    assert!(!format!("{found:?}").contains("c4n4ry"));
}

#[test]
fn b24_quotation_marks_around_the_proxy_of_the_environment_are_named() {
    for name in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        let error = EnvironmentProxy::read_from([(name, "\"http://user:canary@proxy.example.com\"")]).unwrap_err();
        let error = error.to_string();
        assert!(error.contains(name) && error.contains("quotation marks"), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }
}
