//! The part of the Okta expression language that group rules use: conditions on a user's attributes and groups.

/// A parsed expression.
#[derive(Debug, PartialEq)]
pub(crate) enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Box<Expression>, Comparison, Box<Expression>),
    /// `String.startsWith(…)`, `isMemberOfGroup(…)`, or `user.login.contains(…)` with the attribute as first argument.
    Call(String, Vec<Expression>),
    Attribute(Vec<String>),
    Text(String),
    Number(f64),
    Flag(bool),
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[cfg(test)]
mod tests {
    use super::Expression;

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "",
            "user.firstName ==",
            "user.firstName == AND user.lastName",
            "user.firstName == \"TestAcc\" AND",
            "(user.firstName == \"TestAcc\"",
            "user.firstName == \"TestAcc\")",
            "user.firstName = \"x\"",
            "user.firstName == \"open",
            "user.",
            "firstName == \"x\"",
            "String.startsWith(user.firstName,)",
            "String.startsWith(user.firstName \"x\")",
            "user.a == \"b\" user.c == \"d\"",
            "user.a == #",
        ] {
            assert_eq!(Expression::parse(text), None, "{text}");
        }
        assert_eq!(
            Expression::parse(&format!("{}true{}", "(".repeat(9999), ")".repeat(9999))),
            None
        );
        assert_eq!(Expression::parse(&format!("{}true", "!".repeat(9999))), None);
    }

    #[test]
    fn what_okta_accepts_is_accepted() {
        for text in [
            "user.lastName==\"Doe\"",
            "user.firstName == \"(John)\"",
            "hasWorkdayUser()",
            "String.startsWith(user.firstName,String.toLowerCase(\"bob\"))",
            "user.profile.login.contains(\"@example.com\")",
            "!isMemberOfAnyGroup(\"00g1\", \"00g2\") && (user.a != null || user.b >= 5.5)",
            "user.department==\"Engineering\" and not user.title eq 'Manager'",
        ] {
            assert!(Expression::parse(text).is_some(), "{text}");
        }
    }
}
