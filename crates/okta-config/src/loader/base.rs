//! A configuration that is there already, as a source.

use std::borrow::Cow;

use secrecy::ExposeSecret;

use crate::authorization::Authorization;
use crate::client_config::ClientConfig;
use crate::loader::code::Code;
use crate::loader::effective;
use crate::loader::raw::Raw;
use crate::origin::Origin;
use crate::setting::Setting;

/// A configuration with the call that gave it.
#[derive(Clone)]
pub(super) struct Base {
    pub(super) config: ClientConfig,
    pub(super) call: Cow<'static, str>,
}

/// All that differs from the defaults, as text.
pub(super) fn source(base: &Base) -> Code {
    let differing = |&setting: &Setting| {
        let text = text(&base.config, setting).filter(|text| setting.default_value() != Some(text.as_str()))?;
        let call = base.call.clone();
        Some((setting, Raw::Text(text), Origin::Code { call }))
    };
    Setting::ALL.iter().filter_map(differing).collect()
}

fn text(config: &ClientConfig, setting: Setting) -> Option<String> {
    let secret = match (setting, &config.authorization) {
        (Setting::Token, Authorization::Ssws { token } | Authorization::Bearer { token }) => token,
        (Setting::PrivateKey, Authorization::PrivateKey(app)) => app.private_key.text(),
        (Setting::ProxyPassword, _) => config.proxy.as_ref()?.password.as_ref()?,
        _ => return effective::value(config, setting),
    };
    Some(secret.expose_secret().to_owned())
}
