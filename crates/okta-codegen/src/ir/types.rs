//! Types of the intermediate representation.

use std::{collections::BTreeSet, fmt};

use crate::schema::{Lifecycle, Limits, Origin};

/// One type that is made.
#[derive(Clone, Debug)]
pub(crate) struct Type {
    /// The schema's name.
    pub(crate) name: String,
    pub(crate) rust: String,
    pub(crate) origin: Origin,
    pub(crate) lifecycle: Option<Lifecycle>,
    pub(crate) definition: Definition,
    /// The module it is documented in.
    pub(crate) area: String,
    /// Several areas use it, so no feature leaves it out.
    pub(crate) is_shared: bool,
    /// It is part of some request body.
    pub(crate) is_sent: bool,
    /// It is reached from an area that is written.
    pub(crate) is_written: bool,
    /// The ids of the operations that return it, or a list of it.
    pub(crate) answer_of: BTreeSet<String>,
    /// The ids of the operations that take it as their body.
    pub(crate) body_of: BTreeSet<String>,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Definition {
    Struct(Vec<Field>),
    Enum(Vec<Variant>),
    Union(Union),
}

/// A member of a struct.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) rust: String,
    pub(crate) ty: TypeRef,
    pub(crate) required: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) secret: bool,
    pub(crate) deprecated: bool,
    pub(crate) format: Option<String>,
    pub(crate) default: Option<String>,
    /// The only value it can have.
    pub(crate) constant: Option<String>,
    pub(crate) lifecycle: Option<Lifecycle>,
    pub(crate) limits: Limits,
    /// Why it holds any JSON, if it does.
    pub(crate) free_form: Option<String>,
    /// What it means, in our words.
    pub(crate) text: Option<String>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variant {
    pub(crate) wire: String,
    pub(crate) rust: String,
    /// What it means, in our words.
    pub(crate) text: Option<String>,
}

/// Objects distinguished by a member.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Union {
    /// The member's name in JSON.
    pub(crate) tag: String,
    pub(crate) variants: Vec<VariantOf>,
    /// The struct of what all variants share.
    pub(crate) base: String,
    /// The members (by their names in JSON) that the base and all variants have with the same type.
    pub(crate) shared: Vec<String>,
}

/// A variant of a union.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VariantOf {
    pub(crate) rust: String,
    /// The values of the tag that mean this variant.
    pub(crate) values: Vec<String>,
    pub(crate) ty: String,
}

/// The type of a member, a parameter, a body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TypeRef {
    String,
    Bool,
    Integer,
    Number,
    Timestamp,
    Any,
    Links,
    /// Raw bytes; only as a whole body or one part of it.
    Bytes,
    Named(String),
    List(Box<TypeRef>),
    /// An object with any members; `null` values are kept if they mean something.
    Map(Box<TypeRef>, NullValues),
    OneOrMany(Box<TypeRef>),
}

/// Whether a map keeps `null` values apart from absent ones.
pub(crate) type NullValues = bool;

impl TypeRef {
    /// The named type inside, if there is one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::OneOrMany(inner) | Self::Map(inner, _) => inner.name(),
            _ => None,
        }
    }

    pub(crate) fn name_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::OneOrMany(inner) | Self::Map(inner, _) => inner.name_mut(),
            _ => None,
        }
    }

    /// Whether a value is one number.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }

    /// The type in Rust, with the types of the models' core under the path `core`, and named types as `named` writes them.
    pub(crate) fn render(&self, core: &str, named: &impl Fn(&str) -> String) -> String {
        match self {
            Self::String => "String".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Integer => "i64".to_owned(),
            Self::Number => "f64".to_owned(),
            Self::Timestamp => format!("{core}Timestamp"),
            Self::Any => format!("{core}Any"),
            Self::Links => format!("{core}Links"),
            Self::Bytes => "Bytes".to_owned(),
            Self::Named(name) => named(name),
            Self::List(item) => format!("Vec<{}>", item.render(core, named)),
            Self::Map(value, false) => format!("{core}Map<{}>", value.render(core, named)),
            Self::Map(value, true) => format!("{core}Map<Option<{}>>", value.render(core, named)),
            Self::OneOrMany(item) => format!("{core}OneOrMany<{}>", item.render(core, named)),
        }
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render("", &|name| name.to_owned()))
    }
}

impl Definition {
    /// Calls `visit` with each type that this one mentions.
    pub(crate) fn for_each_name<'a>(&'a self, mut visit: impl FnMut(&'a str)) {
        match self {
            Self::Struct(fields) => fields.iter().filter_map(|field| field.ty.name()).for_each(visit),
            Self::Enum(_) => {}
            Self::Union(union) => {
                visit(&union.base);
                union.variants.iter().for_each(|variant| visit(&variant.ty));
            }
        }
    }

    /// The same, to change them.
    pub(crate) fn for_each_name_mut(&mut self, mut visit: impl FnMut(&mut String)) {
        match self {
            Self::Struct(fields) => fields
                .iter_mut()
                .filter_map(|field| field.ty.name_mut())
                .for_each(visit),
            Self::Enum(_) => {}
            Self::Union(union) => {
                visit(&mut union.base);
                union.variants.iter_mut().for_each(|variant| visit(&mut variant.ty));
            }
        }
    }
}
