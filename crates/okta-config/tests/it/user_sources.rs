//! Sources of the program beside ours: named, checked and hidden like them.

use std::fmt;
use std::time::Duration;

use okta_config::config::{Config, ConfigError, File, FileFormat, Map, Source, Value, ValueKind};
use okta_config::{Authorization, Loader, Origin, Setting};
use serde::Serialize;

use crate::sandbox::{Sandbox, bare, error, minimal, only_problem, yaml};

const CANARY: &str = "c4n4ry";

/// A source in memory, as a client of a vault has one. Its `Debug` shows its values: ours must not.
#[derive(Clone, Debug)]
struct Vault(Vec<(&'static str, Value)>);

impl Vault {
    fn with(key: &'static str, kind: impl Into<ValueKind>) -> Self {
        Self(Vec::new()).and(key, kind)
    }

    fn and(mut self, key: &'static str, kind: impl Into<ValueKind>) -> Self {
        let origin = "vault secret/okta".to_owned();
        self.0.push((key, Value::new(Some(&origin), kind)));
        self
    }
}

impl Source for Vault {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self
            .0
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect())
    }
}

fn toml(text: &str) -> impl Source + Send + Sync + 'static {
    File::from_str(text, FileFormat::Toml)
}

fn origin(loader: Loader, setting: Setting) -> String {
    let loaded = loader.load().unwrap();
    loaded.settings.origin(setting).unwrap().to_string()
}

#[test]
fn a_toml_file_sets_everything_that_yaml_sets() {
    let sandbox = Sandbox::new();
    let path = sandbox.working_dir().join("service.toml");
    let text = r#"
        [server]
        token = "of another part of the service"
        [okta.client]
        orgUrl = "https://acme.okta.com"
        token = "00abc"
        requestTimeout = 60
        connectionTimeout = 0.5
        rateLimit = { maxRetries = 4, enable = false }
        scopes = ["okta.users.read"]
        [okta.client.proxy]
        host = "proxy.example.com"
        port = 3128
    "#;
    std::fs::write(&path, text).unwrap();
    let loaded = bare().source(File::from(path.clone())).load().unwrap();
    assert_eq!(loaded.warnings, []);
    let config = &loaded.config;
    assert_eq!(config.org_url.as_str(), "https://acme.okta.com");
    assert_eq!(config.request_timeout, Some(Duration::from_secs(60)));
    assert_eq!(config.connection_timeout, Some(Duration::from_millis(500)));
    assert_eq!((config.rate_limit.max_retries, config.rate_limit.enabled), (4, false));
    assert_eq!(config.proxy.as_ref().unwrap().port, Some(3128));
    let origin = loaded.settings.origin(Setting::Token).unwrap();
    let Origin::Source { name, key } = origin else {
        panic!("{origin:?}")
    };
    assert!(name.ends_with("service.toml"), "{name}");
    assert_eq!(key.as_deref(), Some("okta.client.token"));
}

#[test]
fn a_json_file_and_a_struct_of_the_service_are_sources() {
    let json = File::from_str(
        r#"{"okta": {"client": {"orgUrl": "https://acme.okta.com"}}}"#,
        FileFormat::Json,
    );

    #[derive(Serialize)]
    struct Settings {
        listen: u16,
        okta: Okta,
    }
    #[derive(Serialize)]
    struct Okta {
        client: Client,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Client {
        token: String,
        request_timeout: u32,
    }
    let client = Client {
        token: "00abc".to_owned(),
        request_timeout: 7,
    };
    let settings = Settings {
        listen: 80,
        okta: Okta { client },
    };
    let of_the_service = Config::try_from(&settings).unwrap();

    let loaded = bare().source(json).source(of_the_service).load().unwrap();
    assert_eq!(loaded.config.request_timeout, Some(Duration::from_secs(7)));
    let origin = loaded.settings.origin(Setting::RequestTimeout).unwrap().to_string();
    assert_eq!(
        origin, "source Config, key okta.client.requestTimeout",
        "a value without an origin has the type's name"
    );
}

#[test]
fn each_source_has_its_place() {
    let sandbox = Sandbox::new().with_local_file(&yaml("okta.client.userAgent", "file/1"));
    let vault = |text: &'static str| Vault::with("okta.client.userAgent", text);
    let files = || {
        sandbox
            .loader()
            .set(Setting::OrgUrl, "https://acme.okta.com")
            .set(Setting::Token, "00abc")
    };
    let agent = |loader: Loader| loader.load().unwrap().config.user_agent.unwrap();
    let variable = [("OKTA_CLIENT_USERAGENT", "variable/1")];

    assert_eq!(agent(files().source_below_files(vault("vault/1"))), "file/1");
    assert_eq!(agent(files().source(vault("vault/1"))), "vault/1");
    assert_eq!(agent(files().environment(variable).source(vault("vault/1"))), "vault/1");
    assert_eq!(
        agent(files().environment(variable).source_below_files(vault("vault/1"))),
        "variable/1"
    );
    assert_eq!(
        agent(files().source(vault("vault/1")).set(Setting::UserAgent, "code/1")),
        "code/1"
    );
    assert_eq!(agent(minimal().source_below_files(vault("vault/1"))), "vault/1");
    assert_eq!(
        agent(files().source(vault("vault/1")).source(vault("vault/2"))),
        "vault/2",
        "the last one counts"
    );
    assert_eq!(
        agent(
            files()
                .source(vault("vault/1"))
                .source(Vault::with("okta.client.token", "00b"))
        ),
        "vault/1"
    );
}

#[test]
fn a_problem_names_the_source_and_the_key() {
    let of = |key, kind: ValueKind| {
        let loader = minimal().source(Vault::with(key, kind));
        only_problem(loader).to_string()
    };
    assert_eq!(
        of("okta.client.requestTimeout", "soon".into()),
        "okta.client.requestTimeout (source vault secret/okta) is \"soon\", which is not a number: write a number of \
         seconds, such as 30 or 0.5"
    );
    assert_eq!(
        of("okta.client.maxRetries", "many".into()),
        "okta.client.rateLimit.maxRetries (source vault secret/okta, key okta.client.maxRetries) is \"many\", which is \
         not a whole number: write a whole number, 0 or more"
    );
    let accepted = of("okta.client.accessToken", "00abc".into());
    assert!(
        accepted.starts_with("source vault secret/okta, key okta.client.accessToken is not supported"),
        "{accepted}"
    );
}

#[test]
fn misspellings_duplicates_and_two_credentials_are_found_as_in_our_sources() {
    let loaded = minimal()
        .source(Vault::with("okta.client.tokne", "00abc"))
        .load()
        .unwrap();
    assert_eq!(
        loaded.warnings[0].to_string(),
        "source vault secret/okta, key okta.client.tokne is not a setting; did you mean okta.client.token?"
    );
    let flat = minimal()
        .source(Vault::with("token", "00abc").and("port", 80))
        .load()
        .unwrap();
    assert_eq!(
        flat.warnings[0].to_string(),
        "source vault secret/okta, key token is not below okta.client, so it is not used; did you mean okta.client.token?"
    );
    let twice = Vault::with("okta.client.kid", "a").and("okta.client.keyId", "b");
    let key = Vault::with(
        "okta.client.privateKey",
        r#"{"kty":"RSA","kid":"k","n":"1","e":"AQAB","d":"1"}"#,
    )
    .and("okta.client.clientId", "0oa1")
    .and("okta.client.scopes", vec!["okta.users.read"])
    .and("okta.client.authorizationMode", "PrivateKey");
    let org = Vault::with("okta.client.orgUrl", "https://acme.okta.com");
    let problem = only_problem(bare().source(org.clone()).source(key.clone()).source(twice)).to_string();
    assert!(
        problem.contains("has another value in source vault secret/okta, key okta.client.k"),
        "{problem}"
    );
    let both = key.and("okta.client.token", "00abc");
    let problem = only_problem(bare().source(org).source(both)).to_string();
    assert!(
        problem.contains("is set beside okta.client.token (source vault secret/okta)"),
        "{problem}"
    );
}

#[test]
fn what_is_missing_could_be_in_the_source() {
    let problem = only_problem(
        bare()
            .set(Setting::Token, "00abc")
            .source(Vault::with("okta", ValueKind::Nil)),
    );
    assert!(
        problem.remedy().starts_with("set it in the source Vault, or in code"),
        "{problem}"
    );
}

#[test]
fn values_of_the_wrong_kind_are_problems_and_show_no_secret() {
    let table = || ValueKind::from(Map::from([("a".to_owned(), CANARY), ("b".to_owned(), CANARY)]));
    let list = || ValueKind::from(vec![CANARY]);
    let nested = || ValueKind::from(vec![Value::new(None, list())]);
    let wrong: [(&str, ValueKind, &str); 12] = [
        ("okta.client.token", list(), "is a list"),
        ("okta.client.token", table(), "is a mapping"),
        ("okta.client.token", 7.into(), "is not text"),
        ("okta.client.token", 1.10.into(), "is not text"),
        ("okta.client.token", true.into(), "is not text"),
        ("okta.client.scopes", nested(), "has an item that is not text"),
        (
            "okta.client.scopes",
            ValueKind::from(vec![1]),
            "has an item that is not text",
        ),
        ("okta.client.privateKey", list(), "is a list"),
        ("okta.client.requestTimeout", f64::INFINITY.into(), "too large"),
        ("okta.client.requestTimeout", f64::NAN.into(), "not a number"),
        ("okta.client.rateLimit.maxRetries", u128::MAX.into(), "too large"),
        ("okta.client.rateLimit.maxRetries", (-1).into(), "negative"),
    ];
    let surroundings = |key: &str| {
        let app = bare().set(Setting::OrgUrl, "https://acme.okta.com");
        match key {
            "okta.client.scopes" | "okta.client.privateKey" => {
                let jwk = r#"{"kty":"RSA","kid":"k","n":"1","e":"AQAB","d":"1"}"#;
                let app = app
                    .set(Setting::AuthorizationMode, "PrivateKey")
                    .set(Setting::ClientId, "0oa1");
                if key.ends_with("scopes") {
                    app.set(Setting::PrivateKey, jwk)
                } else {
                    app.set(Setting::Scopes, "a")
                }
            }
            "okta.client.token" => app,
            _ => app.set(Setting::Token, "00abc"),
        }
    };
    for (key, kind, expected) in wrong {
        let loader = surroundings(key).source(Vault::with(key, kind));
        let shown = format!("{loader:?}");
        let problem = only_problem(loader);
        assert!(problem.message().contains(expected), "{key}: {problem}");
        assert!(problem.to_string().contains("source vault secret/okta"), "{problem}");
        assert!(!format!("{shown} {problem}").contains(CANARY), "{shown} {problem}");
        assert!(problem.to_string().len() < 300, "{problem}");
    }
    for section in [ValueKind::from(CANARY), list(), 7.into()] {
        let shown = error(minimal().source(Vault::with("okta", section))).to_string();
        assert!(
            shown.contains("source vault secret/okta is wrong: okta must be a mapping"),
            "{shown}"
        );
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

#[test]
fn huge_floats_and_keys_with_brackets_cost_nothing() {
    let huge = only_problem(minimal().source(Vault::with("okta.client.requestTimeout", 1e300))).to_string();
    assert!(huge.contains("is \"1e300\", which is too large"), "{huge}");
    // In a path of the `config` crate this is a list of four thousand million items.
    let bracket = minimal()
        .source(Vault::with("okta.client.scopes[4000000000]", "a"))
        .load()
        .unwrap();
    let expected = "source vault secret/okta, key okta.client.scopes[4000000000] is not a setting";
    assert_eq!(bracket.warnings[0].to_string(), expected);
}

#[test]
fn errors_of_a_source_name_it_and_quote_nothing_of_it() {
    let broken = error(minimal().source(toml(&format!("[okta.client]\ntoken = {CANARY}\n"))));
    let shown = format!("{broken}");
    assert!(
        shown.contains("source File cannot be read (TOML parse error at line 2, column 9)"),
        "{shown}"
    );
    assert!(!shown.contains(CANARY), "{shown}");

    #[derive(Clone)]
    struct Failing(fn() -> ConfigError);
    impl fmt::Debug for Failing {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(CANARY)
        }
    }
    impl Source for Failing {
        fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
            Box::new(self.clone())
        }
        fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
            Err((self.0)())
        }
    }
    let foreign = || ConfigError::Foreign(format!("invalid type: string \"{CANARY}\"\n | {CANARY}").into());
    let at = || ConfigError::At {
        error: Box::new(ConfigError::Message(format!("unknown variant `{CANARY}`"))),
        origin: Some("vault".to_owned()),
        key: Some("okta.client.token".to_owned()),
    };
    let missing = || ConfigError::NotFound("okta.client.token".to_owned());
    let sealed = || ConfigError::Message("the vault isn't open: it's sealed".to_owned());
    let unexpected = || Value::new(None, CANARY).into_int().unwrap_err();
    type Case = (fn() -> ConfigError, &'static str);
    let cases: [Case; 5] = [
        (foreign, "source Failing cannot be read (invalid type: string …)"),
        (
            at,
            "source vault, key okta.client.token cannot be read (unknown variant …)",
        ),
        (missing, "source Failing, key okta.client.token is missing"),
        (
            sealed,
            "source Failing cannot be read (the vault isn't open: it's sealed)",
        ),
        (unexpected, "source Failing has a value that is not an integer"),
    ];
    for (failure, expected) in cases {
        let loader = minimal().source(Failing(failure));
        let before = format!("{loader:?}");
        let shown = format!("{before} {}", error(loader));
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

#[test]
fn a_key_file_is_looked_for_beside_the_file_that_names_it() {
    let sandbox = Sandbox::new();
    let path = sandbox.home().join("service.toml");
    std::fs::write(
        sandbox.home().join("key.json"),
        r#"{"kty":"RSA","kid":"k7","n":"1","e":"AQAB","d":"1"}"#,
    )
    .unwrap();
    std::fs::write(
        &path,
        "[okta.client]\nauthorizationMode = 'PrivateKey'\nclientId = '0oa1'\nscopes = 'a'\nprivateKey = 'key.json'\n",
    )
    .unwrap();
    let loader = sandbox
        .loader()
        .set(Setting::OrgUrl, "https://acme.okta.com")
        .source(File::from(path));
    let Authorization::PrivateKey(app) = loader.load().unwrap().config.authorization else {
        panic!()
    };
    assert_eq!(app.key_id.as_deref(), Some("k7"));
}

#[test]
fn a_jwk_may_be_a_table() {
    let jwk = toml(
        "[okta.client]\norgUrl = 'https://acme.okta.com'\nauthorizationMode = 'PrivateKey'\nclientId = '0oa1'\nscopes = ['a']\n\
         [okta.client.jwk]\nkty = 'RSA'\nkid = 'k8'\nn = '1'\ne = 'AQAB'\nd = '1'\nkey_ops = ['sign']\n",
    );
    let Authorization::PrivateKey(app) = bare().source(jwk).load().unwrap().config.authorization else {
        panic!()
    };
    assert_eq!(app.key_id.as_deref(), Some("k8"));
}

#[test]
fn origins_are_of_the_winning_source_only() {
    let below = Vault::with("okta.client.userAgent", vec![CANARY]);
    let loader = || minimal().source_below_files(below.clone());
    assert_eq!(
        origin(
            loader().environment([("OKTA_CLIENT_USERAGENT", "a/1")]),
            Setting::UserAgent
        ),
        "environment variable OKTA_CLIENT_USERAGENT",
        "a wrong value that is overridden is not a problem"
    );
    assert_eq!(only_problem(loader()).setting(), Some(Setting::UserAgent));
}

#[test]
fn an_origin_that_is_an_address_is_shown_without_its_credentials() {
    for (origin, shown) in [
        (
            "https://vault:c4n4ry@vault.example.com/v1/okta",
            "https://…@vault.example.com/v1/okta",
        ),
        (
            "https://vault:c4/n4ry@vault.example.com/v1",
            "https://…@vault.example.com/v1",
        ),
        (
            "https://vault.example.com/v1?token=c4n4ry#c4n4ry",
            "https://vault.example.com/v1",
        ),
        ("two\nlines", "two lines"),
    ] {
        let value = Value::new(Some(&origin.to_owned()), "soon");
        let problem = only_problem(minimal().source(Vault(vec![("okta.client.requestTimeout", value)]))).to_string();
        assert!(
            problem.starts_with(&format!("okta.client.requestTimeout (source {shown}) is")),
            "{problem}"
        );
        assert!(!problem.contains('\n') && !problem.contains(CANARY), "{problem}");
    }
}

#[test]
fn sections_of_other_tools_are_left_alone_nested_or_with_dots() {
    let nested = ValueKind::from(Map::from([("url".to_owned(), "x")]));
    for source in [
        Vault::with("okta.cli.token", "x"),
        Vault::with(
            "okta",
            ValueKind::from(Map::from([("cli".to_owned(), Value::new(None, nested))])),
        ),
        Vault::with("database", "x"),
        Vault::with("oktaish.client.token", "x"),
    ] {
        assert_eq!(minimal().source(source).load().unwrap().warnings, []);
    }
    let near = minimal().source(Vault::with("okta.clients.token", "x")).load().unwrap();
    assert_eq!(near.warnings[0].suggestion(), Some("okta.client"));
}
