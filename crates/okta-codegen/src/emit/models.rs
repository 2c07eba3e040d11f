//! The types, in the notation of the macros of okta-models.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    grammar::{self, REFERENCE},
    lines,
    names::aliases,
    write_pairs::Pairs,
};
use crate::{
    ir::{Definition, Field, Ir, Type, TypeRef, Union, Variant},
    passes::classify::BASE,
    schema::Origin,
};

/// What is imported from the core of okta-models if a file mentions it.
const CORE: &[&str] = &["Any", "Links", "Map", "OneOrMany", "Timestamp"];

/// Optional members that can have one value only and choose something with it: without them Okta does something else, so `new`
/// does not set them.
const CHOICES: &[&str] = &["enforcementType", "signingAlgorithm", "token_endpoint_auth_method"];

/// Writes types.
pub(super) struct Writer<'a> {
    ir: &'a Ir,
    /// Type → the members that hold it, as `(owner, member)`.
    owners: BTreeMap<&'a str, Vec<(&'a Type, &'a str)>>,
    /// Variant → the members that its unions tell it by, each with the values that mean it, where one union has one.
    tags: BTreeMap<&'a str, BTreeMap<&'a str, BTreeSet<&'a str>>>,
    /// Variant → its unions.
    unions: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Type that is read → the requests that can be made of it, itself not included.
    requests: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(ir: &'a Ir, pairs: &Pairs<'a>) -> Self {
        let mut requests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (request, reads) in pairs {
            for read in reads.iter().filter(|read| *read != request) {
                requests.entry(read).or_default().push(request);
            }
        }
        let mut owners: BTreeMap<&str, Vec<(&Type, &str)>> = BTreeMap::new();
        let mut tags: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
        let mut unions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for found in ir.types.values().filter(|found| found.is_written) {
            match &found.definition {
                Definition::Struct(fields) => {
                    for field in fields {
                        if let Some(name) = field.ty.name() {
                            owners.entry(name).or_default().push((found, &field.wire));
                        }
                    }
                }
                Definition::Union(union) => {
                    for variant in &union.variants {
                        unions.entry(&variant.ty).or_default().insert(&found.rust);
                        if let [value] = variant.values.as_slice() {
                            let tags = tags.entry(&variant.ty).or_default();
                            tags.entry(&union.tag).or_default().insert(value);
                        }
                    }
                }
                Definition::Enum(_) => {}
            }
        }
        Self {
            ir,
            owners,
            tags,
            unions,
            requests,
        }
    }

    /// What a file of the module `own` with these types imports; `homes` has the file of each type.
    pub(super) fn imports(&self, own: &str, types: &[&Type], homes: &BTreeMap<&str, String>) -> String {
        let mut core: BTreeSet<&str> = BTreeSet::new();
        let mut siblings: BTreeSet<String> = BTreeSet::new();
        let here: BTreeSet<&str> = types.iter().map(|found| found.name.as_str()).collect();
        for found in types {
            core.insert(match &found.definition {
                Definition::Struct(_) => "object",
                Definition::Enum(_) => "open_enum",
                Definition::Union(_) => "union",
            });
            for ty in self.types_of(found) {
                let text = ty.render("", &|name| name.to_owned());
                let mentioned = text.split(|c: char| !c.is_ascii_alphanumeric());
                core.extend(mentioned.filter_map(|word| CORE.iter().find(|name| **name == word)));
            }
            found.definition.for_each_name(|name| {
                if !here.contains(name) {
                    siblings.insert(self.ir.rust_name(name));
                }
            });
        }
        let core: Vec<&str> = core.into_iter().collect();
        let mut out = String::new();
        if !siblings.is_empty() {
            let mut by_module: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for name in &siblings {
                let home = homes.get(name.as_str()).map_or("", String::as_str);
                // The files of other modules are private to them.
                let module = match home.split_once("::") {
                    Some((module, _)) if module != own => module,
                    _ => home,
                };
                by_module.entry(module).or_default().push(name);
            }
            let modules: Vec<String> = by_module
                .into_iter()
                .map(|(module, names)| format!("{module}::{{{}}}", names.join(", ")))
                .collect();
            out.push_str(&format!("use crate::generated::{{{}}};\n", modules.join(", ")));
        }
        out.push_str(&format!("use crate::json::{{{}}};\n", core.join(", ")));
        out
    }

    /// The types that the text of a type mentions.
    fn types_of(&self, found: &'a Type) -> Vec<&'a TypeRef> {
        match &found.definition {
            Definition::Struct(fields) => fields.iter().map(|field| &field.ty).collect(),
            Definition::Enum(_) => Vec::new(),
            Definition::Union(union) => self.shared(union).map(|field| &field.ty).collect(),
        }
    }

    fn shared(&self, union: &'a Union) -> impl Iterator<Item = &'a Field> {
        let base = match self.ir.types.get(&union.base).map(|base| &base.definition) {
            Some(Definition::Struct(fields)) => fields.as_slice(),
            _ => &[],
        };
        base.iter().filter(|field| union.shared.contains(&field.wire))
    }

    fn render(&self, ty: &TypeRef) -> String {
        ty.render("", &|name| self.ir.rust_name(name))
    }

    /// The declaration of a type.
    pub(super) fn block(&self, found: &'a Type) -> String {
        let alias = (found.origin == Origin::Component && found.name != found.rust && !found.name.ends_with(BASE))
            .then_some(&found.name);
        let doc = lines::doc(4, &self.type_doc(found)) + &aliases(4, alias);
        match &found.definition {
            Definition::Struct(fields) => self.object(found, fields, &doc),
            Definition::Enum(variants) => open_enum(found, variants, &doc),
            Definition::Union(union) => self.union(found, union, &doc),
        }
    }

    fn object(&self, found: &Type, fields: &[Field], doc: &str) -> String {
        let mut out = format!("object! {{\n{doc}    pub struct {} {{\n", found.rust);
        for field in fields {
            let mut flags = Vec::new();
            if field.read_only {
                flags.push("read_only");
            }
            if field.secret {
                flags.push("secret");
            }
            if field.wire == "id" && field.ty == TypeRef::String {
                flags.push("id");
            }
            let flags = if flags.is_empty() {
                String::new()
            } else {
                format!(" [{}]", flags.join(", "))
            };
            out.push_str(&lines::doc(8, &[field_doc(found, field)]));
            out.push_str(&lines::assignment(
                8,
                &format!("{}: {}", field.rust, self.render(&field.ty)),
                &format!("{:?}{flags}{}", field.wire, self.taken(found, field)),
            ));
        }
        out.push_str("    }\n");
        if found.is_sent {
            out.push_str(&self.request(found, fields));
        }
        out.push_str("}\n");
        out
    }

    /// What the setter of a member takes, if that is not `impl Into<type>`.
    fn taken(&self, found: &Type, field: &Field) -> String {
        if !found.is_sent || field.read_only {
            return String::new();
        }
        let how = match &field.ty {
            TypeRef::Timestamp => "time".to_owned(),
            TypeRef::Any => "any".to_owned(),
            TypeRef::List(item) if **item == TypeRef::Any => "any_list".to_owned(),
            TypeRef::List(item) => format!("list({})", self.render(item)),
            TypeRef::Map(value, false) if **value == TypeRef::Any => "any_map".to_owned(),
            TypeRef::Map(value, false) => format!("map({})", self.render(value)),
            TypeRef::Map(value, true) => format!("map(Option<{}>)", self.render(value)),
            _ => return String::new(),
        };
        format!(" from {how}")
    }

    /// The same as an argument of `new`.
    fn argument(&self, ty: &TypeRef) -> String {
        const ANY: &str = "impl crate::json::IntoAny";
        match ty {
            TypeRef::Timestamp => "impl Into<crate::json::TimeArg>".to_owned(),
            TypeRef::Any => ANY.to_owned(),
            TypeRef::List(item) if **item == TypeRef::Any => format!("impl IntoIterator<Item = {ANY}>"),
            TypeRef::List(item) => format!("impl IntoIterator<Item = impl Into<{}>>", self.render(item)),
            TypeRef::Map(value, false) if **value == TypeRef::Any => {
                format!("impl IntoIterator<Item = (impl Into<String>, {ANY})>")
            }
            TypeRef::Map(value, null_values) => {
                let value = self.render(value);
                let value = if *null_values {
                    format!("Option<{value}>")
                } else {
                    value
                };
                format!("impl IntoIterator<Item = (impl Into<String>, impl Into<{value}>)>")
            }
            other => format!("impl Into<{}>", self.render(other)),
        }
    }

    /// What `new(…)` asks for, and what it sets because the document allows one value only.
    fn request(&self, found: &Type, fields: &[Field]) -> String {
        let tags = self.tags.get(found.name.as_str());
        let mut asked = Vec::new();
        let mut set = Vec::new();
        // A union gives its variant the tag, so a tag alone does not justify a `new()`.
        let mut needs_new = false;
        for field in fields.iter().filter(|field| field.required && !field.read_only) {
            let tag = tags.and_then(|tags| tags.get(field.wire.as_str()));
            let value = match tag.map(|values| values.iter().collect::<Vec<_>>()) {
                Some(values) => match values.as_slice() {
                    [value] => Some(**value),
                    _ => continue,
                },
                None => {
                    needs_new = true;
                    field.constant.as_deref()
                }
            };
            match value {
                Some(value) => set.push(format!("{} = {:?}: {value:?}", field.rust, field.wire)),
                None => asked.push(format!("{}: {}", field.rust, self.argument(&field.ty))),
            }
        }
        let is_choice = |field: &Field| CHOICES.contains(&field.wire.as_str());
        for field in fields.iter().filter(|field| !field.required && !field.read_only) {
            let is_tag = tags.is_some_and(|tags| tags.contains_key(field.wire.as_str()));
            if let Some(value) = field.constant.as_deref().filter(|_| !is_tag && !is_choice(field)) {
                needs_new = true;
                set.push(format!("{} = {:?}: {value:?}", field.rust, field.wire));
            }
        }
        if !needs_new {
            return lines::list(4, "request(", &[], ")", "");
        }
        let set = match set.as_slice() {
            [] => String::new(),
            set => format!(" with {}", set.join(", ")),
        };
        lines::list(4, "request(", &asked, ")", &set)
    }

    fn union(&self, found: &Type, union: &'a Union, doc: &str) -> String {
        let base = self.ir.rust_name(&union.base);
        let mut out = format!(
            "union! {{\n{doc}    pub enum {}: {base} by {:?} {{\n",
            found.rust, union.tag
        );
        for variant in &union.variants {
            let values: Vec<String> = variant.values.iter().map(|value| format!("{value:?}")).collect();
            let named: Vec<String> = variant.values.iter().map(|value| format!("`{value}`")).collect();
            out.push_str(&lines::doc(8, &[format!("{}.", lines::some_of(&named, usize::MAX))]));
            let ty = self.ir.rust_name(&variant.ty);
            out.push_str(&format!("        {}({ty}) = {},\n", variant.rust, values.join(" | ")));
        }
        out.push_str("    }\n");
        let shared: Vec<String> = self
            .shared(union)
            .map(|field| format!("{}: {}", field.rust, self.render(&field.ty)))
            .collect();
        out.push_str(&lines::list(4, "shared { ", &shared, " }", ""));
        out.push_str("}\n");
        out
    }

    /// What the type is, in facts: its schema, and where it is used.
    fn type_doc(&self, found: &Type) -> Vec<String> {
        let schema = found.name.strip_suffix(BASE);
        let what = match (&found.origin, schema) {
            (_, Some(schema)) => {
                let union = self.ir.rust_name(schema);
                return vec![format!(
                    "Members that all variants of [`{union}`](crate::{union}) share."
                )];
            }
            (Origin::Component, None) => format!("Schema `{}`", found.name),
            (Origin::Inline(place), None) => format!("Inline schema `{place}`"),
        };
        let variant_of: Vec<String> = self
            .unions
            .get(found.name.as_str())
            .into_iter()
            .flatten()
            .map(|union| format!("variant of [`{union}`](crate::{union})"))
            .collect();
        let code = |ids: &BTreeSet<String>| -> Vec<String> { ids.iter().map(|id| format!("`{id}`")).collect() };
        let mut uses = variant_of;
        if !found.answer_of.is_empty() {
            uses.push(format!("returned by {}", lines::some_of(&code(&found.answer_of), 3)));
        }
        if !found.body_of.is_empty() {
            uses.push(format!("request body of {}", lines::some_of(&code(&found.body_of), 3)));
        }
        if uses.is_empty() {
            let owners: Vec<String> = self
                .owners
                .get(found.name.as_str())
                .into_iter()
                .flatten()
                .map(|(owner, member)| format!("`{member}` of [`{0}`](crate::{0})", owner.rust))
                .collect();
            if !owners.is_empty() {
                uses.push(format!("member {}", lines::some_of(&owners, 2)));
            }
        }
        let mut facts = uses;
        // What a variant makes is said at its union.
        let is_variant = self.unions.contains_key(found.name.as_str());
        if let Some(requests) = self.requests.get(found.rust.as_str()).filter(|_| !is_variant) {
            let requests: Vec<String> = requests
                .iter()
                .map(|name| format!("[`{name}`](crate::{name})"))
                .collect();
            facts.push(format!("`to_request` makes {} of it", lines::some_of(&requests, 3)));
        }
        facts.extend(found.lifecycle.iter().flat_map(grammar::lifecycle));
        let reference = self.reference(found);
        if facts.is_empty() {
            vec![format!("{what}.{reference}")]
        } else {
            vec![format!("{what}: {}.{reference}", facts.join("; "))]
        }
    }

    /// A link to where Okta's reference describes the operations that use the type, if any does.
    fn reference(&self, found: &Type) -> String {
        let used_by = |id: &String| self.ir.operations.iter().find(|operation| operation.id == *id);
        let mut operations = found.answer_of.iter().chain(&found.body_of).filter_map(used_by);
        operations.next().map_or_else(String::new, |operation| {
            format!(" [Okta's reference]({REFERENCE}/{}/)", operation.tag)
        })
    }
}

fn open_enum(found: &Type, variants: &[Variant], doc: &str) -> String {
    let mut out = format!("open_enum! {{\n{doc}    pub enum {} {{\n", found.rust);
    for variant in variants {
        out.push_str(&lines::doc(
            8,
            &[match &variant.text {
                Some(text) => format!("`{}`: {text}", variant.wire),
                None => format!("`{}`", variant.wire),
            }],
        ));
        out.push_str(&lines::assignment(8, &variant.rust, &format!("{:?}", variant.wire)));
    }
    out.push_str("    }\n}\n");
    out
}

/// The member in JSON and what is noted at it.
fn field_doc(found: &Type, field: &Field) -> String {
    let mut facts = Vec::new();
    if let Some(constant) = &field.constant {
        facts.push(format!("always `{constant}`"));
    }
    match (&field.ty, field.format.as_deref()) {
        (TypeRef::Timestamp, _) => {}
        // Some formats of the document are prose.
        (_, Some(format)) if !format.contains(' ') => facts.push(format!("format `{format}`")),
        _ => {}
    }
    if field.required {
        facts.push(required(found).to_owned());
    }
    if field.read_only {
        facts.push("read-only".to_owned());
    }
    if field.write_only {
        facts.push("write-only".to_owned());
    }
    facts.extend(field.limits.phrases(field.ty.is_number()));
    if let Some(default) = &field.default
        && !default.contains('`')
    {
        facts.push(format!("default `{default}`"));
    }
    if let Some(lifecycle) = &field.lifecycle {
        facts.extend(grammar::lifecycle(lifecycle));
    }
    if field.deprecated {
        facts.push("deprecated".to_owned());
    }
    match (&field.text, facts.is_empty()) {
        (None, true) => format!("`{}`.", field.wire),
        (None, false) => format!("`{}`: {}.", field.wire, facts.join(", ")),
        (Some(text), true) => format!("`{}`: {text}", field.wire),
        (Some(text), false) => format!("`{}` ({}): {text}", field.wire, facts.join(", ")),
    }
}

/// When a required member has to be there.
fn required(found: &Type) -> &'static str {
    let is = |verb: &str| {
        let is = |id: &String| {
            id.strip_prefix(verb)
                .is_some_and(|rest| rest.starts_with(char::is_uppercase))
        };
        found.body_of.iter().filter(|id| is(id)).count()
    };
    let (create, replace) = (is("create"), is("replace"));
    match (found.is_sent, create, replace) {
        (false, ..) => "documented as always present",
        (true, 1.., 0) if create == found.body_of.len() => "required on create",
        (true, 0, 1..) if replace == found.body_of.len() => "required on replace",
        (true, 1.., 1..) if create + replace == found.body_of.len() => "required on create and replace",
        _ => "required",
    }
}
