//! From the document to the intermediate representation: one pass a file, in the order they run.
//!
//! | pass | what it does |
//! |---|---|
//! | [`links`] | `_links` and the schemas that exist only for them become one type |
//! | [`wrappers`] | `allOf` that only adds notes to a reference becomes that reference |
//! | [`hoist`] | inline schemas get names |
//! | [`flatten`] | `allOf` becomes one object |
//! | [`merge`] | unions whose variants cannot be distinguished become one object, or any JSON |
//! | [`classify`] | schemas become structs, enums, unions; aliases disappear |
//! | [`operations`] | parameters, bodies, responses, paging, facts |
//! | [`deduplicate`] | inline types of one structure become one type |
//! | [`methods`] | operation ids become groups and methods |
//! | [`naming`] | Rust names, and the secrets |
//! | [`reach`] | which areas a type belongs to, what is sent, what is written |
//! | [`areas`] | which areas need which, as features |
//! | [`texts`] | what the tables say about operations, parameters, members and values |

pub(crate) mod areas;
pub(crate) mod classify;
pub(crate) mod deduplicate;
pub(crate) mod flatten;
pub(crate) mod hoist;
pub(crate) mod links;
pub(crate) mod merge;
pub(crate) mod methods;
pub(crate) mod naming;
pub(crate) mod operations;
pub(crate) mod reach;
pub(crate) mod texts;
pub(crate) mod wrappers;

use crate::{
    document::Node,
    error::{Error, Result},
    ir::Ir,
    operation, schema,
    tables::Tables,
};

/// Runs all passes over a corrected document.
pub(crate) fn run(document: &Node, tables: &Tables) -> Result<Ir> {
    let mut registry = schemas(document)?;
    let mut raw = operation::parse(document)?;
    links::collapse(&mut registry, &mut raw);
    wrappers::unwrap(&mut registry, &mut raw);
    let mut used = hoist::hoist(&mut registry, &mut raw, &tables.names)?;
    flatten::flatten(&mut registry)?;
    used.extend(merge::merge(&mut registry, &tables.unions, &tables.names)?);
    hoist::report_unused(&registry, &tables.names, &used)?;
    let mut ir = Ir {
        types: classify::classify(&registry)?,
        ..Ir::default()
    };
    operations::add(&mut ir, &registry, &raw, tables)?;
    deduplicate::deduplicate(&mut ir, &tables.names);
    reach::prune(&mut ir, &tables.spec)?;
    methods::name(&mut ir, &tables.names)?;
    naming::name(&mut ir, tables)?;
    reach::assign(&mut ir, tables)?;
    areas::assign(&mut ir, &tables.areas)?;
    texts::assign(&mut ir, &tables.docs)?;
    Ok(ir)
}

fn schemas(document: &Node) -> Result<schema::Registry> {
    let schemas = document
        .get("components")
        .and_then(|components| components.get("schemas"))
        .and_then(Node::as_map);
    let schemas = schemas.ok_or_else(|| Error::document("#", "`components/schemas` is missing"))?;
    let mut registry = schema::Registry::default();
    for (name, node) in schemas {
        registry.insert(name.clone(), schema::parse(node, name)?, schema::Origin::Component);
    }
    Ok(registry)
}
