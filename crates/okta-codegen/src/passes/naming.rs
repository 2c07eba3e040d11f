//! Rust names for types, members, variants and parameters; and which members are secret.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::{
    error::{Error, Result},
    ir::{Definition, Field, Ir, Parameter, Union, Variant},
    passes::classify::BASE,
    schema::Origin,
    tables::Tables,
    words,
};

const TABLE: &str = "names.toml";

/// Type names that mean something else where the generated types stand.
const TAKEN_TYPES: &[&str] = &[
    "Any",
    "Box",
    "Clone",
    "Debug",
    "Default",
    "Empty",
    "Eq",
    "Err",
    "Error",
    "Extra",
    "Fit",
    "From",
    "FromJson",
    "Hash",
    "Into",
    "IntoAny",
    "Item",
    "Items",
    "Link",
    "LinkHints",
    "Links",
    "Map",
    "MissingMember",
    "None",
    "Object",
    "Ok",
    "OneOrMany",
    "Option",
    "PartialEq",
    "Result",
    "Self",
    "Some",
    "String",
    "TimeArg",
    "Timestamp",
    "TimestampError",
    "Union",
    "UnknownValue",
    "Vec",
];
/// Methods that every generated struct or union has.
const TAKEN_MEMBERS: &[&str] = &[
    "as_ref",
    "clear",
    "clone",
    "eq",
    "extra_mut",
    "fmt",
    "for_tag",
    "from",
    "get",
    "holds",
    "into",
    "members",
    "new",
    "read_member",
    "require",
    "require_id",
    "serialize",
    "set",
    "set_null",
    "to_owned",
    "try_from",
    "try_into",
    "with",
];
/// Methods that every builder has.
const TAKEN_SETTERS: &[&str] = &[
    "body",
    "clone",
    "fmt",
    "from",
    "into",
    "into_future",
    "pages",
    "request",
    "send",
    "stream",
    "to_owned",
    "with_header",
    "with_options",
    "with_query",
];

/// Names everything.
pub(crate) fn name(ir: &mut Ir, tables: &Tables) -> Result<()> {
    let mut errors = Vec::new();
    name_types(ir, tables, &mut errors);
    let rust: IndexMap<String, String> = ir
        .types
        .iter()
        .map(|(name, found)| (name.clone(), found.rust.clone()))
        .collect();
    for (name, found) in &mut ir.types {
        let result = match &mut found.definition {
            Definition::Struct(fields) => name_fields(name, fields, tables),
            Definition::Enum(variants) => name_variants(&found.rust, variants, tables),
            Definition::Union(union) => name_union(&found.rust, union, &rust, tables),
        };
        errors.extend(result.err());
    }
    for operation in &mut ir.operations {
        if let Some(body) = &mut operation.body {
            body.rust = words::identifier(&words::snake(&body.rust));
        }
        for parameters in [
            &mut operation.path_parameters,
            &mut operation.query,
            &mut operation.headers,
        ] {
            parameters.iter_mut().for_each(name_parameter);
        }
        errors.extend(clash(
            &operation.id,
            operation
                .parameters()
                .map(|parameter| (parameter.rust.as_str(), parameter.wire.as_str())),
        ));
    }
    errors.extend(unused(ir, tables));
    Error::all(errors)
}

/// Entries of the tables for variants and members that do not exist.
fn unused(ir: &Ir, tables: &Tables) -> Vec<Error> {
    let has_variant = |place: &str| {
        let (name, value) = place.split_once('.').unwrap_or((place, ""));
        ir.types
            .values()
            .filter(|found| found.rust == name)
            .any(|found| match &found.definition {
                Definition::Enum(variants) => variants.iter().any(|variant| variant.wire == value),
                Definition::Union(union) => union
                    .variants
                    .iter()
                    .any(|variant| variant.values.iter().any(|one| one == value)),
                Definition::Struct(_) => false,
            })
    };
    let has_member = |place: &str| {
        let (name, member) = place.split_once('.').unwrap_or((place, ""));
        ir.types.get(name).is_some_and(
            |found| matches!(&found.definition, Definition::Struct(fields) if fields.iter().any(|field| field.wire == member)),
        )
    };
    let variants = tables
        .names
        .variants
        .keys()
        .filter(|place| !has_variant(place))
        .map(|place| (TABLE, place));
    let places = tables.secrets.places.iter().chain(&tables.secrets.public);
    let members = places
        .filter(|place| !has_member(place))
        .map(|place| ("secrets.toml", place));
    variants
        .chain(members)
        .map(|(table, place)| Error::table(table, format!("there is no `{place}`")))
        .collect()
}

fn name_types(ir: &mut Ir, tables: &Tables, errors: &mut Vec<Error>) {
    for (name, found) in &mut ir.types {
        let (schema, suffix) = name
            .strip_suffix(BASE)
            .map_or((name.as_str(), ""), |schema| (schema, "Base"));
        // Inline schemas got the table's names when they were hoisted.
        let given = match found.origin {
            Origin::Component => tables.names.types.get(schema),
            Origin::Inline(_) => None,
        };
        found.rust = format!("{}{suffix}", given.cloned().unwrap_or_else(|| words::camel(schema)));
    }
    let mut taken: BTreeMap<&str, &str> = TAKEN_TYPES.iter().map(|name| (*name, "the models' core")).collect();
    for (name, found) in &ir.types {
        if let Some(other) = taken.insert(&found.rust, name) {
            let problem = format!(
                "the schema `{name}` would be called `{}`, as {other} is: name it in [types]",
                found.rust
            );
            errors.push(Error::table(TABLE, problem));
        }
    }
}

fn name_fields(schema: &str, fields: &mut [Field], tables: &Tables) -> Result<()> {
    let schema = schema.strip_suffix(BASE).unwrap_or(schema);
    for field in fields.iter_mut() {
        field.rust = match words::snake(&field.wire).as_str() {
            "default" => "default_value".to_owned(),
            "extra" => "extra_member".to_owned(),
            name if TAKEN_MEMBERS.contains(&name) => format!("{name}_"),
            name => words::identifier(name),
        };
        let marked = field.write_only || field.format.as_deref() == Some("password");
        let is_secret = tables.secrets.verdict(schema, &field.wire).unwrap_or(marked);
        // An object hides its own secrets.
        field.secret = is_secret && field.ty.name().is_none();
    }
    clash(
        schema,
        fields.iter().map(|field| (field.rust.as_str(), field.wire.as_str())),
    )
    .map_or(Ok(()), Err)
}

fn name_variants(enum_name: &str, variants: &mut [Variant], tables: &Tables) -> Result<()> {
    for variant in variants.iter_mut() {
        let given = tables
            .names
            .variants
            .get(&format!("{enum_name}.{}", variant.wire))
            .cloned();
        variant.rust = given.unwrap_or_else(|| match words::variant(&variant.wire) {
            // The fallback has that name.
            name if name == "Unknown" => "UnknownValue".to_owned(),
            name => name,
        });
    }
    clash(
        enum_name,
        variants
            .iter()
            .map(|variant| (variant.rust.as_str(), variant.wire.as_str())),
    )
    .map_or(Ok(()), Err)
}

/// A variant is called after its type, without the words that all of them share.
fn name_union(union_name: &str, union: &mut Union, rust: &IndexMap<String, String>, tables: &Tables) -> Result<()> {
    let types: Vec<Vec<String>> = union
        .variants
        .iter()
        .map(|variant| match rust.get(&variant.ty) {
            Some(name) => Ok(camel_words(name)),
            None => Err(Error::document(
                union_name,
                format!("its variant `{}` is not an object", variant.ty),
            )),
        })
        .collect::<Result<_>>()?;
    let mut shared = types.clone();
    if let [_] = types.as_slice() {
        // One variant only has nothing to share with but the union itself.
        shared.push(camel_words(union_name.strip_suffix("Base").unwrap_or(union_name)));
    }
    let most = types.iter().map(Vec::len).min().unwrap_or_default().saturating_sub(1);
    let start = common(&shared, most, |words, index| words.get(index));
    let end = common(&shared, most - start, |words, index| {
        words.len().checked_sub(index + 1).and_then(|index| words.get(index))
    });
    for (variant, words) in union.variants.iter_mut().zip(&types) {
        let given = tables
            .names
            .variants
            .get(&format!("{union_name}.{}", variant.values[0]))
            .cloned();
        let name: String = match words.get(start..words.len() - end) {
            Some(middle) if !middle.is_empty() => middle.concat(),
            _ => words::variant(&variant.values[0]),
        };
        let starts_well = name.chars().next().is_some_and(|first| first.is_ascii_uppercase());
        variant.rust = given.unwrap_or_else(|| {
            if starts_well {
                name
            } else {
                words::variant(&variant.values[0])
            }
        });
    }
    let fallback = std::iter::once(("Other", "the fallback"));
    let variants = union
        .variants
        .iter()
        .map(|variant| (variant.rust.as_str(), variant.ty.as_str()));
    clash(union_name, fallback.chain(variants)).map_or(Ok(()), Err)
}

/// How many words all names have in common, counted from the end that `word` counts from, and at most `most`.
fn common<'a>(
    names: &'a [Vec<String>],
    most: usize,
    word: impl Fn(&'a [String], usize) -> Option<&'a String>,
) -> usize {
    let first = names.first().map(Vec::as_slice).unwrap_or_default();
    (0..most)
        .take_while(|index| names.iter().all(|name| word(name, *index) == word(first, *index)))
        .count()
}

/// The words of a type's name, each as it is written.
fn camel_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous_is_lower = true;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let starts_word =
            c.is_ascii_uppercase() && (previous_is_lower || chars.peek().is_some_and(char::is_ascii_lowercase));
        match words.last_mut() {
            Some(word) if !starts_word => word.push(c),
            _ => words.push(c.to_string()),
        }
        previous_is_lower = !c.is_ascii_uppercase();
    }
    words
}

fn name_parameter(parameter: &mut Parameter) {
    let name = words::snake(&parameter.wire);
    let is_setter = !parameter.required;
    parameter.rust = match name.as_str() {
        name if is_setter && TAKEN_SETTERS.contains(&name) => format!("{name}_"),
        name => words::identifier(name),
    };
}

/// The first two that have the same name.
fn clash<'a>(place: &str, names: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Error> {
    let mut taken = BTreeMap::new();
    for (rust, wire) in names {
        if let Some(other) = taken.insert(rust, wire) {
            return Some(Error::document(
                place,
                format!("`{other}` and `{wire}` would both be called `{rust}`"),
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::TypeRef;

    fn union(types: &[&str]) -> Union {
        let variants = types
            .iter()
            .map(|ty| crate::ir::VariantOf {
                rust: String::new(),
                values: vec![ty.to_uppercase()],
                ty: (*ty).to_owned(),
            })
            .collect();
        Union {
            tag: "type".into(),
            variants,
            base: String::new(),
            shared: Vec::new(),
        }
    }

    fn variants(name: &str, types: &[&str]) -> Vec<String> {
        let mut union = union(types);
        let rust = types.iter().map(|ty| ((*ty).to_owned(), (*ty).to_owned())).collect();
        name_union(name, &mut union, &rust, &Tables::default()).unwrap();
        union.variants.into_iter().map(|variant| variant.rust).collect()
    }

    #[test]
    fn variants_drop_what_they_share() {
        assert_eq!(
            variants("Application", &["AutoLoginApplication", "Saml11Application"]),
            ["AutoLogin", "Saml11"]
        );
        assert_eq!(
            variants("LogStream", &["LogStreamAws", "LogStreamSplunk"]),
            ["Aws", "Splunk"]
        );
        assert_eq!(
            variants("AuthenticatorBase", &["AuthenticatorKeyDuo", "AuthenticatorKeyTac"]),
            ["Duo", "Tac"]
        );
        assert_eq!(
            variants("AppConfig", &["AppConfigActiveDirectory"]),
            ["ActiveDirectory"]
        );
        assert_eq!(
            variants("NetworkZone", &["IPNetworkZone", "DynamicNetworkZone"]),
            ["IP", "Dynamic"]
        );
    }

    fn field(wire: &str) -> Field {
        Field {
            wire: wire.to_owned(),
            rust: String::new(),
            ty: TypeRef::String,
            required: false,
            read_only: false,
            write_only: false,
            secret: false,
            deprecated: false,
            format: None,
            default: None,
            constant: None,
            lifecycle: None,
            limits: crate::schema::Limits::default(),
            free_form: None,
            text: None,
        }
    }

    #[test]
    fn members_avoid_keywords_and_the_structs_own_names() {
        let mut fields = ["type", "self", "default", "extra", "set", "_links"].map(field);
        name_fields("A", &mut fields, &Tables::default()).unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field.rust.as_str()).collect();
        assert_eq!(
            names,
            ["r#type", "self_", "default_value", "extra_member", "set_", "links"]
        );
    }

    #[test]
    fn two_members_of_one_name_are_an_error() {
        let error = name_fields("A", &mut ["aB", "a_b"].map(field), &Tables::default()).unwrap_err();
        assert_eq!(error.to_string(), "A: `aB` and `a_b` would both be called `a_b`");
    }

    #[test]
    fn the_fallback_keeps_its_name() {
        let mut found = [Variant {
            wire: "UNKNOWN".into(),
            rust: String::new(),
            text: None,
        }];
        name_variants("E", &mut found, &Tables::default()).unwrap();
        assert_eq!(found[0].rust, "UnknownValue");
    }

    #[test]
    fn entries_for_nothing_are_errors() {
        let mut tables = Tables::default();
        tables.names.variants.insert("Gone.X".into(), "Y".into());
        tables.secrets.places.push("Gone.member".into());
        let error = name(&mut Ir::default(), &tables).unwrap_err().to_string();
        assert_eq!(
            error,
            "2 problems:\n- names.toml: there is no `Gone.X`\n- secrets.toml: there is no `Gone.member`"
        );
    }

    #[test]
    fn secrets_come_from_the_document_and_from_the_table() {
        let mut tables = Tables::default();
        tables.secrets.members.push("token".into());
        tables.secrets.public.push("A.marked".into());
        let mut fields = ["token", "marked", "written", "plain"].map(field);
        fields[1].write_only = true;
        fields[2].write_only = true;
        name_fields("A", &mut fields, &tables).unwrap();
        assert_eq!(fields.map(|field| field.secret), [true, false, true, false]);
    }
}
