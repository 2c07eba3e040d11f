//! What was found.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Value, json};

use super::category::Category;
use crate::corpus::Exchange;

/// How often a check was passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// How often it was passed.
    pub passed: usize,
    /// How often it failed.
    pub failed: usize,
}

/// One exchange that failed a check.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exchange.
    pub id: String,
    /// Its operation.
    pub operation: String,
    /// The check.
    pub check: &'static str,
    /// What is wrong.
    pub problems: Vec<String>,
}

/// What was found in a set of exchanges.
#[derive(Debug, Default)]
pub struct Report {
    /// How many exchanges there were.
    pub exchanges: usize,
    /// Bodies of successes: decoded, and written back unchanged.
    pub responses: Check,
    /// Bodies of errors: code, summary, id and causes.
    pub errors: Check,
    /// Requests: built through the typed builders as they were recorded.
    pub requests: Check,
    /// Bodies of successes that could not be decoded.
    pub decode_errors: usize,
    /// Bodies of successes that came back changed.
    pub lossy_bodies: usize,
    /// Members of all decoded bodies.
    pub members: usize,
    /// Those of them that are in no typed place.
    pub members_in_extra: usize,
    /// Documented members in no typed place although their kind is right.
    pub documented_in_extra: BTreeMap<String, usize>,
    /// Documented members whose value is of another kind, by operation and place.
    pub odd_members: BTreeMap<String, usize>,
    /// The operations that occurred.
    pub operations: BTreeSet<String>,
    /// What of requests the document cannot express: how many there are of each sort.
    pub categories: BTreeMap<Category, usize>,
    /// The same by operation and detail, `listUsers color` for example.
    pub category_details: BTreeMap<Category, BTreeMap<String, usize>>,
    /// The ids of hand-written exchanges whose responses do not belong to their operations.
    pub hand_written: Vec<String>,
    /// Responses that were not checked, and why.
    pub notes: BTreeMap<String, usize>,
    /// Every failure.
    pub failures: Vec<Failure>,
}

impl Report {
    /// Whether nothing failed.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.failures.is_empty() && self.documented_in_extra.is_empty()
    }

    pub(super) fn note(&mut self, what: impl Into<String>) {
        *self.notes.entry(what.into()).or_default() += 1;
    }

    pub(super) fn category(&mut self, category: Category, exchange: &Exchange, detail: String) {
        *self.categories.entry(category).or_default() += 1;
        let place = format!("{} {detail}", exchange.operation_id()).trim().to_owned();
        *self
            .category_details
            .entry(category)
            .or_default()
            .entry(place)
            .or_default() += 1;
    }

    pub(super) fn outcome(&mut self, exchange: &Exchange, check: &'static str, problems: Vec<String>) {
        let counts = match check {
            "responses" => &mut self.responses,
            "errors" => &mut self.errors,
            _ => &mut self.requests,
        };
        if problems.is_empty() {
            counts.passed += 1;
            return;
        }
        counts.failed += 1;
        self.failures.push(Failure {
            id: exchange.id().to_owned(),
            operation: exchange.operation_id().to_owned(),
            check,
            problems,
        });
    }

    /// The report as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let check = |check: &Check| json!({"passed": check.passed, "failed": check.failed});
        let failure = |failure: &Failure| {
            json!({
                "id": failure.id, "operation": failure.operation, "check": failure.check, "problems": failure.problems,
            })
        };
        let categories = self.categories.iter().map(|(category, count)| (category.name(), count));
        json!({
            "exchanges": self.exchanges,
            "checks": {
                "responses": check(&self.responses),
                "errors": check(&self.errors),
                "requests": check(&self.requests),
            },
            "decode_errors": self.decode_errors,
            "lossy_bodies": self.lossy_bodies,
            "members": self.members,
            "members_in_extra": self.members_in_extra,
            "documented_in_extra": self.documented_in_extra.values().sum::<usize>(),
            "documented_in_extra_places": self.documented_in_extra,
            "odd_members": self.odd_members,
            "operations": self.operations.len(),
            "request_categories": categories.collect::<BTreeMap<_, _>>(),
            "not_checked": self.notes,
            "failures": self.failures.iter().map(failure).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} exchanges of {} operations",
            self.exchanges,
            self.operations.len()
        )?;
        for (name, check) in [
            ("responses", self.responses),
            ("errors", self.errors),
            ("requests", self.requests),
        ] {
            writeln!(f, "{name:10} {:6} passed {:6} failed", check.passed, check.failed)?;
        }
        writeln!(
            f,
            "{} decode errors, {} lossy bodies",
            self.decode_errors, self.lossy_bodies
        )?;
        let share = 100.0 * self.members_in_extra as f64 / self.members.max(1) as f64;
        writeln!(
            f,
            "{} members, {} of them in extra ({share:.1} %)",
            self.members, self.members_in_extra
        )?;
        writeln!(
            f,
            "{} documented members in extra although their kind is right, {} of another kind",
            self.documented_in_extra.values().sum::<usize>(),
            self.odd_members.values().sum::<usize>(),
        )?;
        for (category, count) in &self.categories {
            let effect = if category.prevents_building() {
                "not built"
            } else {
                "compared but for it"
            };
            writeln!(f, "request: {count:6} {category} ({effect})")?;
        }
        for (note, count) in &self.notes {
            writeln!(f, "not checked: {count:6} {note}")?;
        }
        Ok(())
    }
}
