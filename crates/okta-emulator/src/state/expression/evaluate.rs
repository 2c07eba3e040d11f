//! An expression against one user.

use std::cmp::Ordering;

use serde_json::Value;

use crate::{
    base::named_store::Named,
    state::{
        expression::syntax::{Comparison, Expression},
        group::{Group, Groups},
        user::User,
    },
};

/// Whom an expression is asked about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) user: &'a User,
    pub(crate) groups: &'a Groups,
}

/// What an expression comes to.
#[derive(Debug, PartialEq)]
enum Outcome {
    Text(String),
    Number(f64),
    Flag(bool),
    Nothing,
}

impl Expression {
    /// Whether the user is one of those meant.
    pub(crate) fn holds(&self, subject: Subject<'_>) -> bool {
        self.value(subject) == Outcome::Flag(true)
    }

    fn value(&self, subject: Subject<'_>) -> Outcome {
        match self {
            Self::Any(parts) => Outcome::Flag(parts.iter().any(|part| part.holds(subject))),
            Self::All(parts) => Outcome::Flag(parts.iter().all(|part| part.holds(subject))),
            Self::Not(inner) => Outcome::Flag(!inner.holds(subject)),
            Self::Compare(left, comparison, right) => {
                Outcome::Flag(comparison.holds(&left.value(subject), &right.value(subject)))
            }
            Self::Call(name, arguments) => {
                let arguments: Vec<Outcome> = arguments.iter().map(|argument| argument.value(subject)).collect();
                call(name, &arguments, subject)
            }
            Self::Attribute(path) => attribute(subject.user, path),
            Self::Text(text) => Outcome::Text(text.clone()),
            Self::Number(number) => Outcome::Number(*number),
            Self::Flag(flag) => Outcome::Flag(*flag),
            Self::Null => Outcome::Nothing,
        }
    }
}

impl Comparison {
    fn holds(self, left: &Outcome, right: &Outcome) -> bool {
        let order = match (left, right) {
            (Outcome::Text(left), Outcome::Text(right)) => Some(left.cmp(right)),
            (Outcome::Number(left), Outcome::Number(right)) => left.partial_cmp(right),
            _ => None,
        };
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => order.is_some_and(Ordering::is_lt),
            Self::LessOrEqual => order.is_some_and(Ordering::is_le),
            Self::Greater => order.is_some_and(Ordering::is_gt),
            Self::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

fn attribute(user: &User, path: &[String]) -> Outcome {
    let (Some(first), rest) = (path.first(), path.get(1..).unwrap_or_default()) else {
        return Outcome::Nothing;
    };
    let found = rest
        .iter()
        .try_fold(user.profile.get(first), |value, name| Some(value?.get(name)));
    match found.flatten() {
        Some(Value::String(text)) => Outcome::Text(text.clone()),
        Some(Value::Number(number)) => number.as_f64().map_or(Outcome::Nothing, Outcome::Number),
        Some(Value::Bool(flag)) => Outcome::Flag(*flag),
        _ => Outcome::Nothing,
    }
}

/// The functions that are known; any other says no.
fn call(name: &str, arguments: &[Outcome], subject: Subject<'_>) -> Outcome {
    let texts: Vec<&str> = arguments
        .iter()
        .map(|argument| {
            if let Outcome::Text(text) = argument {
                text.as_str()
            } else {
                ""
            }
        })
        .collect();
    let member_of = |test: &dyn Fn(&Group, &str) -> bool| {
        let joined = |group: &&Group| group.has(&subject.user.id);
        let mut joined = subject.groups.values().filter(joined);
        Outcome::Flag(joined.any(|group| texts.iter().any(|text| test(group, text))))
    };
    match (name, texts.as_slice()) {
        ("String.startsWith" | "startsWith", [text, part]) => Outcome::Flag(text.starts_with(part)),
        ("String.endsWith" | "endsWith", [text, part]) => Outcome::Flag(text.ends_with(part)),
        ("String.stringContains" | "contains", [text, part]) => Outcome::Flag(text.contains(part)),
        ("String.toLowerCase" | "toLowerCase", [text]) => Outcome::Text(text.to_lowercase()),
        ("String.toUpperCase" | "toUpperCase", [text]) => Outcome::Text(text.to_uppercase()),
        ("isMemberOfGroup" | "isMemberOfAnyGroup", _) => member_of(&|group, id| group.id == id),
        ("isMemberOfGroupName", _) => member_of(&|group, name| group.name() == name),
        ("isMemberOfGroupNameStartsWith", _) => member_of(&|group, part| group.name().starts_with(part)),
        ("isMemberOfGroupNameContains", _) => member_of(&|group, part| group.name().contains(part)),
        _ => Outcome::Nothing,
    }
}
