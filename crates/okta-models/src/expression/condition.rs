//! Conditions and their combinations.

use std::{borrow::Cow, fmt, ops::Not};

use super::error::ExpressionError;

/// A condition, or a combination of conditions, for `search` and `filter`. See the [module](super) for how to build one.
///
/// The setters of calls take text as well: it is an expression that is sent verbatim, and nothing in it is escaped.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Expression {
    text: Result<String, ExpressionError>,
    shape: Shape,
}

/// Which parentheses an expression needs inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// One condition, or one in parentheses.
    Single,
    And,
    Or,
    /// Text of the program.
    Verbatim,
}

/// The text of an invalid expression: no parser accepts it, so that Okta answers 400 instead of another question.
const INVALID: &str = "<invalid expression>";

impl Expression {
    pub(super) fn condition(text: Result<String, ExpressionError>) -> Self {
        Self {
            text,
            shape: Shape::Single,
        }
    }

    /// Text in the language of expressions, which is sent verbatim: nothing in it is escaped or checked.
    ///
    /// `From` text does the same. In a combination it gets parentheses.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self {
            text: Ok(text.into()),
            shape: Shape::Verbatim,
        }
    }

    /// Both conditions are true.
    ///
    /// ```
    /// use okta_models::expression::{Expression, attr};
    ///
    /// // Conditions that are known at run time only:
    /// let conditions = vec![attr("status").eq("ACTIVE"), attr("profile.city").eq("Köln")];
    /// let all = conditions.into_iter().reduce(Expression::and);
    /// assert_eq!(all.unwrap().to_string(), r#"status eq "ACTIVE" and profile.city eq "Köln""#);
    /// ```
    pub fn and(self, other: impl Into<Self>) -> Self {
        self.combine(Shape::And, " and ", other.into())
    }

    /// At least one of the conditions is true.
    ///
    /// A combination with `and` inside one with `or`, or the other way round, gets parentheses, so that no rule of precedence
    /// has to be known.
    pub fn or(self, other: impl Into<Self>) -> Self {
        self.combine(Shape::Or, " or ", other.into())
    }

    fn combine(self, shape: Shape, word: &str, other: Self) -> Self {
        let text = self.inside(shape).and_then(|mut text| {
            text.push_str(word);
            text.push_str(&other.inside(shape)?);
            Ok(text)
        });
        Self { text, shape }
    }

    /// The text of a part of a combination.
    fn inside(self, combination: Shape) -> Result<String, ExpressionError> {
        let text = self.text?;
        if self.shape == Shape::Single || self.shape == combination {
            return Ok(text);
        }
        if text.trim().is_empty() {
            return Err(ExpressionError::empty());
        }
        Ok(format!("({text})"))
    }

    /// Returns whether the expression can be sent.
    ///
    /// A call with an invalid expression fails before anything is sent, so only a program that sends the text by other means
    /// has to check.
    ///
    /// # Errors
    /// If an attribute name is not valid, a number is not finite, a time is out of range, a list of values or a combined text
    /// is empty. The first such problem is returned.
    pub fn check(&self) -> Result<(), ExpressionError> {
        self.text.as_ref().map(drop).map_err(Clone::clone)
    }

    /// The text of the expression.
    ///
    /// # Errors
    /// As for [`check`](Self::check).
    pub fn into_text(self) -> Result<String, ExpressionError> {
        self.text
    }
}

/// Negates an expression: `not (…)`. Only few lists allow this, the System Log is one of them.
///
/// ```
/// use okta_models::expression::{attr, not};
///
/// let expression = not(attr("outcome.result").eq("SUCCESS"));
/// assert_eq!(expression.to_string(), r#"not (outcome.result eq "SUCCESS")"#);
/// ```
pub fn not(expression: impl Into<Expression>) -> Expression {
    let text = expression.into().text.and_then(|text| {
        if text.trim().is_empty() {
            return Err(ExpressionError::empty());
        }
        Ok(format!("not ({text})"))
    });
    Expression::condition(text)
}

impl Not for Expression {
    type Output = Self;

    fn not(self) -> Self {
        not(self)
    }
}

/// The text of the expression. That of an invalid one is refused by every parser; see [`Expression::check`].
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.as_deref().unwrap_or(INVALID))
    }
}

/// The text of the expression. That of an invalid one is refused by every parser; see [`Expression::check`].
impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        expression.text.unwrap_or_else(|_| INVALID.to_owned())
    }
}

impl From<&Expression> for Expression {
    fn from(expression: &Expression) -> Self {
        expression.clone()
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Self::verbatim(text)
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Self {
        Self::verbatim(text)
    }
}

impl From<&String> for Expression {
    fn from(text: &String) -> Self {
        Self::verbatim(text)
    }
}

impl From<Cow<'_, str>> for Expression {
    fn from(text: Cow<'_, str>) -> Self {
        Self::verbatim(text)
    }
}

impl From<Box<str>> for Expression {
    fn from(text: Box<str>) -> Self {
        Self::verbatim(text)
    }
}
