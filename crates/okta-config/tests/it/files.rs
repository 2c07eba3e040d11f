//! YAML files: absent, empty, unexpected, malformed.

use okta_config::Setting;

use crate::samples::{effective, surround};
use crate::sandbox::{Sandbox, error, minimal, only_problem};

#[test]
fn absent_and_empty_files_are_fine() {
    let empty = [
        "",
        "\n\n",
        "# nothing\n",
        "---\n",
        "--- ~\n",
        "null",
        "{}",
        "okta:",
        "okta: {}",
        "okta:\n  client:\n",
        "\u{feff}",
        "\u{feff}okta:\n",
    ];
    for text in empty {
        let sandbox = Sandbox::new().with_home_file(text).with_local_file(text);
        let loaded = surround(sandbox.loader(), Setting::UserAgent)
            .load()
            .unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(loaded.warnings, [], "{text:?}");
    }
    let nowhere = Sandbox::new();
    surround(nowhere.loader().home_dir("/nowhere/at/all"), Setting::UserAgent)
        .load()
        .unwrap();
}

#[test]
fn the_two_samples_of_the_okta_readmes_load() {
    let token = "okta:
  client:
    connectionTimeout: 30 # seconds
    orgUrl: \"https://acme.okta.com\"
    proxy:
      port: 3128
      host: proxy.example.com
      username: me
      password: secret
    token: \"00abc\"
    requestTimeout: 0 # seconds
    rateLimit:
      maxRetries: 4
";
    let loaded = Sandbox::new().with_local_file(token).loader().load().unwrap();
    assert_eq!(loaded.config.rate_limit.max_retries, 4);
    assert_eq!(loaded.config.proxy.unwrap().port, Some(3128));

    let private_key = "okta:
  client:
    connectionTimeout: 30 # seconds
    orgUrl: \"https://acme.okta.com\"
    authorizationMode: \"PrivateKey\"
    clientId: \"0oa1\"
    scopes:
      - scope.1
      - scope.2
    privateKey: |
      -----BEGIN PRIVATE KEY-----
      AAAA
      BBBB
      -----END PRIVATE KEY-----
    requestTimeout: 0 # seconds
    rateLimit:
      maxRetries: 4
";
    let loaded = Sandbox::new().with_home_file(private_key).loader().load().unwrap();
    assert_eq!(effective(&loaded.config, Setting::Scopes), "scope.1 scope.2");
    assert_eq!(
        effective(&loaded.config, Setting::PrivateKey),
        "-----BEGIN PRIVATE KEY-----\nAAAA\nBBBB\n-----END PRIVATE KEY-----\n"
    );
}

#[test]
fn a_proxy_section_of_nulls_is_no_proxy() {
    let text = "okta:\n  client:\n    proxy:\n      port: null\n      host:\n      username: ~\n      password: ''\n";
    let loaded = surround(Sandbox::new().with_local_file(text).loader(), Setting::UserAgent)
        .load()
        .unwrap();
    assert!(loaded.config.proxy.is_none());
}

#[test]
fn malformed_files_are_named_with_line_and_column() {
    let bad = [
        ("okta:\n  client:\n   token: a\n  - b\n", "line 4 column 5"),
        ("okta:\n  client: [a, b\n", "line 3 column 1"),
        ("okta:\n\tclient:\n", "line 2 column 2"),
        ("okta:\n  client:\n    token: \"abc\n", "line 3 column 12"),
        ("okta:\n  client:\n    token: a\n    token: b\n", "line 4 column 5"),
        ("okta: {}\n---\nokta: {}\n", "line 2 column 1"),
        ("okta:\n  client:\n    token: {{ api_token }}\n", "line 3 column 25"),
        ("okta:\n  client:\n    token: *nowhere\n", "line 3 column 12"),
        ("okta:\n  client:\n    token: !vault |\n      abc\n", "line 4 column 7"),
    ];
    for (text, place) in bad {
        let sandbox = Sandbox::new().with_local_file(text);
        let problem = only_problem(sandbox.loader());
        assert_eq!(problem.setting(), None);
        let expected = format!("{} {place}", sandbox.local_file().display());
        assert!(problem.to_string().starts_with(&expected), "{problem}\n{expected}");
        assert_eq!(problem.remedy(), "fix the YAML");
    }
}

#[test]
fn what_must_be_a_mapping_is_named() {
    let bad = [
        ("just text", "line 1 is wrong: the file must be a mapping"),
        ("- a\n- b\n", "line 1 is wrong: the file must be a mapping"),
        ("okta: text\n", "line 1 is wrong: okta must be a mapping"),
        (
            "okta:\n  client:\n    - a\n",
            "line 2 is wrong: okta.client must be a mapping",
        ),
        (
            "okta:\n  testing: true\n",
            "line 2 is wrong: okta.testing must be a mapping",
        ),
        (
            "okta:\n  client:\n    proxy: host:8080\n",
            "line 3 is wrong: okta.client.proxy must be a mapping",
        ),
    ];
    for (text, what) in bad {
        let problem = only_problem(Sandbox::new().with_local_file(text).loader()).to_string();
        assert!(problem.contains(what), "{problem}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_named() {
    let bad = [
        (Setting::Token, "[a, b]", "is a list"),
        (Setting::UserAgent, "{a: 1, b: 2}", "is a mapping"),
        (Setting::Scopes, "{a: 1, b: 2}", "is a mapping"),
        (Setting::Scopes, "[a, [b]]", "has an item that is not text"),
        (Setting::PrivateKey, "[a]", "is a list"),
        (
            Setting::PrivateKey,
            "{kty: RSA, d: {a: 1}}",
            "has the member d, which is not text",
        ),
    ];
    for (setting, value, what) in bad {
        let sandbox = Sandbox::new().with_local_file(&crate::sandbox::yaml(setting.key(), value));
        let problem = only_problem(surround(sandbox.loader(), setting)).to_string();
        assert!(problem.contains(what) && problem.contains(setting.key()), "{problem}");
    }
    let problem = only_problem(minimal().set(Setting::UserAgent, ["a", "b"]));
    assert_eq!(problem.message(), "is a list");
}

#[test]
fn unquoted_placeholders_are_told_as_such() {
    let text = "okta:\n  client:\n    orgUrl: {yourOktaDomain}\n    token: {apiToken}\n    proxy:\n      host: {proxy_host}\n      port: {proxy_port}\n";
    let error = error(Sandbox::new().with_local_file(text).loader()).to_string();
    for expected in [
        "orgUrl (",
        "{yourOktaDomain}",
        "token (",
        "proxy.host (",
        "\"{proxy_port}\", which is not a port",
    ] {
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(error.matches("placeholder").count(), 3, "{error}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.local_file()).unwrap();
    std::fs::write(sandbox.home_file(), [0xff, 0xfe, 0x00]).unwrap();
    let error = error(surround(sandbox.loader(), Setting::UserAgent));
    let [home, local] = error.problems() else {
        panic!("{error}")
    };
    assert!(
        home.to_string()
            .starts_with(&format!("{} cannot be read", sandbox.home_file().display())),
        "{home}"
    );
    assert!(
        local.to_string().starts_with(&format!(
            "{} cannot be read (it is a directory)",
            sandbox.local_file().display()
        )),
        "{local}"
    );
    assert!(local.remedy().contains("readable"), "{local}");
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_before_it_is_opened() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new();
    let refused = || {
        let problem = only_problem(surround(sandbox.loader(), Setting::UserAgent)).to_string();
        let expected = format!(
            "{} cannot be read (it is a device, a pipe",
            sandbox.local_file().display()
        );
        assert!(problem.starts_with(&expected), "{problem}");
        std::fs::remove_file(sandbox.local_file()).unwrap();
    };
    symlink("/dev/null", sandbox.local_file()).unwrap();
    refused();
    // To open this one would wait for a writer, for ever.
    let made = std::process::Command::new("mkfifo").arg(sandbox.local_file()).status();
    assert!(made.unwrap().success());
    refused();
}

#[cfg(unix)]
#[test]
fn a_link_to_a_regular_file_is_followed() {
    let sandbox = Sandbox::new().with_home_file("okta:\n  client:\n    userAgent: linked\n");
    std::os::unix::fs::symlink(sandbox.home_file(), sandbox.local_file()).unwrap();
    let loader = surround(sandbox.loader().home_dir("/nowhere"), Setting::UserAgent);
    assert_eq!(loader.load().unwrap().config.user_agent.as_deref(), Some("linked"));
}

#[test]
fn what_may_stand_in_an_unreadable_file_is_not_called_missing() {
    let sandbox = Sandbox::new().with_local_file("okta: [");
    let error = error(
        sandbox
            .loader()
            .environment([("OKTA_CLIENT_CONNECTIONTIMEOUT", "soon")]),
    );
    assert_eq!(error.problems().len(), 2, "{error}");
    assert!(!error.to_string().contains("is missing"), "{error}");
}

#[test]
fn anchors_and_deep_nesting_are_safe() {
    let text = "shared: &org https://acme.okta.com\nproxy: &proxy\n  host: proxy.example.com\nokta:\n  client:\n    orgUrl: *org\n    token: 00abc\n    proxy: *proxy\n";
    let loaded = Sandbox::new().with_local_file(text).loader().load().unwrap();
    assert_eq!(loaded.config.org_url.host(), "acme.okta.com");
    assert_eq!(loaded.config.proxy.unwrap().host, "proxy.example.com");

    let mut bomb = String::from("a0: &a0 [x]\n");
    for level in 1..60 {
        bomb.push_str(&format!(
            "a{level}: &a{level} [{}]\n",
            format!("*a{}, ", level - 1).repeat(9)
        ));
    }
    surround(Sandbox::new().with_local_file(&bomb).loader(), Setting::UserAgent)
        .load()
        .unwrap();
    for deep in ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000)] {
        let problem = only_problem(Sandbox::new().with_local_file(&deep).loader()).to_string();
        assert!(problem.contains("is not YAML"), "{problem}");
    }
}

/// The settings of a file that its own text and nothing else says.
fn of_file(text: &str) -> okta_config::LoadedConfig {
    let loaded = Sandbox::new().with_local_file(text).loader().load();
    loaded.unwrap_or_else(|error| panic!("{text}\n{error}"))
}

#[test]
fn b46_merge_keys_are_read_as_yaml_1_1_says() {
    const BASES: &str = "
base: &base
  orgUrl: https://base.okta.com
  token: 00base
  userAgent: base/1
other: &other
  userAgent: other/1
  requestTimeout: 7
";
    for (client, org_url, user_agent, timeout) in [
        ("    <<: *base", "https://base.okta.com", "base/1", None),
        // Its own keys go first, wherever the merge key stands.
        (
            "    <<: *base\n    userAgent: own/1",
            "https://base.okta.com",
            "own/1",
            None,
        ),
        (
            "    userAgent: own/1\n    <<: *base",
            "https://base.okta.com",
            "own/1",
            None,
        ),
        // Of a list, an earlier mapping goes before a later one.
        ("    <<: [*base, *other]", "https://base.okta.com", "base/1", Some(7)),
        ("    <<: [*other, *base]", "https://base.okta.com", "other/1", Some(7)),
        (
            "    <<:\n      - *other\n      - *base",
            "https://base.okta.com",
            "other/1",
            Some(7),
        ),
        ("    !!merge <<: *base", "https://base.okta.com", "base/1", None),
        // A mapping in place, and one that has merged another.
        (
            "    <<: {orgUrl: 'https://in.okta.com', token: 00in, userAgent: in/1}",
            "https://in.okta.com",
            "in/1",
            None,
        ),
        (
            "    <<: {<<: *base, userAgent: outer/1}",
            "https://base.okta.com",
            "outer/1",
            None,
        ),
    ] {
        let loaded = of_file(&format!("{BASES}okta:\n  client:\n{client}\n"));
        assert_eq!(loaded.config.org_url.as_str(), org_url, "{client}");
        assert_eq!(loaded.config.user_agent.as_deref(), Some(user_agent), "{client}");
        let seconds = loaded.config.request_timeout.map(|timeout| timeout.as_secs());
        assert_eq!(seconds, timeout, "{client}");
        assert_eq!(loaded.warnings, [], "{client}");
    }
}

#[test]
fn b46_a_merged_section_is_replaced_as_a_whole_and_its_values_keep_their_lines() {
    let loaded = of_file(
        "defaults: &defaults\n  orgUrl: https://acme.okta.com\n  token: 00abc\n  cache:\n    enabled: true\n    \
         defaultTtl: 9\nokta:\n  client:\n    <<: *defaults\n    cache:\n      defaultTti: 5\n",
    );
    assert!(!loaded.config.cache.enabled, "no deep merge");
    assert_eq!(loaded.config.cache.default_tti.as_secs(), 5);
    let origin = loaded.settings.origin(Setting::OrgUrl).unwrap().to_string();
    assert!(origin.ends_with("okta.yaml line 2, key okta.client.orgUrl"), "{origin}");
}

#[test]
fn b46_what_cannot_be_merged_is_said_with_its_line() {
    for (merge, expected) in [
        ("<<: text", "neither a mapping nor a list of mappings"),
        ("<<: ~", "neither a mapping nor a list of mappings"),
        ("<<: [*base, text]", "neither a mapping nor a list of mappings"),
        ("<<: *base\n    <<: *base", "write one << with a list"),
    ] {
        let text = format!("base: &base\n  token: 00abc\nokta:\n  client:\n    {merge}\n");
        let problem = only_problem(Sandbox::new().with_local_file(&text).loader()).to_string();
        assert!(
            problem.contains("okta.yaml line ") && problem.contains(expected),
            "{merge}: {problem}"
        );
    }
    // In quotation marks it is a key, and not a setting.
    let text = "okta:\n  client:\n    '<<': x\n    orgUrl: https://acme.okta.com\n    token: 00abc\n";
    assert!(
        of_file(text).warnings[0]
            .to_string()
            .contains("okta.client.<< is not a setting")
    );
}
