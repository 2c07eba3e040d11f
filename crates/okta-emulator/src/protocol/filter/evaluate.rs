//! An expression against one object.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use crate::protocol::filter::{
    dialect::Operator,
    expression::{Expression, Literal},
};

/// Something that expressions can be asked about.
pub(crate) trait Attributes {
    /// Adds every value found at `path`; none if there is nothing there.
    fn attribute<'a>(&'a self, path: &[String], found: &mut Vec<Operand<'a>>);
}

/// A value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand<'a> {
    Text(&'a str),
    Number(f64),
    Flag(bool),
    Time(Timestamp),
}

impl Expression {
    /// Whether the object is one of those asked for. An attribute with several values matches if one of them does.
    pub(crate) fn matches(&self, object: &impl Attributes) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(object)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(object)),
            Self::Not(inner) => !inner.matches(object),
            Self::Compare {
                attribute,
                operator,
                literal,
            } => {
                let mut found = Vec::new();
                object.attribute(attribute, &mut found);
                match (operator, literal) {
                    (Operator::Present, _) => !found.is_empty(),
                    (Operator::Equal, Literal::Null) => found.is_empty(),
                    (Operator::NotEqual, Literal::Null) => !found.is_empty(),
                    (Operator::NotEqual, _) => !found.iter().any(|value| value.is(Operator::Equal, literal)),
                    _ => found.iter().any(|value| value.is(*operator, literal)),
                }
            }
        }
    }
}

impl Operand<'_> {
    fn is(&self, operator: Operator, literal: &Literal) -> bool {
        let accepted: fn(Ordering) -> bool = match operator {
            Operator::Equal => Ordering::is_eq,
            Operator::NotEqual => Ordering::is_ne,
            Operator::Greater => Ordering::is_gt,
            Operator::GreaterOrEqual => Ordering::is_ge,
            Operator::Less => Ordering::is_lt,
            Operator::LessOrEqual => Ordering::is_le,
            Operator::StartsWith => return self.holds(literal, |value, part| value.starts_with(part)),
            Operator::Contains => return self.holds(literal, |value, part| value.contains(part)),
            Operator::EndsWith => return self.holds(literal, |value, part| value.ends_with(part)),
            Operator::Present => return true,
        };
        self.order(literal).is_some_and(accepted)
    }

    /// Texts are compared without regard to case; dates as moments; nothing else across kinds.
    fn order(&self, literal: &Literal) -> Option<Ordering> {
        match (self, literal) {
            (Self::Time(time), Literal::Text(text)) => Some(time.cmp(&text.parse().ok()?)),
            (Self::Text(value), Literal::Text(text)) => Some(value.to_lowercase().cmp(&text.to_lowercase())),
            (Self::Number(value), Literal::Number(number)) => value.partial_cmp(number),
            (Self::Number(value), Literal::Text(text)) => value.partial_cmp(&text.parse().ok()?),
            (Self::Flag(value), Literal::Flag(flag)) => Some(value.cmp(flag)),
            (Self::Flag(value), Literal::Text(text)) => Some(value.cmp(&text.to_lowercase().parse().ok()?)),
            _ => None,
        }
    }

    fn holds(&self, literal: &Literal, test: fn(&str, &str) -> bool) -> bool {
        match (self, literal) {
            (Self::Text(value), Literal::Text(text)) => test(&value.to_lowercase(), &text.to_lowercase()),
            _ => false,
        }
    }

    /// The order in which results are sorted.
    pub(crate) fn sort_order(&self, other: &Operand<'_>) -> Ordering {
        match (self, other) {
            (Self::Text(one), Operand::Text(two)) => one.to_lowercase().cmp(&two.to_lowercase()),
            (Self::Number(one), Operand::Number(two)) => one.total_cmp(two),
            (Self::Flag(one), Operand::Flag(two)) => one.cmp(two),
            (Self::Time(one), Operand::Time(two)) => one.cmp(two),
            (one, two) => one.rank().cmp(&two.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Flag(_) => 0,
            Self::Number(_) => 1,
            Self::Time(_) => 2,
            Self::Text(_) => 3,
        }
    }
}

/// Adds the values found at `path` inside a JSON value; arrays stand for their elements, `null` and `""` for nothing.
pub(crate) fn collect<'a>(value: &'a Value, path: &[String], found: &mut Vec<Operand<'a>>) {
    match (value, path) {
        (Value::Array(elements), _) => elements.iter().for_each(|element| collect(element, path, found)),
        (Value::Object(object), [name, rest @ ..]) => {
            if let Some(member) = object.get(name) {
                collect(member, rest, found);
            }
        }
        (Value::String(text), []) if !text.is_empty() => found.push(Operand::Text(text)),
        (Value::Number(number), []) => found.extend(number.as_f64().map(Operand::Number)),
        (Value::Bool(flag), []) => found.push(Operand::Flag(*flag)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::filter::dialect::EVERYTHING;

    struct Document(Value);

    impl Attributes for Document {
        fn attribute<'a>(&'a self, path: &[String], found: &mut Vec<Operand<'a>>) {
            if path == ["created"] {
                found.push(Operand::Time("2026-01-02T03:04:05Z".parse().unwrap()));
            } else {
                collect(&self.0, path, found);
            }
        }
    }

    fn check(expression: &str) -> bool {
        let document = Document(json!({
            "name": "Ada \"the first\"",
            "empty": "",
            "nothing": null,
            "age": 36,
            "admin": true,
            "tags": ["red", "blue"],
            "target": [{"id": "00u1"}, {"id": "00u2"}],
        }));
        Expression::parse(expression, &EVERYTHING).unwrap().matches(&document)
    }

    #[test]
    fn every_operator_says_yes_and_no() {
        for (yes, no) in [
            (r#"name sw "ada""#, r#"name sw "first""#),
            (r#"name co "THE""#, r#"name co "second""#),
            (r#"name ew "first\"""#, r#"name ew "ada""#),
            (r#"name eq "ADA \"THE FIRST\"""#, r#"name eq "ada""#),
            (r#"name ne "bob""#, r#"name ne "ada \"the first\"""#),
            ("age gt 35", "age gt 36"),
            ("age ge 36", "age ge 37"),
            ("age lt 37", "age lt 36"),
            ("age le \"36\"", "age le 35"),
            ("admin eq true", "admin eq false"),
            ("admin eq \"TRUE\"", "admin eq \"maybe\""),
            ("name pr", "empty pr"),
            ("nothing eq null", "nothing pr"),
            ("absent eq null", "absent ne null"),
            (
                r#"created gt "2026-01-02T03:04:04.999Z""#,
                r#"created gt "2026-01-02T04:04:05+01:00""#,
            ),
            (r#"created eq "2026-01-02T04:04:05+01:00""#, r#"created eq "yesterday""#),
            (r#"tags eq "blue""#, r#"tags ne "blue""#),
            (r#"target.id eq "00u2""#, r#"target.id eq "00u3""#),
            (r#"age eq 36 and (name sw "x" or admin eq true)"#, r#"not (age eq 36)"#),
            (r#"absent ne "x""#, r#"absent eq "x""#),
        ] {
            assert!(check(yes), "{yes}");
            assert!(!check(no), "{no}");
        }
    }
}
