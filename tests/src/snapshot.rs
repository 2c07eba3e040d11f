//! The generator's snapshot of operations and types (`crates/okta-codegen/snapshot`), read back: what arguments each operation
//! takes, and a value with every member of a type that can be sent.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::arguments::{Arguments, Content};

/// The operations, as `operations.txt` holds them.
#[derive(Debug)]
pub struct Operation<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it takes: `path`, `query`, `header` or `body`, the name in HTTP, the type with the text after it.
    pub arguments: Vec<(&'a str, &'a str, &'a str)>,
}

/// Reads `operations.txt`.
#[must_use]
pub fn operations(text: &str) -> Vec<Operation<'_>> {
    let mut found: Vec<Operation<'_>> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let Some(line) = line.strip_prefix("  ") else {
            let id = line.split_once(" = ").map_or(line, |(id, _)| id);
            let arguments = Vec::new();
            found.push(Operation { id, arguments });
            continue;
        };
        let argument = line.split_once(' ').and_then(|(kind, rest)| {
            let (name, ty) = rest.split_once(": ")?;
            Some((kind, name, ty))
        });
        if let (Some(operation), Some(argument)) = (found.last_mut(), argument) {
            operation.arguments.push(argument);
        }
    }
    found
}

/// The types, as the files of `types/` hold them.
#[derive(Debug)]
pub struct Types<'a>(BTreeMap<&'a str, Definition<'a>>);

#[derive(Clone, Debug)]
struct Definition<'a> {
    head: &'a str,
    lines: Vec<&'a str>,
}

/// What a type is.
#[derive(Debug)]
pub enum Shape<'a> {
    /// An object.
    Struct(Vec<Member<'a>>),
    /// A text of certain values.
    Enum,
    /// Objects of several types.
    Union {
        /// The member that says which.
        tag: &'a str,
        /// The values of the tag, each with its type.
        variants: Vec<(&'a str, &'a str)>,
    },
}

/// A member of an object.
#[derive(Debug)]
pub struct Member<'a> {
    /// Its name in JSON.
    pub name: &'a str,
    /// Its type.
    pub ty: &'a str,
    /// What is noted after the type: `read-only`, `secret`.
    pub facts: Vec<&'a str>,
}

impl<'a> Member<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (name, rest) = line.split_once(": ")?;
        let mut facts = rest.split(", ");
        let ty = facts.next().unwrap_or_default();
        let facts = facts.collect();
        Some(Self { name, ty, facts })
    }
    /// The only value it can have.
    #[must_use]
    pub fn constant(&self) -> Option<&'a str> {
        self.facts.iter().find_map(|fact| fact.strip_prefix("always "))
    }
}

impl<'a> Types<'a> {
    /// What a type is, by its name in Rust or in the document; `None` if it is not of this document.
    #[must_use]
    pub fn shape(&self, name: &str) -> Option<Shape<'a>> {
        let definition = self.0.get(name)?;
        if definition.head.contains(": enum") {
            return Some(Shape::Enum);
        }
        let Some((_, tag)) = definition.head.split_once(": union by ") else {
            let members = definition.lines.iter().filter_map(|line| Member::read(line));
            return Some(Shape::Struct(members.collect()));
        };
        let variants = definition.lines.iter().filter_map(|line| {
            let (values, ty) = line.split_once(" = ")?.1.rsplit_once(": ")?;
            Some(values.split(" | ").map(move |value| (value, ty)))
        });
        Some(Shape::Union {
            tag: tag.split(',').next().unwrap_or_default(),
            variants: variants.flatten().collect(),
        })
    }

    /// Reads the files of `types/`, one behind the other.
    #[must_use]
    pub fn read(text: &'a str) -> Self {
        let mut found: Vec<Definition<'a>> = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            match (line.strip_prefix("  "), found.last_mut()) {
                (Some(line), Some(definition)) => definition.lines.push(line),
                _ => found.push(Definition {
                    head: line,
                    lines: Vec::new(),
                }),
            }
        }
        // A type goes by its name in Rust and, where that differs, by its name in the document too; the document's comes
        // first, for members are written with it.
        let mut types = BTreeMap::new();
        for definition in &found {
            let name = definition.head.split_once("::").map_or("", |(_, name)| name);
            types.insert(name.split([':', ' ']).next().unwrap_or_default(), definition.clone());
        }
        for definition in found {
            if let Some((_, name)) = definition.head.split_once('(') {
                types.insert(name.split(')').next().unwrap_or_default(), definition);
            }
        }
        Self(types)
    }

    /// A value of a type with every member that can be written, at every depth.
    #[must_use]
    pub fn full(&self, ty: &str) -> Value {
        let inner = |wrapper: &str| ty.strip_prefix(wrapper)?.strip_suffix('>');
        if let Some(item) = inner("Vec<") {
            return json!([self.full(item)]);
        }
        if let Some(value) = inner("Map<") {
            return json!({"key": self.full(value)});
        }
        if let Some(value) = inner("Option<") {
            return self.full(value);
        }
        match ty {
            "String" => json!("text"),
            "Timestamp" => json!("2026-01-02T03:04:05.000Z"),
            "bool" => json!(true),
            "i64" => json!(7),
            "f64" => json!(1.5),
            "Any" => json!({"any": [null, 1]}),
            "Links" => json!({"self": {"href": "https://test.okta.com/self"}}),
            name => self
                .0
                .get(name)
                .map_or(Value::Null, |definition| self.defined(definition)),
        }
    }

    fn defined(&self, definition: &Definition<'_>) -> Value {
        if definition.head.contains(": enum") {
            let values = definition.lines.first().copied().unwrap_or_default();
            return Value::from(values.split(" | ").next().unwrap_or_default());
        }
        if let Some((_, tag)) = definition.head.split_once(": union by ") {
            // `Variant = VALUE | VALUE: Type`: the first variant stands for all.
            let tag = tag.split(',').next().unwrap_or_default();
            let variant = definition
                .lines
                .first()
                .and_then(|line| line.split_once(" = ")?.1.rsplit_once(": "));
            let Some((values, ty)) = variant else {
                return Value::Null;
            };
            let mut value = self.full(ty);
            value[tag] = Value::from(values.split(" | ").next().unwrap_or_default());
            return value;
        }
        let mut members = Map::new();
        for line in &definition.lines {
            let Some((name, rest)) = line.split_once(": ") else {
                continue;
            };
            let mut facts = rest.split(", ");
            let ty = facts.next().unwrap_or_default();
            let facts: Vec<&str> = facts.collect();
            if facts.contains(&"read-only") {
                continue;
            }
            let constant = facts.iter().find_map(|fact| fact.strip_prefix("always "));
            members.insert(name.to_owned(), constant.map_or_else(|| self.full(ty), Value::from));
        }
        Value::Object(members)
    }
}

impl Operation<'_> {
    /// Every argument it takes, required or not, each with its name in its value.
    #[must_use]
    pub fn full_arguments(&self, types: &Types<'_>) -> Arguments {
        let mut arguments = Arguments::default();
        for (kind, name, ty) in &self.arguments {
            let mut facts = ty.split(", ");
            let ty = facts.next().unwrap_or_default();
            let is_repeated = facts.any(|fact| fact == "one member a value");
            let value = |ty: &str| match types.full(ty) {
                Value::String(text) if ty == "String" => format!("{name} {text}/1"),
                Value::String(text) => text,
                other => other.to_string(),
            };
            match *kind {
                "path" => drop(arguments.path.insert((*name).to_owned(), value(ty))),
                "query" => {
                    let item = ty.strip_prefix("Vec<").and_then(|ty| ty.strip_suffix('>'));
                    let pair = |value: String| ((*name).to_owned(), value);
                    match item.map(value) {
                        None => arguments.query.push(pair(value(ty))),
                        Some(item) if is_repeated => {
                            arguments.query.extend([pair(item.clone()), pair(format!("{item}2"))]);
                        }
                        Some(item) => arguments.query.push(pair(format!("{item},{item}2"))),
                    }
                }
                "header" => {
                    // The one header that takes a list, in a parameter of the content type.
                    let value = if *name == "Content-Type" {
                        "application/json; okta-response=omitCredentials,omitCredentialsLinks".to_owned()
                    } else {
                        value(ty)
                    };
                    arguments.headers.insert(name.to_ascii_lowercase(), value);
                }
                "body" => arguments.body = Some(body(ty, types)),
                _ => {}
            }
        }
        arguments
    }
}

fn body(ty: &str, types: &Types<'_>) -> Content {
    let bytes = |content_type: &str, bytes: &'static str| Content::Bytes {
        content_type: content_type.to_owned(),
        bytes: bytes.into(),
    };
    let ty = ty.strip_suffix(" as a merge patch").unwrap_or(ty);
    if ty.starts_with("multipart") {
        let form = "--X\r\ncontent-disposition: form-data; name=\"file\"; filename=\"logo.png\"\r\n\
                    content-type: image/png\r\n\r\nPNG\r\n--X--\r\n";
        bytes("multipart/form-data; boundary=X", form)
    } else if ty == "certificate" {
        bytes("application/x-pem-file", "-----BEGIN CERTIFICATE-----")
    } else if let Some(content_type) = ty.strip_prefix("text as ") {
        bytes(content_type, "text")
    } else {
        Content::Json(types.full(ty))
    }
}
