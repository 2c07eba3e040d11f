//! The operations, one module an area. Each area lists its routes; `routes.rs` collects them.

pub(crate) mod apps;
pub(crate) mod assignments;
pub(crate) mod authorization_servers;
pub(crate) mod brands;
pub(crate) mod domains;
pub(crate) mod factors;
pub(crate) mod groups;
pub(crate) mod hooks;
pub(crate) mod keys;
pub(crate) mod linked_objects;
pub(crate) mod oauth;
pub(crate) mod owned;
pub(crate) mod pictures;
pub(crate) mod policies;
pub(crate) mod resources;
pub(crate) mod roles;
pub(crate) mod schemas;
pub(crate) mod subscriptions;
pub(crate) mod system_log;
pub(crate) mod user_types;
pub(crate) mod users;
