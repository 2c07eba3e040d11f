//! Why an expression cannot be sent.

use std::fmt;

/// An expression that cannot be sent: an invalid attribute name, or a value that the language cannot express.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    AttributeName(String),
    Number(String),
    Time,
    NoValues(String),
    Empty,
}

/// The longest part of an invalid name that a message shows.
const LONGEST_NAME: usize = 60;

impl ExpressionError {
    pub(super) fn attribute_name(name: &str) -> Self {
        Self(Kind::AttributeName(name.chars().take(LONGEST_NAME).collect()))
    }
    pub(super) fn number(number: f64) -> Self {
        Self(Kind::Number(number.to_string()))
    }
    pub(super) fn time() -> Self {
        Self(Kind::Time)
    }
    pub(super) fn no_values(attribute: &str) -> Self {
        Self(Kind::NoValues(attribute.to_owned()))
    }
    pub(super) fn empty() -> Self {
        Self(Kind::Empty)
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            // `{:?}` escapes control characters.
            Kind::AttributeName(name) => write!(
                f,
                "{name:?} is not an attribute name: use letters, digits, `_`, `-`, `$` and `:`, and `.` between the \
                 segments, as in profile.firstName"
            ),
            Kind::Number(number) => write!(f, "{number} cannot be written as a number: use a finite one"),
            Kind::Time => f.write_str("the time is outside the years -9999 to 9999: use an earlier or later one"),
            Kind::NoValues(attribute) => write!(
                f,
                "`{attribute}` is compared with an empty list of values: leave the condition out, or make no request"
            ),
            Kind::Empty => f.write_str("a condition is empty text: leave it out"),
        }
    }
}

impl std::error::Error for ExpressionError {}
