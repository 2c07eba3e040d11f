//! Administrators: standard and custom roles, resource sets, assignments and what these are limited to.

pub(crate) mod assigned;
pub(crate) mod assignees;
mod created_with;
pub(crate) mod custom;
pub(crate) mod sets;
pub(crate) mod targets;
