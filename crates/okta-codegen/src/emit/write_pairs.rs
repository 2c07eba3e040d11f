//! Which types that are read can be made into which requests, derived from the operations.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{File, MODELS, TESTS};
use crate::ir::{Definition, Ir, Response, Type};

/// Request → the types that it is made of; both by their names in Rust.
pub(super) type Pairs<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// What the operations of one resource read and write.
#[derive(Default)]
struct Resource<'a> {
    /// Returned by a `GET`.
    read: BTreeSet<&'a str>,
    /// Returned by the operations that write it.
    returned: BTreeSet<&'a str>,
    written: BTreeSet<&'a str>,
}

/// Connects the types of each resource: of what its path, or that of its collection, returns and takes.
///
/// Types without a common member are not connected: `POST` to a collection may take something else than its items.
pub(super) fn pairs(ir: &Ir) -> Pairs<'_> {
    let mut resources: BTreeMap<&str, Resource<'_>> = BTreeMap::new();
    for operation in &ir.operations {
        let resource = resources.entry(collection(&operation.path)).or_default();
        if let Response::Json(ty) | Response::Optional(ty) | Response::List { item: ty, .. } = &operation.response {
            let types = match operation.method.as_str() {
                "GET" => &mut resource.read,
                _ => &mut resource.returned,
            };
            types.extend(ty.name());
        }
        resource.written.extend(operation.body_type().and_then(|ty| ty.name()));
    }
    let mut pairs = Pairs::new();
    for resource in resources.values().filter(|resource| !resource.read.is_empty()) {
        for (read, written) in resource
            .read
            .union(&resource.returned)
            .flat_map(|read| resource.written.iter().map(move |written| (*read, *written)))
            .filter_map(|(read, written)| Some((object(ir, read)?, object(ir, written)?)))
            .filter(|(read, written)| !writable(ir, read).is_disjoint(&writable(ir, written)))
        {
            let reads = pairs.entry(written.rust.as_str()).or_default();
            reads.insert(&read.rust);
            if let Definition::Union(union) = &read.definition {
                let variants = union.variants.iter().filter_map(|variant| object(ir, &variant.ty));
                reads.extend(variants.map(|variant| variant.rust.as_str()));
            }
        }
    }
    pairs
}

/// The path without the id of one item.
fn collection(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((collection, item)) if item.starts_with('{') => collection,
        _ => path,
    }
}

/// A type with members that is written out.
fn object<'a>(ir: &'a Ir, name: &str) -> Option<&'a Type> {
    let found = ir.types.get(name)?;
    let has_members = !matches!(found.definition, Definition::Enum(_));
    (found.is_written && has_members).then_some(found)
}

/// The members of a type, or of its variants, that can be written.
fn writable<'a>(ir: &'a Ir, found: &'a Type) -> BTreeSet<&'a str> {
    match &found.definition {
        Definition::Struct(fields) => {
            let writable = fields.iter().filter(|field| !field.read_only && field.wire != "_links");
            writable.map(|field| field.wire.as_str()).collect()
        }
        Definition::Enum(_) => BTreeSet::new(),
        Definition::Union(union) => {
            let variants = union.variants.iter().filter_map(|variant| object(ir, &variant.ty));
            variants.flat_map(|variant| writable(ir, variant)).collect()
        }
    }
}

/// The implementations of okta-models, with the home of each type.
pub(super) fn emit(ir: &Ir, pairs: &Pairs<'_>, homes: &BTreeMap<&str, String>, header: &str) -> File {
    let names: BTreeSet<&str> = pairs
        .iter()
        .flat_map(|(request, reads)| reads.iter().chain([request]).copied())
        .collect();
    let mut by_area: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        let home = homes.get(name).map_or("", String::as_str);
        // The files of an area are private to it.
        let area = home.split("::").next().unwrap_or_default();
        by_area.entry(area).or_default().push(name);
    }
    let areas: Vec<String> = by_area
        .into_iter()
        .map(|(area, names)| format!("{area}::{{{}}}", names.join(", ")))
        .collect();
    let unions: BTreeSet<&str> = ir
        .types
        .values()
        .filter(|found| matches!(found.definition, Definition::Union(_)))
        .map(|found| found.rust.as_str())
        .collect();
    let rows: String = pairs
        .iter()
        .map(|(request, reads)| {
            let kind = if unions.contains(request) { "union" } else { "object" };
            let reads: Vec<&str> = reads.iter().copied().collect();
            format!("    {kind} {request}: {};\n", reads.join(" "))
        })
        .collect();
    File {
        path: format!("{MODELS}/requests.rs"),
        text: format!(
            "{header}//! Which requests can be made of which types that are read.\n\nuse crate::generated::{{{}}};\nuse \
             crate::json::requests;\n\nrequests! {{\n{rows}}}\n",
            areas.join(", ")
        ),
    }
}

/// The same for the end-to-end tests.
pub(super) fn emit_test_table(pairs: &Pairs<'_>, header: &str) -> File {
    let rows: String = pairs
        .iter()
        .flat_map(|(request, reads)| reads.iter().map(move |read| format!("    {read} => {request},\n")))
        .collect();
    File {
        path: format!("{TESTS}/write_pairs.rs"),
        text: format!("{header}write_pair_table! {{\n{rows}}}\n"),
    }
}
