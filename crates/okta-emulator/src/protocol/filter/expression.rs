//! `filter` and `search` expressions: what Okta took over from SCIM (RFC 7644 §3.4.2.2), each list with its own dialect.

use crate::protocol::filter::dialect::Operator;

/// A parsed expression.
#[derive(Debug, PartialEq)]
pub(crate) enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Compare {
        attribute: Vec<String>,
        operator: Operator,
        literal: Literal,
    },
}

/// What an attribute is compared with.
#[derive(Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Number(f64),
    Flag(bool),
    Null,
}

impl Expression {
    /// Whether the expression asks about an attribute.
    pub(crate) fn names(&self, name: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.names(name)),
            Self::Not(inner) => inner.names(name),
            Self::Compare { attribute, .. } => attribute.as_slice() == [name],
        }
    }
}
