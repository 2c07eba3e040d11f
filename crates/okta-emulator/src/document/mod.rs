//! Okta's document as facts: which operations there are, what they demand, and what their responses have.
//!
//! The tables are written by okta-codegen. Schemas are read when they are first needed.

pub(crate) mod check;
pub(crate) mod find;
pub(crate) mod operation;
pub(crate) mod schema;
pub(crate) mod shape;
