//! Org URLs: what is taken, what is refused and why.

use okta_config::{OrgUrl, OrgUrlFault};

#[test]
fn good_urls_come_out_in_one_form() {
    let good = [
        (
            "https://acme.okta.com",
            "https://acme.okta.com",
            "acme.okta.com",
            None,
            443,
        ),
        (
            "https://acme.okta.com/",
            "https://acme.okta.com",
            "acme.okta.com",
            None,
            443,
        ),
        (
            "  HTTPS://Acme.OKTA.com \n",
            "https://acme.okta.com",
            "acme.okta.com",
            None,
            443,
        ),
        (
            "https://acme.okta.com:443/",
            "https://acme.okta.com",
            "acme.okta.com",
            None,
            443,
        ),
        (
            "https://acme.okta.com:8443/",
            "https://acme.okta.com:8443",
            "acme.okta.com",
            Some(8443),
            8443,
        ),
        (
            "https://login.example.com",
            "https://login.example.com",
            "login.example.com",
            None,
            443,
        ),
        (
            "https://corp-admin.example.com",
            "https://corp-admin.example.com",
            "corp-admin.example.com",
            None,
            443,
        ),
        (
            "https://acme-admin.okta.com.example.org",
            "https://acme-admin.okta.com.example.org",
            "acme-admin.okta.com.example.org",
            None,
            443,
        ),
        (
            "https://acme-admins.okta.com",
            "https://acme-admins.okta.com",
            "acme-admins.okta.com",
            None,
            443,
        ),
        (
            "https://a.com.com.example.org",
            "https://a.com.com.example.org",
            "a.com.com.example.org",
            None,
            443,
        ),
        ("https://[::1]:8080", "https://[::1]:8080", "[::1]", Some(8080), 8080),
        (
            "https://bücher.example",
            "https://xn--bcher-kva.example",
            "xn--bcher-kva.example",
            None,
            443,
        ),
    ];
    for (text, whole, host, port, port_or_default) in good {
        let url = OrgUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(url.as_str(), whole);
        assert_eq!(url.to_string(), whole);
        assert_eq!(url.scheme(), "https");
        assert_eq!(url.host(), host);
        assert_eq!(url.port(), port);
        assert_eq!(url.port_or_default(), port_or_default);
        assert_eq!(OrgUrl::parse(url.as_str()).unwrap(), url);
    }
}

#[test]
fn the_seven_admin_consoles_are_refused() {
    for domain in [
        "okta.com",
        "oktapreview.com",
        "okta-emea.com",
        "okta-gov.com",
        "okta.mil",
        "okta-miltest.com",
        "trex-govcloud.com",
    ] {
        for url in [
            format!("https://acme-admin.{domain}"),
            format!("https://ACME-ADMIN.{domain}./"),
        ] {
            let error = OrgUrl::parse(&url).unwrap_err();
            let remedy_host = format!("acme.{domain}");
            assert_eq!(
                error.faults(),
                [OrgUrlFault::AdminConsole {
                    remedy_host: remedy_host.clone()
                }],
                "{url}"
            );
            OrgUrl::parse(&format!("https://{remedy_host}")).unwrap();
        }
    }
}

#[test]
fn bad_urls_name_the_broken_rule() {
    let bad: [(&str, &str); 22] = [
        ("", "is empty"),
        (" \n", "is empty"),
        ("https://{yourOktaDomain}", "placeholder"),
        ("https://{YOUROKTADOMAIN}", "placeholder"),
        ("{yourOktaDomain}", "placeholder"),
        ("acme.okta.com", "does not start with https://"),
        ("localhost:8080", "does not start with https://"),
        ("https:acme.okta.com", "does not start with https://"),
        ("https-foo", "does not start with https://"),
        ("https://https://acme.okta.com", "more than once"),
        ("https://acme.okta.com/?to=https://x", "more than once"),
        ("http://acme.okta.com", "has the scheme http, not https"),
        ("httpsx://acme.okta.com", "has the scheme httpsx, not https"),
        ("ftp://acme.okta.com", "has the scheme ftp, not https"),
        ("https://", "is not a URL"),
        ("https://acme okta.com", "is not a URL"),
        ("https://acme.okta.com:99999", "is not a URL"),
        ("https://acme.okta.com:0", "has port 0"),
        ("https://acme.okta.com.com/", "ends in .com.com"),
        ("https://acme.okta.com/api/v1", "has a path"),
        ("https://acme.okta.com/?x", "has a query"),
        ("https://acme.okta.com/#x", "has a fragment"),
    ];
    for (text, what) in bad {
        let error = OrgUrl::parse(text).expect_err(text);
        assert_eq!(error.faults().len(), 1, "{text}: {error}");
        assert!(error.to_string().contains(what), "{text}: {error}");
    }
}

#[test]
fn a_url_without_its_scheme_is_suggested_with_it_if_that_would_do() {
    for (text, suggestion) in [
        ("acme.okta.com", Some("https://acme.okta.com")),
        ("acme.okta.com/", Some("https://acme.okta.com")),
        ("acme.okta.com:8443", Some("https://acme.okta.com:8443")),
        ("https:acme.okta.com", Some("https://acme.okta.com")),
        ("HTTPS:acme.okta.com:8443/", Some("https://acme.okta.com:8443")),
        ("https:/acme.okta.com", Some("https://acme.okta.com")),
        ("https//acme.okta.com", Some("https://acme.okta.com")),
        ("http:acme.okta.com", Some("https://acme.okta.com")),
        ("//acme.okta.com", Some("https://acme.okta.com")),
        ("acme-admin.okta.com", None),
        ("acme.okta.com.com", None),
        ("acme.okta.com:99999", None),
        ("acme.okta.com/api", None),
        ("https:", None),
        ("localhost:8080", None),
    ] {
        let error = OrgUrl::parse(text).unwrap_err();
        let suggestion = suggestion.map(str::to_owned);
        assert_eq!(error.faults(), [OrgUrlFault::NoScheme { suggestion }], "{text}");
    }
}

#[test]
fn all_broken_rules_are_told_at_once() {
    let error = OrgUrl::parse("http://me:secret@acme-admin.okta.com:0/x?y#z").unwrap_err();
    assert_eq!(error.faults().len(), 7, "{error}");
    assert!(!error.to_string().contains("secret"));
    assert!(!format!("{error:?}").contains("secret"));
}

#[test]
fn http_is_for_tests_only() {
    let url = OrgUrl::parse_without_https_check("http://127.0.0.1:8080/").unwrap();
    assert_eq!((url.scheme(), url.port_or_default()), ("http", 8080));
    assert_eq!(
        OrgUrl::parse_without_https_check("http://localhost")
            .unwrap()
            .port_or_default(),
        80
    );
    assert_eq!(
        OrgUrl::parse_without_https_check("https://acme.okta.com")
            .unwrap()
            .scheme(),
        "https"
    );
    // Only the one rule is off.
    for text in [
        "ftp://acme.okta.com",
        "http://acme-admin.okta.com",
        "http://acme.okta.com/x",
    ] {
        assert_eq!(
            OrgUrl::parse_without_https_check(text).unwrap_err().faults().len(),
            1,
            "{text}"
        );
    }
}

#[test]
fn loopback_is_known() {
    for here in [
        "http://localhost",
        "http://emulator.localhost:1",
        "http://127.1.2.3",
        "http://[::1]",
    ] {
        assert!(OrgUrl::parse_without_https_check(here).unwrap().is_loopback(), "{here}");
    }
    for there in ["http://10.0.0.1", "http://localhost.example.com", "http://[::2]"] {
        assert!(
            !OrgUrl::parse_without_https_check(there).unwrap().is_loopback(),
            "{there}"
        );
    }
}

#[test]
fn the_usual_traits_parse_too() {
    let parsed: OrgUrl = "https://acme.okta.com".parse().unwrap();
    assert_eq!(OrgUrl::try_from("https://acme.okta.com/").unwrap(), parsed);
    assert_eq!(format!("{parsed:?}"), "OrgUrl(\"https://acme.okta.com\")");
}

#[test]
fn b24_quotation_marks_are_named_without_a_loader_too() {
    for text in ["\"https://acme.okta.com\"", "'https://acme.okta.com'"] {
        let error = OrgUrl::parse(text).unwrap_err().to_string();
        assert!(
            error.contains("is in quotation marks") && error.contains("--env-file"),
            "{error}"
        );
    }
}
