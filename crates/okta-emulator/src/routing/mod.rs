//! From method and path to a handler, whatever the handlers work on.

pub(crate) mod bucket;
pub(crate) mod route;
pub(crate) mod tree;
