//! Values given in code.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::authorization::AuthorizationMode;
use crate::loader::raw::Raw;
use crate::log_level::LogLevel;
use crate::org_url::OrgUrl;
use crate::private_key::PrivateKey;
use crate::setting::{Setting, Shape};

/// A value for [`Loader::set`](crate::Loader::set); made from text, secrets, numbers, booleans, durations and lists.
///
/// `Debug` hides it, since any of them may be a secret.
#[derive(Clone)]
pub struct SettingValue(Form);

#[derive(Clone)]
enum Form {
    Text(SecretString),
    Duration(Duration),
    List(Vec<String>),
}

impl SettingValue {
    pub(super) fn into_raw(self, setting: Setting) -> Raw {
        match self.0 {
            Form::Text(text) => Raw::Text(text.expose_secret().to_owned()),
            Form::Duration(duration) if setting.shape() == Shape::Minutes => {
                Raw::Text((duration.as_secs_f64() / 60.0).to_string())
            }
            Form::Duration(duration) => Raw::Text(duration.as_secs_f64().to_string()),
            Form::List(items) => Raw::List(items),
        }
    }
}

impl fmt::Debug for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SettingValue(…)")
    }
}

impl From<SecretString> for SettingValue {
    fn from(value: SecretString) -> Self {
        Self(Form::Text(value))
    }
}

impl From<String> for SettingValue {
    fn from(value: String) -> Self {
        SecretString::from(value).into()
    }
}

impl From<&str> for SettingValue {
    fn from(value: &str) -> Self {
        SecretString::from(value).into()
    }
}

impl From<PrivateKey> for SettingValue {
    fn from(value: PrivateKey) -> Self {
        value.text().clone().into()
    }
}

impl From<Duration> for SettingValue {
    fn from(value: Duration) -> Self {
        Self(Form::Duration(value))
    }
}

impl<T: Into<String>> From<Vec<T>> for SettingValue {
    fn from(value: Vec<T>) -> Self {
        Self(Form::List(value.into_iter().map(Into::into).collect()))
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for SettingValue {
    fn from(value: [T; N]) -> Self {
        Self(Form::List(value.into_iter().map(Into::into).collect()))
    }
}

macro_rules! from_displayed {
    ($($type:ty),+) => {$(
        impl From<$type> for SettingValue {
            fn from(value: $type) -> Self {
                value.to_string().into()
            }
        }
    )+};
}

from_displayed!(
    bool,
    u16,
    u32,
    u64,
    usize,
    i32,
    i64,
    f64,
    AuthorizationMode,
    LogLevel,
    OrgUrl
);
