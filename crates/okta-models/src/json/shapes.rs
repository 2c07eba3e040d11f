//! Which members the types have and which of them can be written: the facts behind [`writable`](super::writable).
//!
//! The generator writes one line a type into `generated/shapes`, one file a feature. They are text and not code, so that it costs nothing to
//! compile; a program that converts reads it once.

use std::{collections::HashMap, sync::LazyLock};

use super::shape_tables::TABLES;

/// One type: the members of an object, or the variants of a union.
#[derive(Debug, PartialEq)]
pub(super) enum Shape {
    Object(HashMap<&'static str, Member>),
    Union(Variants),
}

/// The variants of a union.
#[derive(Debug, PartialEq)]
pub(super) struct Variants {
    /// The member that names the type.
    pub(super) tag: &'static str,
    base: &'static str,
    by_value: HashMap<&'static str, &'static str>,
}

/// One member of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Member {
    pub(super) is_read_only: bool,
    pub(super) is_secret: bool,
    /// Its object cannot be written without it, and responses do not have it.
    pub(super) is_needed: bool,
    /// The type of its objects, if that has members.
    pub(super) of: Option<&'static str>,
    /// It is an object with any names, each of whose values is of this type.
    pub(super) is_map: bool,
}

static SHAPES: LazyLock<HashMap<&'static str, Shape>> =
    LazyLock::new(|| TABLES.iter().flat_map(|table| table.lines()).filter_map(line).collect());

/// The shape of the type with this name in Rust.
pub(super) fn shape(name: &str) -> Option<&'static Shape> {
    SHAPES.get(name)
}

impl Variants {
    /// The type for a tag's value, and whether the document knows the value.
    pub(super) fn of(&self, tag: Option<&str>) -> (&'static str, bool) {
        match tag.and_then(|tag| self.by_value.get(tag)) {
            Some(variant) => (variant, true),
            None => (self.base, false),
        }
    }
}

/// `Type member !readOnly *secret &needed member=Type member={Type}`, or `Type @tag=Base VALUE=Variant`.
fn line(line: &'static str) -> Option<(&'static str, Shape)> {
    let mut words = line.split(' ');
    let name = words.next().filter(|name| !name.is_empty() && !name.starts_with('#'))?;
    let mut words = words.peekable();
    let union = words.peek().and_then(|word| word.strip_prefix('@')?.split_once('='));
    let shape = match union {
        Some((tag, base)) => Shape::Union(Variants {
            tag,
            base,
            by_value: words.skip(1).filter_map(|word| word.split_once('=')).collect(),
        }),
        None => Shape::Object(words.map(member).collect()),
    };
    Some((name, shape))
}

fn member(word: &'static str) -> (&'static str, Member) {
    let mut member = Member::default();
    let name = word.trim_start_matches(|flag| {
        match flag {
            '!' => member.is_read_only = true,
            '*' => member.is_secret = true,
            '&' => member.is_needed = true,
            _ => return false,
        }
        true
    });
    let Some((name, of)) = name.split_once('=') else {
        return (name, member);
    };
    let value = of.strip_prefix('{').and_then(|of| of.strip_suffix('}'));
    member.is_map = value.is_some();
    member.of = Some(value.unwrap_or(of));
    (name, member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_each_member_is() {
        let Some(("A", Shape::Object(members))) = line("A b !c *&d e=F !g={H}") else {
            panic!("not an object")
        };
        assert_eq!(members.len(), 5);
        assert_eq!(members["b"], Member::default());
        assert!(members["c"].is_read_only && !members["c"].is_secret);
        assert!(members["d"].is_secret && members["d"].is_needed);
        assert_eq!((members["e"].of, members["e"].is_map), (Some("F"), false));
        assert_eq!((members["g"].of, members["g"].is_map), (Some("H"), true));
        let Some(("U", Shape::Union(variants))) = line("U @type=UBase X=A Y=B") else {
            panic!("not a union")
        };
        assert_eq!((variants.tag, variants.of(Some("Y"))), ("type", ("B", true)));
        assert_eq!(
            (variants.of(Some("Z")), variants.of(None)),
            (("UBase", false), ("UBase", false))
        );
        assert_eq!(line("# a comment"), None);
    }

    #[test]
    fn every_type_that_the_table_mentions_is_in_it() {
        let named = SHAPES.values().flat_map(|shape| match shape {
            Shape::Object(members) => members.values().filter_map(|member| member.of).collect::<Vec<_>>(),
            Shape::Union(variants) => variants.by_value.values().copied().chain([variants.base]).collect(),
        });
        let missing: Vec<&str> = named.filter(|name| shape(name).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(SHAPES.len() > 900, "{}", SHAPES.len());
    }
}
