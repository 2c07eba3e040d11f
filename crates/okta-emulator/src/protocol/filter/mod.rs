//! `filter` and `search` expressions: what Okta took over from SCIM (RFC 7644 §3.4.2.2), each list with its own dialect.

pub(crate) mod dialect;
pub(crate) mod evaluate;
pub(crate) mod expression;
pub(crate) mod lexer;
pub(crate) mod parser;
