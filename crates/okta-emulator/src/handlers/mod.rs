//! The operations, one module an area. Each area lists its routes; `routes.rs` collects them.

pub(crate) mod apps;
pub(crate) mod assignments;
pub(crate) mod factors;
pub(crate) mod groups;
pub(crate) mod linked_objects;
pub(crate) mod oauth;
pub(crate) mod resources;
pub(crate) mod schemas;
pub(crate) mod system_log;
pub(crate) mod user_types;
pub(crate) mod users;
