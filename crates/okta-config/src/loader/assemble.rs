//! From merged values to a typed, checked configuration, with every problem on the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use crate::authorization::{Authorization, AuthorizationMode, PrivateKeyConfig};
use crate::client_config::{CacheConfig, ClientConfig, LoggingConfig, OAuthConfig, RateLimitConfig};
use crate::error::{Fault, Problem, Warning};
use crate::loader::nearest::nearest_scope;
use crate::loader::raw::{Entry, Raw};
#[cfg(feature = "loader")]
use crate::loader::user_source;
use crate::loader::ways::Ways;
use crate::loader::{coerce, key_source};
use crate::org_url::OrgUrl;
use crate::org_url::error::OrgUrlFault;
use crate::origin::Origin;
use crate::private_key::{PEM_BEGIN, PrivateKey};
use crate::proxy::{self, ProxyConfig};
use crate::rules;
use crate::setting::Setting;

/// What the values are read with.
pub(super) struct Surroundings {
    pub(super) home: Option<PathBuf>,
    pub(super) working_dir: PathBuf,
    pub(super) ways: Ways,
    /// A source could not be read, so a value that seems missing may be there.
    pub(super) incomplete: bool,
    /// The program brings its own credentials.
    pub(super) custom_authorization: bool,
    /// The settings that the sources override.
    pub(super) base: Option<ClientConfig>,
    /// If there are any, other scopes are warned of.
    pub(super) known_scopes: &'static [&'static str],
}

/// The place of [`Surroundings::base`] among the sources.
const RANK_OF_BASE: usize = 1;

/// Types and checks all values. The problems are in the order of the table of settings.
pub(super) fn assemble(
    values: &BTreeMap<Setting, Entry>,
    surroundings: &Surroundings,
) -> (Option<ClientConfig>, Vec<Problem>, Vec<Warning>) {
    let mut assembler = Assembler {
        values,
        surroundings,
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    let config = assembler.client_config();
    let Assembler {
        mut problems, warnings, ..
    } = assembler;
    problems.sort_by_key(Problem::setting);
    (config, problems, warnings)
}

struct Assembler<'a> {
    values: &'a BTreeMap<Setting, Entry>,
    surroundings: &'a Surroundings,
    problems: Vec<Problem>,
    warnings: Vec<Warning>,
}

impl Assembler<'_> {
    fn client_config(&mut self) -> Option<ClientConfig> {
        let https_check_disabled = self
            .text(Setting::TestingDisableHttpsCheck, coerce::flag)
            .unwrap_or_default();
        let org_url = self.org_url(https_check_disabled);
        let authorization = self.authorization();
        let user_agent = self.checked_text(Setting::UserAgent, rules::user_agent);
        let connection_timeout = self.limit(Setting::ConnectionTimeout);
        let request_timeout = self.limit(Setting::RequestTimeout);
        let rate_limit = self.rate_limit();
        let cache = self.cache();
        let proxy = self.proxy();
        let logging = self.logging();
        let dpop_enabled = self.text(Setting::DpopEnabled, coerce::flag).unwrap_or_default();
        let oauth = self.oauth(dpop_enabled);
        Some(ClientConfig {
            org_url: org_url?,
            authorization: authorization?,
            user_agent,
            connection_timeout,
            request_timeout,
            rate_limit,
            cache,
            proxy,
            logging,
            oauth,
            dpop_enabled,
            https_check_disabled,
        })
    }

    fn org_url(&mut self, https_check_disabled: bool) -> Option<OrgUrl> {
        if !self.is_set(Setting::OrgUrl) {
            self.missing(Setting::OrgUrl, String::new(), "");
            return None;
        }
        let text = self.text(Setting::OrgUrl, |text| Ok(text.to_owned()))?;
        let parsed = if https_check_disabled {
            OrgUrl::parse_without_https_check(&text)
        } else {
            OrgUrl::parse(&text)
        };
        match parsed {
            Ok(org_url) => {
                if org_url.scheme() == "http" && !org_url.is_loopback() {
                    self.warn(
                        Setting::OrgUrl,
                        "sends credentials to another machine in clear text, over http",
                    );
                }
                Some(org_url)
            }
            Err(error) => {
                for fault in error.faults() {
                    let remedy = match fault {
                        OrgUrlFault::NotHttps { .. } => self.https_remedy(),
                        other => other.remedy(),
                    };
                    self.problem(Setting::OrgUrl, Fault::new(fault.to_string(), remedy));
                }
                None
            }
        }
    }

    fn https_remedy(&self) -> String {
        let switch = Setting::TestingDisableHttpsCheck;
        let ways = self.surroundings.ways.to_set(switch);
        format!("use https://; only tests may use http://, with {switch} set to true {ways}")
    }

    fn authorization(&mut self) -> Option<Authorization> {
        let leaves_it_to_the_program = |base: &ClientConfig| matches!(base.authorization, Authorization::Custom);
        let nothing_is_set = ![Setting::Token, Setting::PrivateKey]
            .iter()
            .any(|&setting| self.is_set(setting));
        if self.surroundings.custom_authorization
            || (nothing_is_set && self.surroundings.base.as_ref().is_some_and(leaves_it_to_the_program))
        {
            return Some(Authorization::Custom);
        }
        self.refuse_two_credentials();
        let mode = self.text(Setting::AuthorizationMode, coerce::mode)?;
        self.warn_of_unused_credentials(mode);
        match mode {
            mode @ AuthorizationMode::Ssws => Some(Authorization::Ssws {
                token: self.token(mode)?,
            }),
            mode @ AuthorizationMode::Bearer => Some(Authorization::Bearer {
                token: self.token(mode)?,
            }),
            mode @ AuthorizationMode::PrivateKey => {
                for setting in [Setting::ClientId, Setting::Scopes, Setting::PrivateKey] {
                    self.require(setting, mode, "");
                }
                let client_id = self.checked_text(Setting::ClientId, rules::client_id);
                let scopes = self.scopes();
                let private_key = self.private_key();
                let key_id = self.text(Setting::KeyId, |text| Ok(text.to_owned()));
                let mut app = PrivateKeyConfig::new(client_id?, scopes?, private_key?);
                app.key_id = key_id.or(app.key_id);
                Some(Authorization::PrivateKey(app))
            }
        }
    }

    /// A token and a private key in one source contradict each other: one of them would silently not count.
    fn refuse_two_credentials(&mut self) {
        let (Some(token), Some(key)) = (self.values.get(&Setting::Token), self.values.get(&Setting::PrivateKey)) else {
            return;
        };
        if token.rank == key.rank {
            let what = format!(
                "is set beside {} ({}), and a client has one kind of credentials",
                Setting::Token,
                token.origin.beside(Setting::Token)
            );
            self.problem(Setting::PrivateKey, Fault::new(what, "leave one of the two out"));
        }
    }

    /// A credential that overrides the one in use in all but the authorization mode is likely meant to be used.
    fn warn_of_unused_credentials(&mut self, mode: AuthorizationMode) {
        let (used, unused) = match mode {
            AuthorizationMode::Ssws | AuthorizationMode::Bearer => (Setting::Token, Setting::PrivateKey),
            AuthorizationMode::PrivateKey => (Setting::PrivateKey, Setting::Token),
        };
        let rank = |setting| self.values.get(&setting).map(|entry| entry.rank);
        let switch = Setting::AuthorizationMode;
        let origin = self.values.get(&switch).map(|entry| entry.origin.beside(switch));
        if let (Some(used_rank), Some(unused_rank), Some(origin)) = (rank(used), rank(unused), origin)
            && unused_rank > used_rank
        {
            let message = format!("is not used, but {used} is, because {switch} is {mode} ({origin})");
            self.warn(unused, &message);
        }
    }

    fn token(&mut self, mode: AuthorizationMode) -> Option<SecretString> {
        let has_a_key = self.is_set(Setting::ClientId) || self.is_set(Setting::PrivateKey);
        let hint = if has_a_key {
            "; or, to use the private key, set okta.client.authorizationMode to PrivateKey"
        } else {
            ""
        };
        self.require(Setting::Token, mode, hint);
        self.text(Setting::Token, |text| {
            let token = SecretString::from(text);
            rules::token(&token).map_or(Ok(token), Err)
        })
    }

    fn scopes(&mut self) -> Option<Vec<String>> {
        let scopes = self.value(Setting::Scopes, |raw| {
            let scopes = coerce::list(raw);
            rules::scopes(&scopes).map_or(Ok(scopes), Err)
        })?;
        let known = self.surroundings.known_scopes;
        let origin = self.values.get(&Setting::Scopes).map(|entry| &entry.origin);
        if let Some(origin) = origin.filter(|_| !known.is_empty()) {
            let unknown = scopes.iter().filter(|scope| !known.contains(&scope.as_str()));
            self.warnings.extend(unknown.map(|scope| {
                let message = format!("has the scope {scope}, which no operation of Okta's management API needs");
                Warning::new(origin.clone(), message).suggest(nearest_scope(scope, known))
            }));
        }
        Some(scopes)
    }

    fn private_key(&mut self) -> Option<PrivateKey> {
        let surroundings = self.surroundings;
        // It has been read, and knows where from.
        if let Some(Authorization::PrivateKey(app)) = self.base_of(Setting::PrivateKey).map(|base| &base.authorization)
        {
            return Some(app.private_key.clone());
        }
        let base = match self.values.get(&Setting::PrivateKey).map(|entry| &entry.origin) {
            Some(Origin::File { path, .. }) => path.parent().unwrap_or(Path::new("")),
            #[cfg(feature = "loader")]
            Some(Origin::Source { name, .. }) => user_source::directory_of(name).unwrap_or(&surroundings.working_dir),
            _ => &surroundings.working_dir,
        };
        let setting = Setting::PrivateKey;
        let origin = self.values.get(&setting).map(|entry| entry.origin.beside(setting));
        let key = self.text(setting, |text| {
            key_source::private_key(text, base, surroundings.home.as_deref())
        })?;
        let named = match (origin, key.origin()) {
            (Some(origin), Some(file)) => format!("{setting} ({origin}), read from {file}"),
            (Some(origin), None) => format!("{setting} ({origin})"),
            (None, _) => setting.to_string(),
        };
        Some(key.with_origin(named))
    }

    fn rate_limit(&mut self) -> RateLimitConfig {
        let default = RateLimitConfig::default();
        RateLimitConfig {
            max_retries: self
                .text(Setting::RateLimitMaxRetries, coerce::whole_number)
                .unwrap_or(default.max_retries),
            max_backoff: self.limit(Setting::RateLimitMaxBackoff),
            enabled: self
                .text(Setting::RateLimitEnable, coerce::flag)
                .unwrap_or(default.enabled),
        }
    }

    fn cache(&mut self) -> CacheConfig {
        let default = CacheConfig::default();
        CacheConfig {
            enabled: self
                .text(Setting::CacheEnabled, coerce::flag)
                .unwrap_or(default.enabled),
            default_ttl: self
                .text(Setting::CacheDefaultTtl, coerce::seconds)
                .unwrap_or(default.default_ttl),
            default_tti: self
                .text(Setting::CacheDefaultTti, coerce::seconds)
                .unwrap_or(default.default_tti),
        }
    }

    fn logging(&mut self) -> LoggingConfig {
        LoggingConfig {
            enabled: self.text(Setting::LoggingEnabled, coerce::flag).unwrap_or_default(),
            level: self.text(Setting::LoggingLevel, coerce::level).unwrap_or_default(),
        }
    }

    fn oauth(&mut self, dpop_enabled: bool) -> OAuthConfig {
        const LONG_LIVED: Duration = Duration::from_secs(7 * 24 * 60 * 60);
        let default = OAuthConfig::default();
        let rotation = Setting::DpopKeyRotationInterval;
        let dpop_key_rotation_interval = self
            .text(rotation, coerce::seconds)
            .unwrap_or(default.dpop_key_rotation_interval);
        if dpop_enabled {
            match rules::dpop_key_rotation(dpop_key_rotation_interval) {
                Some(fault) => self.problem(rotation, fault),
                None if dpop_key_rotation_interval > LONG_LIVED => {
                    self.warn(rotation, "keeps one DPoP key for more than 7 days")
                }
                None => {}
            }
        }
        OAuthConfig {
            token_renewal_offset: self
                .text(Setting::OAuthTokenRenewalOffset, coerce::minutes)
                .unwrap_or(default.token_renewal_offset),
            dpop_key_rotation_interval,
        }
    }

    fn proxy(&mut self) -> Option<ProxyConfig> {
        let settings = [
            Setting::ProxyHost,
            Setting::ProxyPort,
            Setting::ProxyUsername,
            Setting::ProxyPassword,
        ];
        if !settings.into_iter().any(|setting| self.is_set(setting)) {
            return None;
        }
        if !self.is_set(Setting::ProxyHost) {
            self.missing(
                Setting::ProxyHost,
                " while other proxy settings are there".to_owned(),
                "",
            );
        }
        let (scheme, host) = self
            .text(Setting::ProxyHost, |text| {
                let (scheme, host) = proxy::split_scheme(text)?;
                rules::proxy_host(host).map_or_else(|| Ok((scheme, host.to_owned())), Err)
            })
            .unwrap_or_default();
        let mut proxy = ProxyConfig::new(host, self.text(Setting::ProxyPort, coerce::port));
        proxy.scheme = scheme;
        // It is not a setting: it belongs to the host.
        proxy.no_proxy = self
            .base_of(Setting::ProxyHost)
            .and_then(|base| base.proxy.as_ref()?.no_proxy.clone());
        let known = self.problems.len();
        proxy.username = self.text(Setting::ProxyUsername, |text| Ok(text.to_owned()));
        proxy.password = self.text(Setting::ProxyPassword, |text| Ok(text.into()));
        if self.problems.len() == known
            && let Some((setting, fault)) = proxy.fault_of_credentials()
        {
            self.problem(setting, fault);
        }
        Some(proxy)
    }

    /// A duration of which 0 means "no limit".
    fn limit(&mut self, setting: Setting) -> Option<Duration> {
        self.text(setting, coerce::seconds).filter(|limit| !limit.is_zero())
    }

    fn checked_text(&mut self, setting: Setting, rule: impl FnOnce(&str) -> Option<Fault>) -> Option<String> {
        self.text(setting, |text| rule(text).map_or_else(|| Ok(text.to_owned()), Err))
    }

    fn text<T>(&mut self, setting: Setting, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        self.value(setting, |raw| match raw {
            Raw::Text(text) if text.trim().is_empty() => Err(rules::empty()),
            // Only here does white space at the ends belong to the value.
            Raw::Text(text) if setting == Setting::ProxyPassword => read(text),
            Raw::Text(text) => read(text.trim()),
            Raw::List(_) => Err(Fault::new("is a list", "give one value")),
        })
    }

    /// A value, if it is set and right; if it is set and wrong, the problem is noted.
    fn value<T>(&mut self, setting: Setting, read: impl FnOnce(&Raw) -> Result<T, Fault>) -> Option<T> {
        let entry = self.values.get(&setting)?;
        let raw = match &entry.raw {
            Ok(raw) => quoted(setting, raw, &entry.origin).map_or(Ok(raw), Err),
            Err(fault) => Err(fault.clone()),
        };
        match raw.and_then(read) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.problem(setting, fault);
                None
            }
        }
    }

    /// The settings this one comes from, if no source overrides it.
    fn base_of(&self, setting: Setting) -> Option<&ClientConfig> {
        let is_of_base = self.values.get(&setting)?.rank == RANK_OF_BASE;
        self.surroundings.base.as_ref().filter(|_| is_of_base)
    }

    fn is_set(&self, setting: Setting) -> bool {
        self.values.contains_key(&setting)
    }

    fn require(&mut self, setting: Setting, mode: AuthorizationMode, hint: &str) {
        if !self.is_set(setting) {
            self.missing(setting, format!(", and the authorization mode {mode} needs it"), hint);
        }
    }

    fn missing(&mut self, setting: Setting, why: String, hint: &str) {
        if self.surroundings.incomplete {
            return;
        }
        let remedy = format!("set it {}{hint}", self.surroundings.ways.to_set(setting));
        self.problems.push(Problem::of(
            setting,
            None,
            Fault::new(format!("is missing{why}"), remedy),
        ));
    }

    fn problem(&mut self, setting: Setting, fault: Fault) {
        let origin = self.values.get(&setting).map(|entry| entry.origin.clone());
        self.problems.push(Problem::of(setting, origin, fault));
    }

    fn warn(&mut self, setting: Setting, message: &str) {
        if let Some(entry) = self.values.get(&setting) {
            self.warnings.push(Warning::new(entry.origin.clone(), message));
        }
    }
}

/// The fault of a value that still has the quotation marks its source should have taken off.
fn quoted(setting: Setting, raw: &Raw, origin: &Origin) -> Option<Fault> {
    match raw {
        // A PEM block is found between them.
        Raw::Text(text) if setting == Setting::PrivateKey && text.contains(PEM_BEGIN) => None,
        // A password may be in quotation marks on purpose, except where they are easily left on.
        Raw::Text(_) if setting == Setting::ProxyPassword && !matches!(origin, Origin::Environment { .. }) => None,
        Raw::Text(text) => rules::quoted(text),
        Raw::List(items) => items.iter().find_map(|item| rules::quoted(item)),
    }
}
