//! The generic resource store: the kinds of resources, their paths, and what is stored.

pub(crate) mod admin_role;
pub(crate) mod kind;
pub(crate) mod place;
pub(crate) mod store;
pub(crate) mod table;
