//! One file a target.

pub(crate) mod cache_entry;
pub(crate) mod cassette;
pub(crate) mod emulator_expression;
pub(crate) mod emulator_request;
pub(crate) mod expressions;
pub(crate) mod link_header;
pub(crate) mod model_items;
pub(crate) mod models_json;
pub(crate) mod private_key;
pub(crate) mod rate_limit_headers;
pub(crate) mod settings_env;
pub(crate) mod settings_yaml;
pub(crate) mod timestamps;
pub(crate) mod www_authenticate;
