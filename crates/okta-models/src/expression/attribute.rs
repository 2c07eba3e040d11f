//! Attributes, and the conditions that compare one.

use super::{condition::Expression, error::ExpressionError, literal::Literal};

/// An attribute, by its path: the start of a condition. See [`attr`].
#[derive(Clone, Debug)]
#[must_use = "an attribute alone is not a condition: compare it"]
pub struct Attribute(Result<String, ExpressionError>);

/// Names the attribute that a condition is about, such as `status` or `profile.firstName`.
///
/// Names of attributes are case-sensitive in Okta. A name with other characters than ASCII letters, digits, `_`, `-`, `$` and
/// `:` in segments separated by `.` makes the expression invalid: see [`Expression::check`].
///
/// ```
/// use okta_models::expression::attr;
///
/// assert_eq!(attr("profile.level").ge(5).to_string(), "profile.level ge 5");
/// assert!(attr("id pr or status").eq("x").check().is_err());
/// ```
pub fn attr(name: impl AsRef<str>) -> Attribute {
    let name = name.as_ref();
    Attribute(if is_valid(name) {
        Ok(name.to_owned())
    } else {
        Err(ExpressionError::attribute_name(name))
    })
}

impl Attribute {
    /// The attribute equals the value. Okta compares texts without regard to case.
    pub fn eq(self, value: impl Into<Literal>) -> Expression {
        self.compare("eq", value.into())
    }
    /// The attribute does not equal the value.
    ///
    /// `search` of users does not have this operator; `attr(a).lt(value).or(attr(a).gt(value))` means the same there.
    pub fn ne(self, value: impl Into<Literal>) -> Expression {
        self.compare("ne", value.into())
    }
    /// The attribute is greater, or later, than the value.
    pub fn gt(self, value: impl Into<Literal>) -> Expression {
        self.compare("gt", value.into())
    }
    /// The attribute is greater, or later, than the value, or equals it.
    pub fn ge(self, value: impl Into<Literal>) -> Expression {
        self.compare("ge", value.into())
    }
    /// The attribute is less, or earlier, than the value.
    pub fn lt(self, value: impl Into<Literal>) -> Expression {
        self.compare("lt", value.into())
    }
    /// The attribute is less, or earlier, than the value, or equals it.
    pub fn le(self, value: impl Into<Literal>) -> Expression {
        self.compare("le", value.into())
    }
    /// The attribute starts with the text.
    pub fn sw(self, text: impl AsRef<str>) -> Expression {
        self.compare("sw", text.as_ref().into())
    }
    /// The attribute contains the text. Most lists allow this for a few attributes only.
    pub fn co(self, text: impl AsRef<str>) -> Expression {
        self.compare("co", text.as_ref().into())
    }
    /// The attribute ends with the text. Only few lists allow this, the System Log is one of them.
    pub fn ew(self, text: impl AsRef<str>) -> Expression {
        self.compare("ew", text.as_ref().into())
    }
    /// The attribute is present: it has a value.
    pub fn pr(self) -> Expression {
        Expression::condition(self.0.map(|name| format!("{name} pr")))
    }
    /// The attribute equals one of the values.
    ///
    /// The language has no operator for this; the expression is `a eq "1" or a eq "2"`. An empty list would match nothing,
    /// which cannot be expressed: it makes the expression invalid, see [`Expression::check`].
    ///
    /// ```
    /// use okta_models::expression::attr;
    ///
    /// let zones = attr("id").one_of(["nzo1", "nzo2"]).and(attr("usage").eq("POLICY"));
    /// assert_eq!(zones.to_string(), r#"(id eq "nzo1" or id eq "nzo2") and usage eq "POLICY""#);
    /// ```
    pub fn one_of<V: Into<Literal>>(self, values: impl IntoIterator<Item = V>) -> Expression {
        let conditions = values.into_iter().map(|value| self.clone().eq(value));
        match conditions.reduce(Expression::or) {
            Some(expression) => expression,
            None => Expression::condition(self.0.and_then(|name| Err(ExpressionError::no_values(&name)))),
        }
    }

    fn compare(self, operator: &str, value: Literal) -> Expression {
        Expression::condition(self.0.and_then(|name| {
            let value = value.into_written()?;
            Ok(format!("{name} {operator} {value}"))
        }))
    }
}

/// The words that an expression could take for something else than a name.
const KEYWORDS: [&str; 3] = ["and", "or", "not"];

fn is_valid(name: &str) -> bool {
    let valid = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '$' | ':');
    let starts = |character: char| character.is_ascii_alphabetic() || matches!(character, '_' | '$');
    name.starts_with(starts)
        && name
            .split('.')
            .all(|segment| !segment.is_empty() && segment.chars().all(valid))
        && !KEYWORDS.iter().any(|keyword| name.eq_ignore_ascii_case(keyword))
}
