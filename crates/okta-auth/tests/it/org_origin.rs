use http::HeaderValue;
use okta_auth::{AuthError, OrgOrigin};
use okta_config::OrgUrl;

fn https() -> OrgOrigin {
    OrgOrigin::new(&OrgUrl::parse("https://acme.okta.com").unwrap())
}

fn admits(origin: &OrgOrigin, uri: &str) -> Result<(), AuthError> {
    origin.admits(&uri.parse().unwrap())
}

#[test]
fn the_org_itself_is_admitted_however_it_is_written() {
    for uri in [
        "https://acme.okta.com",
        "https://acme.okta.com/",
        "https://acme.okta.com/api/v1/users?after=https://evil.example/",
        "https://acme.okta.com:443/api/v1/users",
        "https://ACME.Okta.COM/api/v1/users",
        "HTTPS://acme.okta.com/api/v1/users",
    ] {
        assert!(admits(&https(), uri).is_ok(), "{uri}");
    }
}

#[test]
fn anything_else_is_refused() {
    for uri in [
        "http://acme.okta.com/api/v1/users",
        "http://acme.okta.com:443/api/v1/users",
        "https://acme.okta.com:8443/api/v1/users",
        "https://acme.okta.com:4430/api/v1/users",
        "https://evil.example/api/v1/users",
        "https://acme.okta.com.evil.example/api/v1/users",
        "https://evil-acme.okta.com/api/v1/users",
        "https://okta.com/api/v1/users",
        "https://acme.okta.com./api/v1/users",
        "https://acme.okta.com@evil.example/api/v1/users",
        "https://user:password@acme.okta.com/api/v1/users",
        "https://acme.okta.com:443@acme.okta.com:443/api/v1/users",
        "https://acme.okta.com:99999/api/v1/users",
        "ftp://acme.okta.com/api/v1/users",
        "/api/v1/users",
        "acme.okta.com",
    ] {
        let refused = admits(&https(), uri);
        assert!(
            matches!(refused, Err(AuthError::ForeignOrigin { .. })),
            "{uri}: {refused:?}"
        );
    }
}

#[test]
fn a_port_of_the_org_counts() {
    let origin = OrgOrigin::new(&OrgUrl::parse("https://acme.okta.com:8443").unwrap());
    assert!(admits(&origin, "https://acme.okta.com:8443/x").is_ok());
    assert!(admits(&origin, "https://acme.okta.com/x").is_err());
    assert!(admits(&origin, "https://acme.okta.com:443/x").is_err());
}

#[test]
fn clear_text_needs_an_org_url_in_clear_text() {
    let origin = OrgOrigin::new(&OrgUrl::parse_without_https_check("http://127.0.0.1:8080").unwrap());
    assert!(admits(&origin, "http://127.0.0.1:8080/x").is_ok());
    assert!(admits(&origin, "https://127.0.0.1:8080/x").is_err());
    assert!(admits(&origin, "http://127.0.0.1/x").is_err());

    let default_port = OrgOrigin::new(&OrgUrl::parse_without_https_check("http://localhost").unwrap());
    assert!(admits(&default_port, "http://localhost:80/x").is_ok());
    assert!(admits(&default_port, "http://localhost:443/x").is_err());

    let address = OrgOrigin::new(&OrgUrl::parse_without_https_check("http://[::1]:8080").unwrap());
    assert!(admits(&address, "http://[::1]:8080/x").is_ok());
    assert!(admits(&address, "http://[::2]:8080/x").is_err());
}

#[test]
fn the_refusal_names_both_sides_and_no_password() {
    let error = admits(&https(), "https://user:canary@evil.example:8443/api?token=canary")
        .unwrap_err()
        .to_string();
    assert!(error.contains("https://acme.okta.com"), "{error}");
    assert!(error.contains("https://evil.example:8443"), "{error}");
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn a_host_header_must_name_the_org() {
    let admits = |host: &[u8]| https().admits_host(&HeaderValue::from_bytes(host).unwrap());
    for host in ["acme.okta.com", "ACME.okta.com", "acme.okta.com:443"] {
        assert!(admits(host.as_bytes()).is_ok(), "{host}");
    }
    for host in [
        &b""[..],
        b"evil.example",
        b"acme.okta.com.evil.example",
        b"acme.okta.com:8443",
        b"acme.okta.com:80",
        b"acme.okta.com, evil.example",
        b"https://acme.okta.com",
        b"user:canary@acme.okta.com",
        b"user:canary@evil.example",
        b"\xff.example",
    ] {
        let error = admits(host).unwrap_err();
        assert!(matches!(error, AuthError::ForeignHost { .. }), "{error}");
        assert!(error.to_string().contains("https://acme.okta.com"), "{error}");
        assert!(!format!("{error}{error:?}").contains("canary"), "{error}");
    }
    let local = OrgOrigin::new(&OrgUrl::parse_without_https_check("http://localhost:8080").unwrap());
    assert!(local.admits_host(&HeaderValue::from_static("localhost:8080")).is_ok());
    assert!(local.admits_host(&HeaderValue::from_static("localhost")).is_err());
}
