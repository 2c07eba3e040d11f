//! Which types that are read can be made into which requests, derived from the operations.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    features,
    file::{File, MODELS, TESTS},
};
use crate::{
    error::{Error, Result},
    ir::{Definition, Ir, Response, Type},
    words,
};

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

/// The implementations of okta-models, one module a feature, with the home of each type.
pub(super) fn emit(ir: &Ir, pairs: &Pairs<'_>, homes: &BTreeMap<&str, String>, header: &str) -> Result<File> {
    let by_rust: BTreeMap<&str, &Type> = ir.types.values().map(|found| (found.rust.as_str(), found)).collect();
    let own_area = |name: &str| {
        by_rust
            .get(name)
            .filter(|found| !found.is_shared)
            .map(|found| found.area.as_str())
    };
    let mut by_area: BTreeMap<Option<&str>, Vec<(&str, &BTreeSet<&str>)>> = BTreeMap::new();
    let mut errors = Vec::new();
    for (request, reads) in pairs {
        let areas: BTreeSet<&str> = reads
            .iter()
            .chain([request])
            .filter_map(|name| own_area(name))
            .collect();
        if areas.len() > 1 {
            let problem = format!("`{request}` is made of types of several areas: {areas:?}");
            errors.push(Error::table("areas.toml", problem));
        }
        by_area
            .entry(areas.first().copied())
            .or_default()
            .push((request, reads));
    }
    Error::all(errors)?;
    let modules: String = by_area
        .into_iter()
        .map(|(area, rows)| module(&by_rust, area, &rows, homes))
        .collect();
    Ok(File {
        path: format!("{MODELS}/requests.rs"),
        text: format!(
            "{header}//! Which requests can be made of which types that are read, by the feature that has them.\n{modules}"
        ),
    })
}

fn module(
    by_rust: &BTreeMap<&str, &Type>,
    area: Option<&str>,
    rows: &[(&str, &BTreeSet<&str>)],
    homes: &BTreeMap<&str, String>,
) -> String {
    let mut imports: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in rows.iter().flat_map(|(request, reads)| reads.iter().chain([request])) {
        let home = homes.get(name).map_or("", String::as_str);
        // The files of an area are private to it.
        let module = home.split("::").next().unwrap_or_default();
        imports.entry(module).or_default().insert(name);
    }
    let imports: String = imports
        .into_iter()
        .map(|(module, names)| {
            let names: Vec<&str> = names.into_iter().collect();
            format!("    use crate::generated::{module}::{{{}}};\n", names.join(", "))
        })
        .collect();
    let rows: String = rows
        .iter()
        .map(|(request, reads)| {
            let is_union = by_rust
                .get(request)
                .is_some_and(|found| matches!(found.definition, Definition::Union(_)));
            let kind = if is_union { "union" } else { "object" };
            let reads: Vec<&str> = reads.iter().copied().collect();
            format!("        {kind} {request}: {};\n", reads.join(" "))
        })
        .collect();
    let (gate, name) = match area {
        Some(area) => (features::gate(0, [area]), words::snake(area)),
        None => (String::new(), "shared".to_owned()),
    };
    format!("\n{gate}mod {name} {{\n{imports}    use crate::json::requests;\n\n    requests! {{\n{rows}    }}\n}}\n")
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
