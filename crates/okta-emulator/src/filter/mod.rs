//! `filter` and `search` expressions: what Okta took over from SCIM (RFC 7644 §3.4.2.2), each list with its own dialect.

mod eval;
mod lexer;
mod parser;

pub(crate) use eval::{Attributes, Operand, collect};

use crate::error::ApiError;

/// What a list lets its callers ask.
pub(crate) struct Dialect {
    /// The operators, `pr` included.
    pub(crate) operators: &'static [Operator],
    /// Whether `not` is understood.
    pub(crate) negation: bool,
    /// The attributes that may be named; `None` = all of them.
    pub(crate) attributes: Option<&'static [&'static str]>,
}

/// What `filter` understands, of users as of groups.
pub(crate) const COMPARISONS: &[Operator] = &[
    Operator::Equal,
    Operator::Greater,
    Operator::GreaterOrEqual,
    Operator::Less,
    Operator::LessOrEqual,
];

/// What `search` understands, of users as of groups.
pub(crate) const SEARCH: Dialect = Dialect {
    operators: &[
        Operator::Equal,
        Operator::NotEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::StartsWith,
        Operator::Contains,
        Operator::Present,
    ],
    negation: false,
    attributes: None,
};

/// The comparisons of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    StartsWith,
    Contains,
    EndsWith,
    Present,
}

impl Operator {
    /// Operators are not case-sensitive.
    fn named(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "eq" => Self::Equal,
            "ne" => Self::NotEqual,
            "gt" => Self::Greater,
            "ge" => Self::GreaterOrEqual,
            "lt" => Self::Less,
            "le" => Self::LessOrEqual,
            "sw" => Self::StartsWith,
            "co" => Self::Contains,
            "ew" => Self::EndsWith,
            "pr" => Self::Present,
            _ => return None,
        })
    }
}

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

    /// Parses an expression of the given dialect.
    pub(crate) fn parse(text: &str, dialect: &Dialect) -> Result<Self, ApiError> {
        parser::parse(text, dialect)
            .map_err(|problem| ApiError::invalid_search(vec!["Invalid search syntax.".to_owned(), problem]))
    }
}
