//! The schemas of the document.

use std::{
    collections::HashMap,
    sync::{LazyLock, OnceLock},
};

use serde_json::Value;

static LINES: &str = include_str!("../generated/schemas.tsv");

/// By name: the JSON text, and the value once it was needed.
static SCHEMAS: LazyLock<HashMap<&str, (&str, OnceLock<Value>)>> = LazyLock::new(|| {
    let lines = LINES.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(name, json)| (name, (json, OnceLock::new()))).collect()
});

fn named(name: &str) -> Option<&'static Value> {
    let (json, value) = SCHEMAS.get(name)?;
    Some(value.get_or_init(|| serde_json::from_str(json).unwrap_or_default()))
}

/// Everything that the document says about one place: schemas that apply together, references followed.
#[derive(Clone, Default)]
pub(crate) struct View {
    parts: Vec<&'static Value>,
}

impl View {
    pub(crate) fn of(schema: &'static Value) -> Self {
        let mut view = Self::default();
        view.add(schema);
        view
    }

    fn add(&mut self, schema: &'static Value) {
        if self.parts.iter().any(|part| std::ptr::eq(*part, schema)) {
            return;
        }
        if let Some(target) = schema.get("ref").and_then(Value::as_str).and_then(named) {
            self.add(target);
        }
        self.parts.push(schema);
        for part in list(schema, "allOf") {
            self.add(part);
        }
    }

    /// With what the document says about this value in particular: the variant that a discriminator chooses.
    pub(crate) fn about(&self, value: &Value) -> Self {
        let mut view = self.clone();
        for part in &self.parts {
            let Some(discriminator) = part.get("discriminator") else {
                continue;
            };
            let chosen = discriminator
                .get("propertyName")
                .and_then(Value::as_str)
                .and_then(|name| value.get(name)?.as_str())
                .and_then(|chosen| discriminator.get("mapping")?.get(chosen)?.as_str())
                .and_then(named);
            if let Some(variant) = chosen {
                view.add(variant);
            }
        }
        view
    }

    /// The member that distinguishes variants, and the values that it may have.
    pub(crate) fn discriminator(&self) -> Option<(&'static str, Vec<&'static str>)> {
        let discriminator = self.parts.iter().find_map(|part| part.get("discriminator"))?;
        let mapping = discriminator.get("mapping")?.as_object()?;
        let name = discriminator.get("propertyName")?.as_str()?;
        Some((name, mapping.keys().map(String::as_str).collect()))
    }

    /// The members that every variant needs, for an object that does not say which it is.
    pub(crate) fn required_anyway(&self) -> Vec<&'static str> {
        let mappings = self
            .parts
            .iter()
            .filter_map(|part| part.get("discriminator")?.get("mapping")?.as_object());
        let variants = mappings
            .flat_map(|mapping| mapping.values())
            .filter_map(|name| named(name.as_str()?));
        let mut needed: Option<Vec<&'static str>> = None;
        for variant in variants {
            let required = Self::of(variant).required();
            match &mut needed {
                Some(needed) => needed.retain(|name| required.contains(name)),
                None => needed = Some(required),
            }
        }
        needed.unwrap_or_default()
    }

    /// What is said about a member; `None` if nothing is.
    pub(crate) fn member(&self, name: &str) -> Option<Self> {
        let mut view = Self::default();
        for part in &self.parts {
            if let Some(schema) = part.get("properties").and_then(|members| members.get(name)) {
                view.add(schema);
            }
        }
        (!view.parts.is_empty()).then_some(view)
    }

    /// The names of the members that the document knows.
    pub(crate) fn members(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = Vec::new();
        for members in self.parts.iter().filter_map(|part| part.get("properties")?.as_object()) {
            for name in members.keys() {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The members without which the object is not accepted.
    pub(crate) fn required(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = Vec::new();
        for name in self
            .parts
            .iter()
            .flat_map(|part| list(part, "required"))
            .filter_map(Value::as_str)
        {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What is said about the items of a list.
    pub(crate) fn items(&self) -> Option<Self> {
        self.find("items").map(Self::of)
    }

    /// Whether something is noted that is true or false.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part.get(name) == Some(&Value::Bool(true)))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'static str> {
        self.find(name)?.as_str()
    }

    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.find(name)?.as_f64()
    }

    pub(crate) fn initial(&self) -> Option<&'static Value> {
        self.find("default")
    }

    /// The JSON type, if one is said or can only be meant.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        let said = self.text("type");
        said.or_else(|| self.find("properties").map(|_| "object"))
    }

    /// The values of an enumeration; empty if there is none.
    pub(crate) fn values(&self) -> Vec<&'static str> {
        let parts = self.parts.iter().find(|part| part.get("enum").is_some());
        parts
            .into_iter()
            .flat_map(|part| list(part, "enum"))
            .filter_map(Value::as_str)
            .collect()
    }

    /// Whether one of several schemas applies, which this table does not distinguish.
    pub(crate) fn is_open(&self) -> bool {
        self.find("oneOf").or(self.find("anyOf")).is_some()
    }

    fn find(&self, name: &str) -> Option<&'static Value> {
        self.parts.iter().find_map(|part| part.get(name))
    }
}

fn list(schema: &'static Value, name: &str) -> &'static [Value] {
    schema.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
