//! For every setting: values to try, the settings that they need, and the results.

use okta_config::secrecy::ExposeSecret;
use okta_config::{Authorization, ClientConfig, Loader, Setting};

/// A good value; neighbouring numbers give different ones, and number 0 is not the default.
pub(crate) fn value(setting: Setting, number: usize) -> String {
    let flag = |default: bool| (default == (number % 2 == 1)).to_string();
    match setting {
        Setting::OrgUrl => format!("https://org{number}.okta.com"),
        Setting::AuthorizationMode => ["Bearer", "SSWS"][number % 2].to_owned(),
        Setting::Token => format!("00token{number}"),
        Setting::ClientId => format!("0oaclient{number}"),
        Setting::Scopes => format!("okta.users.read okta.extra{number}"),
        Setting::PrivateKey => format!(r#"{{"kty":"RSA","kid":"k{number}","n":"1","e":"AQAB","d":"1"}}"#),
        Setting::KeyId => format!("key-{number}"),
        Setting::OAuthTokenRenewalOffset => (10 + number).to_string(),
        Setting::DpopKeyRotationInterval => (7200 + number).to_string(),
        Setting::UserAgent => format!("app/{number}"),
        Setting::ConnectionTimeout | Setting::RequestTimeout => (40 + number).to_string(),
        Setting::RateLimitMaxRetries => (5 + number).to_string(),
        Setting::RateLimitMaxBackoff => (60 + number).to_string(),
        Setting::RateLimitEnable => flag(true),
        Setting::CacheDefaultTti | Setting::CacheDefaultTtl => (100 + number).to_string(),
        Setting::ProxyHost => format!("proxy{number}.example.com"),
        Setting::ProxyPort => (8080 + number).to_string(),
        Setting::ProxyUsername => format!("user{number}"),
        Setting::ProxyPassword => format!("password{number}"),
        Setting::LoggingLevel => ["DEBUG", "INFO"][number % 2].to_owned(),
        Setting::DpopEnabled | Setting::CacheEnabled | Setting::LoggingEnabled | Setting::TestingDisableHttpsCheck => {
            flag(false)
        }
        _ => panic!("{setting} has no sample"),
    }
}

/// The other settings without which this one has no effect, set in code.
pub(crate) fn surround(mut loader: Loader, tested: Setting) -> Loader {
    let of_a_key = [Setting::ClientId, Setting::Scopes, Setting::PrivateKey];
    let of_a_proxy = [Setting::ProxyHost, Setting::ProxyUsername, Setting::ProxyPassword];
    let mut around = vec![Setting::OrgUrl];
    if of_a_key.contains(&tested) || tested == Setting::KeyId {
        loader = loader.set(Setting::AuthorizationMode, "PrivateKey");
        around.extend(of_a_key);
    } else {
        around.push(Setting::Token);
    }
    match tested {
        Setting::ProxyPort => around.push(Setting::ProxyHost),
        Setting::ProxyUsername | Setting::ProxyPassword => around.extend(of_a_proxy),
        _ => {}
    }
    around
        .into_iter()
        .filter(|&setting| setting != tested)
        .fold(loader, |loader, setting| loader.set(setting, value(setting, 9)))
}

/// What a setting came to, written as [`value`] writes it; empty for nothing.
pub(crate) fn effective(config: &ClientConfig, setting: Setting) -> String {
    let app = match &config.authorization {
        Authorization::PrivateKey(app) => Some(app),
        _ => None,
    };
    let proxy = config.proxy.as_ref();
    let seconds = |limit: Option<std::time::Duration>| limit.unwrap_or_default().as_secs().to_string();
    let text = match setting {
        Setting::OrgUrl => Some(config.org_url.to_string()),
        Setting::AuthorizationMode => config.authorization.mode().map(|mode| mode.to_string()),
        Setting::Token => match &config.authorization {
            Authorization::Ssws { token } | Authorization::Bearer { token } => Some(token.expose_secret().to_owned()),
            _ => None,
        },
        Setting::ClientId => app.map(|app| app.client_id.clone()),
        Setting::Scopes => app.map(|app| app.scopes.join(" ")),
        Setting::PrivateKey => app.map(|app| app.private_key.text().expose_secret().to_owned()),
        Setting::KeyId => app.and_then(|app| app.key_id.clone()),
        Setting::OAuthTokenRenewalOffset => Some((config.oauth.token_renewal_offset.as_secs() / 60).to_string()),
        Setting::DpopEnabled => Some(config.dpop_enabled.to_string()),
        Setting::DpopKeyRotationInterval => Some(seconds(Some(config.oauth.dpop_key_rotation_interval))),
        Setting::UserAgent => config.user_agent.clone(),
        Setting::ConnectionTimeout => Some(seconds(config.connection_timeout)),
        Setting::RequestTimeout => Some(seconds(config.request_timeout)),
        Setting::RateLimitMaxRetries => Some(config.rate_limit.max_retries.to_string()),
        Setting::RateLimitMaxBackoff => Some(seconds(config.rate_limit.max_backoff)),
        Setting::RateLimitEnable => Some(config.rate_limit.enabled.to_string()),
        Setting::CacheEnabled => Some(config.cache.enabled.to_string()),
        Setting::CacheDefaultTti => Some(seconds(Some(config.cache.default_tti))),
        Setting::CacheDefaultTtl => Some(seconds(Some(config.cache.default_ttl))),
        Setting::ProxyHost => proxy.map(|proxy| proxy.host.clone()),
        Setting::ProxyPort => proxy.and_then(|proxy| proxy.port).map(|port| port.to_string()),
        Setting::ProxyUsername => proxy.and_then(|proxy| proxy.username.clone()),
        Setting::ProxyPassword => proxy
            .and_then(|proxy| proxy.password.as_ref())
            .map(|password| password.expose_secret().to_owned()),
        Setting::LoggingEnabled => Some(config.logging.enabled.to_string()),
        Setting::LoggingLevel => Some(config.logging.level.to_string()),
        Setting::TestingDisableHttpsCheck => Some(config.https_check_disabled.to_string()),
        _ => panic!("{setting} is not read"),
    };
    text.unwrap_or_default()
}
