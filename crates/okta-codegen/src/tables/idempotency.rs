//! `idempotency.toml`: whether an operation may be sent again when the outcome of the first request is unknown.

use std::collections::HashMap;

use serde::Deserialize;

use crate::error::{Error, Result};

/// Whether an operation may be sent again when the outcome of the first request is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Idempotency {
    Safe,
    Idempotent,
    NotIdempotent,
}

const TABLE: &str = "idempotency.toml";

/// The reviewed idempotency of every operation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdempotencyTable {
    #[serde(rename = "rule")]
    pub(crate) rules: Vec<Rule>,
}

/// Operations that share an idempotency, for one reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) idempotency: Idempotency,
    pub(crate) reason: String,
    pub(crate) operations: Vec<String>,
}

impl IdempotencyTable {
    /// The rule of each operation.
    ///
    /// # Errors
    /// The table names an operation twice, names one that `ids` lacks, or lacks one of `ids`.
    pub(crate) fn by_operation<'a>(&'a self, ids: impl Iterator<Item = &'a str>) -> Result<HashMap<&'a str, &'a Rule>> {
        let mut rules = HashMap::new();
        for rule in &self.rules {
            for id in &rule.operations {
                if rules.insert(id.as_str(), rule).is_some() {
                    return Err(Error::table(TABLE, format!("`{id}` is listed twice")));
                }
            }
        }
        let mut unknown = rules.clone();
        for id in ids {
            if unknown.remove(id).is_none() {
                return Err(Error::table(
                    TABLE,
                    format!("`{id}` is not listed: review whether it may be sent twice, and add it with a reason"),
                ));
            }
        }
        match unknown.into_keys().min() {
            Some(id) => Err(Error::table(TABLE, format!("there is no operation `{id}`"))),
            None => Ok(rules),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, ids: &[&str]) -> String {
        let table: IdempotencyTable = toml::from_str(text).unwrap();
        match table.by_operation(ids.iter().copied()) {
            Ok(rules) => format!("{} rules", rules.len()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_operation_is_listed_exactly_once() {
        let rule = |operations: &str| {
            format!("[[rule]]\nidempotency = 'not_idempotent'\nreason = 'it counts'\noperations = {operations}\n")
        };
        assert_eq!(check(&rule("['a', 'b']"), &["a", "b"]), "2 rules");
        assert_eq!(
            check(&rule("['a', 'a']"), &["a"]),
            "idempotency.toml: `a` is listed twice"
        );
        assert_eq!(
            check(&rule("['a', 'z']"), &["a"]),
            "idempotency.toml: there is no operation `z`"
        );
        assert_eq!(
            check(&rule("['a']"), &["a", "b"]),
            "idempotency.toml: `b` is not listed: review whether it may be sent twice, and add it with a reason"
        );
    }
}
