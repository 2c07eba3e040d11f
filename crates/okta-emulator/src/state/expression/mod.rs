//! The part of the Okta expression language that group rules use: conditions on a user's attributes and groups.

pub(crate) mod evaluate;
pub(crate) mod lexer;
pub(crate) mod parser;
pub(crate) mod syntax;
