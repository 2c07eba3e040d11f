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
    /// What the attributes of an object have to equal for a match: one of these. `None` if objects with other values of
    /// `attributes` may match too.
    pub(crate) fn keys<'a>(&'a self, attributes: &[&'static str]) -> Option<Vec<(&'static str, &'a str)>> {
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.keys(attributes)),
            Self::Any(parts) => {
                let keys: Option<Vec<_>> = parts.iter().map(|part| part.keys(attributes)).collect();
                keys.map(|keys| keys.into_iter().flatten().collect())
            }
            Self::Compare {
                attribute,
                operator: Operator::Equal,
                literal: Literal::Text(value),
            } => {
                let known = attributes
                    .iter()
                    .find(|known| known.split('.').eq(attribute.iter().map(String::as_str)))?;
                Some(vec![(known, value)])
            }
            _ => None,
        }
    }

    /// Whether the expression asks about an attribute.
    pub(crate) fn names(&self, name: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.names(name)),
            Self::Not(inner) => inner.names(name),
            Self::Compare { attribute, .. } => attribute.as_slice() == [name],
        }
    }
}
