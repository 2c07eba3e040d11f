//! Expressions for the query parameters `search` and `filter`: conditions on attributes, with values that are escaped.
//!
//! Okta took the language from SCIM (RFC 7644, section 3.4.2.2). [`attr`] starts a condition, [`Expression::and`],
//! [`Expression::or`] and [`not`] combine conditions:
//!
//! ```
//! use okta_models::{Timestamp, UserStatus, expression::attr};
//!
//! let name = r#"Anne "Ann" Lee"#;
//! let since: Timestamp = "2026-01-01T00:00:00.000Z".parse()?;
//! let expression = attr("profile.displayName")
//!     .eq(name)
//!     .and(attr("status").eq(UserStatus::Active).or(attr("created").gt(since)));
//! assert_eq!(
//!     expression.to_string(),
//!     r#"profile.displayName eq "Anne \"Ann\" Lee" and (status eq "ACTIVE" or created gt "2026-01-01T00:00:00.000Z")"#
//! );
//! # Ok::<(), okta_models::json::TimestampError>(())
//! ```
//!
//! # What is escaped
//! A value is one literal whatever its text is: `"` and `\` are escaped by a backslash, all other characters, control
//! characters included, are sent unchanged. An attribute name cannot be escaped in this language, so it is checked: segments
//! of ASCII letters, digits, `_`, `-`, `$` and `:`, separated by `.`, and none of the words `and`, `or`, `not`. A name that is
//! not valid makes the whole expression invalid: a call with it is an error and nothing is sent, and its text is one that no
//! parser accepts. So neither a value nor a name can add a condition.
//!
//! # What each list allows
//! Lists differ in the attributes and operators that they allow: `search` of users has no `ne` and no `not`, `filter` of users
//! compares a few attributes only, and `ew` and `not` are for the System Log. The documentation of each parameter says which;
//! Okta answers 400 for others. The builder does not check this, because orgs and versions differ.

mod attribute;
mod condition;
mod error;
mod literal;

pub use attribute::{Attribute, attr};
pub use condition::{Expression, not};
pub use error::ExpressionError;
pub use literal::Literal;
