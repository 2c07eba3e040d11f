//! What an org consists of: records and collections, without handlers.

pub(crate) mod app;
pub(crate) mod certificate;
pub(crate) mod der;
pub(crate) mod expression;
pub(crate) mod factor;
pub(crate) mod group;
pub(crate) mod lag;
pub(crate) mod linked_object;
pub(crate) mod oauth;
pub(crate) mod passcode;
pub(crate) mod profile_schema;
pub(crate) mod resource;
pub(crate) mod rule;
pub(crate) mod system_log;
pub(crate) mod user;
pub(crate) mod user_type;
pub(crate) mod usual;
