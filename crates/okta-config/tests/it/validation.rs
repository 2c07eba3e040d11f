//! The rules of a usable configuration, each with its remedy, and all broken ones together.

use okta_config::{Authorization, Loader, Setting, secrecy::ExposeSecret};

use crate::samples::{surround, value};
use crate::sandbox::{Sandbox, bare, error, minimal, only_problem};

fn private_key() -> Loader {
    surround(bare(), Setting::KeyId)
}

#[test]
fn org_url_rules_are_reported_with_their_source() {
    let bad = [
        ("https://{yourOktaDomain}", "placeholder", "your own Okta domain"),
        ("https://{YOUROKTADOMAIN}", "placeholder", "your own Okta domain"),
        (
            "http://acme.okta.com",
            "has the scheme http, not https",
            "testingDisableHttpsCheck",
        ),
        ("httpsx://acme.okta.com", "has the scheme httpsx", "use https://"),
        ("https://acme-admin.okta.com", "admin console", "https://acme.okta.com"),
        ("https://acme.okta.com.com", "ends in .com.com", "https://acme.okta.com"),
        ("https://https://acme.okta.com", ":// in it more than once", "keep one"),
        (
            "acme.okta.com",
            "does not start with https://",
            "write https://acme.okta.com",
        ),
        (
            "https://acme.okta.com/oauth2/default",
            "has a path",
            "scheme and host only",
        ),
        ("https://acme.okta.com?x=1", "has a query", "take out the ?"),
        (
            "https://me:secret@acme.okta.com",
            "user name or password",
            "remove the part before the @",
        ),
    ];
    for (text, what, remedy) in bad {
        let sandbox =
            Sandbox::new().with_local_file(&format!("okta:\n  client:\n    token: 00abc\n    orgUrl: {text:?}\n"));
        let problem = only_problem(sandbox.loader());
        assert_eq!(problem.setting(), Some(Setting::OrgUrl));
        assert!(problem.message().contains(what), "{problem}");
        assert!(problem.remedy().contains(remedy), "{problem}");
        assert!(problem.to_string().contains("okta.yaml line 4)"), "{problem}");
    }
}

#[test]
fn http_is_allowed_where_the_check_is_off() {
    let spellings = [
        "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK",
        "OKTA_TESTING_DISABLE_HTTPS_CHECK",
    ];
    for spelling in spellings {
        let loader = surround(bare(), Setting::OrgUrl).set(Setting::OrgUrl, "http://localhost:8080");
        only_problem(loader.clone());
        only_problem(loader.clone().environment([(spelling, "false")]));
        let loaded = loader.environment([(spelling, "true")]).load().unwrap();
        assert_eq!(loaded.config.org_url.as_str(), "http://localhost:8080");
        assert!(loaded.config.https_check_disabled);
        assert_eq!(loaded.warnings, []);
    }
}

#[test]
fn missing_settings_say_where_to_set_them() {
    let error = error(bare());
    let missing: Vec<_> = error.problems().iter().map(|problem| problem.setting()).collect();
    assert_eq!(missing, [Some(Setting::OrgUrl), Some(Setting::Token)]);
    for problem in error.problems() {
        assert!(problem.message().starts_with("is missing"), "{problem}");
    }
}

#[test]
fn remedies_name_what_this_loader_reads_and_nothing_else() {
    let sandbox = Sandbox::new();
    let home = sandbox.home_file().display().to_string();
    let local = sandbox.local_file().display().to_string();
    let remedies = |loader: Loader| {
        let error = error(loader);
        error
            .problems()
            .iter()
            .map(|problem| problem.remedy().to_owned())
            .collect::<Vec<_>>()
    };
    let in_code = "in code with Loader::set(Setting::OrgUrl, …)";
    for (loader, ways) in [
        (bare(), in_code.to_owned()),
        (
            bare().environment(crate::sandbox::NO_VARIABLES),
            format!("as the variable OKTA_CLIENT_ORGURL, or {in_code}"),
        ),
        (
            bare().working_dir(sandbox.working_dir()),
            format!("in {local}, or {in_code}"),
        ),
        (
            sandbox.loader(),
            format!("in {local} or {home}, as the variable OKTA_CLIENT_ORGURL, or {in_code}"),
        ),
        (
            bare().hint_for(Setting::OrgUrl, "AcmeBuilder::org_url"),
            "in code with AcmeBuilder::org_url".to_owned(),
        ),
    ] {
        assert_eq!(remedies(loader)[0], format!("set it {ways}"));
    }
}

#[test]
fn the_way_to_allow_http_is_one_this_loader_reads() {
    let http = || minimal().set(Setting::OrgUrl, "http://localhost:8080");
    assert_eq!(
        only_problem(http()).remedy(),
        "use https://; only tests may use http://, with okta.testing.testingDisableHttpsCheck set to true in code with \
         Loader::set(Setting::TestingDisableHttpsCheck, …)"
    );
    let named = only_problem(http().hint_for(Setting::TestingDisableHttpsCheck, "AcmeBuilder::allow_http"));
    assert!(
        named.remedy().ends_with("in code with AcmeBuilder::allow_http"),
        "{named}"
    );
}

#[test]
fn each_mode_has_its_requirements() {
    let org = || bare().set(Setting::OrgUrl, "https://acme.okta.com");
    for (mode, needed) in [
        ("SSWS", vec![Setting::Token]),
        ("Bearer", vec![Setting::Token]),
        (
            "PrivateKey",
            vec![Setting::ClientId, Setting::Scopes, Setting::PrivateKey],
        ),
    ] {
        let error = error(org().set(Setting::AuthorizationMode, mode));
        let missing: Vec<_> = error
            .problems()
            .iter()
            .filter_map(|problem| problem.setting())
            .collect();
        assert_eq!(missing, needed, "{mode}");
        for problem in error.problems() {
            assert!(
                problem
                    .message()
                    .contains(&format!("the authorization mode {mode} needs it")),
                "{problem}"
            );
        }
        needed
            .iter()
            .fold(org(), |loader, &setting| loader.set(setting, value(setting, 0)))
            .set(Setting::AuthorizationMode, mode)
            .load()
            .unwrap();
    }
}

#[test]
fn a_key_without_its_mode_gets_a_hint() {
    let key = (Setting::PrivateKey, value(Setting::PrivateKey, 0));
    let problem = only_problem(bare().set(Setting::OrgUrl, "https://acme.okta.com").set(key.0, key.1));
    assert_eq!(problem.setting(), Some(Setting::Token));
    assert!(
        problem
            .remedy()
            .contains("set okta.client.authorizationMode to PrivateKey"),
        "{problem}"
    );
}

#[test]
fn modes_are_read_whatever_their_case() {
    for (text, mode) in [
        ("ssws", "SSWS"),
        ("BEARER", "Bearer"),
        ("BearerToken", "Bearer"),
        ("privatekey", "PrivateKey"),
        ("PRIVATEKEY", "PrivateKey"),
        ("JWK", "PrivateKey"),
    ] {
        let credentials = if mode == "PrivateKey" { private_key() } else { minimal() };
        let loaded = credentials.set(Setting::AuthorizationMode, text).load().unwrap();
        assert_eq!(loaded.config.authorization.mode().unwrap().to_string(), mode);
    }
    for text in ["Basic", "JWT", "SSWS Bearer"] {
        let problem = only_problem(minimal().set(Setting::AuthorizationMode, text));
        assert_eq!(problem.setting(), Some(Setting::AuthorizationMode));
        assert!(problem.remedy().contains("SSWS, Bearer or PrivateKey"), "{problem}");
    }
}

#[test]
fn credentials_left_from_a_sample_are_told() {
    let bad = [
        (minimal(), Setting::Token, "{apiToken}"),
        (minimal(), Setting::Token, "{APITOKEN}"),
        (minimal(), Setting::Token, "YOUR_API_TOKEN"),
        (private_key(), Setting::ClientId, "{clientId}"),
        (private_key(), Setting::ClientId, "{CLIENTID}"),
        (private_key(), Setting::ClientId, "{yourClientId}"),
        (private_key(), Setting::ClientId, "YOUR_CLIENT_ID"),
        (private_key(), Setting::Scopes, "{scopes}"),
    ];
    for (loader, setting, text) in bad {
        let problem = only_problem(loader.set(setting, text));
        assert_eq!(problem.setting(), Some(setting));
        assert!(problem.message().contains("placeholder"), "{problem}");
        assert!(problem.remedy().contains("your own value"), "{problem}");
    }
}

#[test]
fn a_token_must_fit_into_a_header() {
    for text in ["00abc def", "00abc\ndef", "00äbc", "00abc\u{7f}"] {
        let problem = only_problem(minimal().set(Setting::Token, text));
        assert!(problem.message().contains("no header can carry"), "{problem}");
        assert!(!problem.to_string().contains("00"), "{problem}");
    }
    for text in ["app\nX-Evil: 1", "äpp"] {
        let problem = only_problem(minimal().set(Setting::UserAgent, text));
        assert_eq!(problem.setting(), Some(Setting::UserAgent));
    }
}

#[test]
fn scopes_must_be_scopes() {
    for text in ["[\"okta.users.read\"]", "okta.users\\read", "okta.üsers.read"] {
        let problem = only_problem(private_key().set(Setting::Scopes, text));
        assert_eq!(problem.setting(), Some(Setting::Scopes));
        assert!(problem.remedy().contains("without quotes"), "{problem}");
    }
    for text in [", ,", ","] {
        assert_eq!(
            only_problem(private_key().set(Setting::Scopes, text)).message(),
            "is empty"
        );
    }
    assert_eq!(
        only_problem(private_key().set(Setting::Scopes, Vec::<String>::new())).message(),
        "is empty"
    );
}

#[test]
fn proxy_rules() {
    let without_host: [&[(Setting, &str)]; 2] = [
        &[(Setting::ProxyPort, "8080")],
        &[(Setting::ProxyUsername, "me"), (Setting::ProxyPassword, "secret")],
    ];
    for given in without_host {
        let loader = given
            .iter()
            .fold(minimal(), |loader, &(setting, text)| loader.set(setting, text));
        let problem = only_problem(loader);
        assert_eq!(problem.setting(), Some(Setting::ProxyHost));
        assert!(problem.message().contains("is missing"), "{problem}");
    }

    let proxy = || minimal().set(Setting::ProxyHost, "proxy.example.com");
    proxy().load().unwrap();
    let problem = only_problem(proxy().set(Setting::ProxyUsername, "me"));
    assert_eq!(problem.setting(), Some(Setting::ProxyPassword));
    assert!(problem.remedy().contains("okta.client.proxy.username"), "{problem}");
    let problem = only_problem(proxy().set(Setting::ProxyPassword, "secret"));
    assert_eq!(problem.setting(), Some(Setting::ProxyUsername));

    for host in [
        "http://proxy.example.com/",
        "socks5://proxy.example.com:8080",
        "proxy.example.com:8080",
        "me:secret@proxy",
        "a b",
        "proxy/",
    ] {
        let problem = only_problem(minimal().set(Setting::ProxyHost, host));
        assert!(problem.message().contains("is not a host name or address"), "{problem}");
        assert!(!problem.to_string().contains("secret"), "{problem}");
    }
    let problem = only_problem(minimal().set(Setting::ProxyHost, "ftp://proxy.example.com"));
    assert!(problem.remedy().contains("socks5h://"), "{problem}");
    for host in [
        "proxy",
        "10.0.0.1",
        "[::1]",
        "::1",
        "proxy.example.com.",
        "https://proxy",
    ] {
        minimal()
            .set(Setting::ProxyHost, host)
            .load()
            .unwrap_or_else(|error| panic!("{host}: {error}"));
    }
}

#[test]
fn proxy_credentials_fit_the_kind_of_proxy() {
    let proxy = |host: &str, username: &str, password: &str| {
        minimal()
            .set(Setting::ProxyHost, host)
            .set(Setting::ProxyUsername, username)
            .set(Setting::ProxyPassword, password)
    };
    let long = "x".repeat(256);
    for (host, username, password, expected) in [
        ("proxy", "a:b", "secret", Setting::ProxyUsername),
        ("https://proxy", "me", "sec\tret", Setting::ProxyPassword),
        ("socks5://proxy", &long, "secret", Setting::ProxyUsername),
        ("socks5h://proxy", "me", &long, Setting::ProxyPassword),
    ] {
        let problem = only_problem(proxy(host, username, password));
        assert_eq!(problem.setting(), Some(expected), "{problem}");
        assert!(!problem.to_string().contains("sec"), "{problem}");
    }
    for (host, username, password) in [
        ("proxy", "me", "pa:ss@w%3Ard/é"),
        ("proxy", &long, &long),
        ("socks5://proxy", "a:b", "sec\tret"),
    ] {
        let config = proxy(host, username, password).load().unwrap().config;
        assert_eq!(config.proxy.unwrap().password.unwrap().expose_secret(), password);
    }
}

#[test]
fn the_life_of_a_dpop_key_has_bounds() {
    let dpop = |seconds: &str| {
        minimal()
            .set(Setting::DpopEnabled, true)
            .set(Setting::DpopKeyRotationInterval, seconds)
    };
    for seconds in ["0", "3599", "7776001"] {
        let problem = only_problem(dpop(seconds));
        assert_eq!(problem.setting(), Some(Setting::DpopKeyRotationInterval));
        assert!(
            problem.remedy().contains("3600") && problem.remedy().contains("7776000"),
            "{problem}"
        );
    }
    assert_eq!(dpop("3600").load().unwrap().warnings, []);
    assert_eq!(dpop("604800").load().unwrap().warnings, []);
    let warnings = dpop("604801").load().unwrap().warnings;
    assert!(warnings[0].message().contains("7 days"));
    // Without DPoP the interval does not matter.
    dpop("1").set(Setting::DpopEnabled, false).load().unwrap();
}

#[test]
fn private_keys_are_read_inline_and_from_files() {
    let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.working_dir().join("key.pem"), pem).unwrap();
    std::fs::write(
        sandbox.home().join(".okta").join("key.json"),
        value(Setting::PrivateKey, 3),
    )
    .unwrap();
    let key = |loader: Loader| {
        let loaded = surround(loader, Setting::PrivateKey)
            .load()
            .unwrap_or_else(|error| panic!("{error}"));
        crate::samples::effective(&loaded.config, Setting::PrivateKey)
    };
    let variable = |text: &str| sandbox.loader().environment([("OKTA_CLIENT_PRIVATEKEY", text)]);
    assert_eq!(key(variable(pem)), pem);
    assert_eq!(key(variable(&pem.replace('\n', "\\n"))), pem);
    assert_eq!(key(variable(&pem.replace('\n', " "))), pem);
    assert_eq!(key(variable("key.pem")), pem);
    assert_eq!(
        key(variable(sandbox.working_dir().join("key.pem").to_str().unwrap())),
        pem
    );
    assert_eq!(key(variable("~/.okta/key.json")), value(Setting::PrivateKey, 3));
    assert_eq!(
        key(sandbox
            .loader()
            .working_dir(sandbox.home())
            .set(Setting::PrivateKey, ".okta/key.json")),
        value(Setting::PrivateKey, 3)
    );
}

#[test]
fn a_relative_path_in_a_file_starts_where_the_file_is() {
    let sandbox = Sandbox::new().with_home_file("okta:\n  client:\n    privateKey: key.json\n");
    std::fs::write(
        sandbox.home().join(".okta").join("key.json"),
        value(Setting::PrivateKey, 3),
    )
    .unwrap();
    surround(sandbox.loader(), Setting::PrivateKey).load().unwrap();
}

#[test]
fn a_wrong_private_key_is_told_with_the_path() {
    let sandbox = Sandbox::new();
    std::fs::write(
        sandbox.working_dir().join("public.pem"),
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    )
    .unwrap();
    std::fs::write(sandbox.working_dir().join("notes.txt"), "hello").unwrap();
    let bad = [
        ("keys/none.pem", "keys/none.pem, which cannot be read", "permissions"),
        (".", "which cannot be read", "permissions"),
        ("public.pem", "public.pem, which is a public key", "the private key"),
        (
            "notes.txt",
            "notes.txt, which is neither PEM nor a JWK",
            "give the key as PEM",
        ),
        ("{\"kty\":\"RSA\"}", "is a public key", "the private key"),
        ("{\"keys\":[]}", "is a JWK Set", "the one key"),
        ("{\"alg\":\"RS256\"}", "without a kty", "{\"kty\": …}"),
        ("{'kty': 'RSA'}", "is not JSON at line 1 column 2", "double quotes"),
        (
            "-----BEGIN PRIVATE KEY-----\nAAAA",
            "without its end",
            "the whole block",
        ),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nA\n-----END ENCRYPTED PRIVATE KEY-----",
            "is encrypted",
            "openssl pkcs8",
        ),
    ];
    for (text, what, remedy) in bad {
        let problem = only_problem(surround(sandbox.loader(), Setting::PrivateKey).set(Setting::PrivateKey, text));
        assert_eq!(problem.setting(), Some(Setting::PrivateKey));
        assert!(problem.message().contains(what), "{problem}");
        assert!(problem.remedy().contains(remedy), "{problem}");
    }
}

#[test]
fn the_key_id_is_the_setting_else_the_one_of_the_jwk() {
    let key_id = |loader: Loader| crate::samples::effective(&loader.load().unwrap().config, Setting::KeyId);
    assert_eq!(key_id(private_key()), "k9");
    assert_eq!(key_id(private_key().set(Setting::KeyId, "mine")), "mine");
}

#[test]
fn all_problems_are_reported_together_each_with_its_source() {
    let sandbox = Sandbox::new()
        .with_home_file("okta:\n  client:\n    connectionTimeout: soon\n    proxy:\n      port: 70000\n")
        .with_local_file(
            "okta:\n  client:\n    orgUrl: http://acme-admin.okta.com/x\n    authorizationMode: PrivateKey\n",
        );
    let error = error(
        sandbox
            .loader()
            .environment([
                ("OKTA_CLIENT_RATELIMIT_MAXRETRIES", "-1"),
                ("OKTA_CLIENT_CLIENTID", "{clientId}"),
            ])
            .set_with_source("OktaClient::builder().cache_enabled(…)", Setting::CacheEnabled, "maybe"),
    );
    let home = sandbox.home_file().display().to_string();
    let local = sandbox.local_file().display().to_string();
    let expected = [
        format!("okta.client.orgUrl ({local} line 3) has the scheme http"),
        format!("okta.client.orgUrl ({local} line 3) is the address of the admin console"),
        format!("okta.client.orgUrl ({local} line 3) has a path"),
        "okta.client.clientId (environment variable OKTA_CLIENT_CLIENTID) is still the placeholder of a sample"
            .to_owned(),
        "okta.client.scopes is missing".to_owned(),
        "okta.client.privateKey is missing".to_owned(),
        format!("okta.client.connectionTimeout ({home} line 3) is \"soon\""),
        "okta.client.rateLimit.maxRetries (environment variable OKTA_CLIENT_RATELIMIT_MAXRETRIES) is \"-1\"".to_owned(),
        "okta.client.cache.enabled (code, OktaClient::builder().cache_enabled(…)) is \"maybe\"".to_owned(),
        "okta.client.proxy.host is missing".to_owned(),
        format!("okta.client.proxy.port ({home} line 5) is \"70000\""),
    ];
    let text = error.to_string();
    assert!(
        text.starts_with("the Okta configuration has 11 problems:\n  - "),
        "{text}"
    );
    let lines: Vec<_> = text.lines().skip(1).collect();
    assert_eq!(lines.len(), expected.len(), "{text}");
    for (line, expected) in lines.iter().zip(&expected) {
        assert!(
            line.strip_prefix("  - ").unwrap().starts_with(expected),
            "{line}\n{expected}"
        );
    }
    assert!(error.problems().iter().all(|problem| !problem.remedy().is_empty()));
}

#[test]
fn a_program_with_credentials_of_its_own_needs_none_from_here() {
    let loader = || {
        Loader::new()
            .without_files()
            .environment([("OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey")])
    };
    let loader = || loader().set(Setting::OrgUrl, "https://acme.okta.com");
    assert!(loader().load().is_err());
    let config = loader().custom_authorization().load().unwrap().config;
    assert!(matches!(config.authorization, Authorization::Custom));
    assert_eq!(config.authorization.mode(), None);
    config.check().unwrap();
}
