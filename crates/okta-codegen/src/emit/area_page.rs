//! The page of an area in okta-models: what it is, its feature, and the types that operations take and return.

use std::collections::BTreeSet;

use super::lines;
use crate::{
    ir::{Ir, Type},
    passes::reach::COMMON,
    tables::Areas,
    words,
};

/// How many groups a cell of the table names.
const MOST_GROUPS: usize = 4;

/// The documentation of an area's module.
pub(super) fn page(ir: &Ir, areas: &Areas, area: &str) -> String {
    let about = areas.find(area).map_or_else(String::new, |area| area.about.clone());
    let types = ir.types_of(area);
    let mut page = lines::inner_doc(&[about, compiled(area, &types), groups(ir, area), others(ir, area)]);
    let rows: String = types.iter().filter_map(|found| row(ir, found)).collect();
    if !rows.is_empty() {
        page.push_str("//!\n//! What operations take and return; the other types are members of these.\n//!\n");
        page.push_str(&format!(
            "//! | Type | Returned by | Request body of |\n//! |---|---|---|\n{rows}"
        ));
    }
    page
}

/// With which feature the types are compiled.
fn compiled(area: &str, types: &[&Type]) -> String {
    let shared = types.iter().filter(|found| found.is_shared).count();
    let own = types.len() - shared;
    match (area, shared) {
        (COMMON, _) => format!("These {} are always compiled.", counted(shared)),
        (_, 0) => format!("The feature `{area}` compiles these {}.", counted(own)),
        _ => format!(
            "The feature `{area}` compiles {} of this module; the other {} are always compiled, because several areas use them.",
            counted(own),
            shared,
        ),
    }
}

fn counted(types: usize) -> String {
    match types {
        1 => "one type".to_owned(),
        _ => format!("{types} types"),
    }
}

/// Where okta-client has the operations.
fn groups(ir: &Ir, area: &str) -> String {
    let groups: Vec<String> = ir.groups_of(area).map(|group| format!("`{}`", group.name)).collect();
    match groups.len() {
        0 => String::new(),
        1 => format!("The operations are in the group {} of okta-client.", groups.concat()),
        _ => format!(
            "The operations are in the groups {} of okta-client.",
            lines::some_of(&groups, usize::MAX)
        ),
    }
}

/// Types of other modules that the operations take and return.
fn others(ir: &Ir, area: &str) -> String {
    let operations = ir.operations.iter().filter(|operation| operation.area == area);
    let types: BTreeSet<(&str, &str)> = operations
        .flat_map(|operation| operation.names())
        .filter_map(|name| ir.types.get(name))
        .filter(|found| found.area != area)
        .map(|found| (found.area.as_str(), found.rust.as_str()))
        .collect();
    let links: Vec<String> = types
        .into_iter()
        .map(|(area, name)| format!("[`{0}::{name}`](crate::{0}::{name})", words::snake(area)))
        .collect();
    match links.is_empty() {
        true => String::new(),
        false => format!("They also take or return {}.", lines::some_of(&links, usize::MAX)),
    }
}

/// A row of the table, for a type that operations take or return.
fn row(ir: &Ir, found: &Type) -> Option<String> {
    if found.answer_of.is_empty() && found.body_of.is_empty() {
        return None;
    }
    let cell = |ids: &BTreeSet<String>| {
        let operations = ir.operations.iter().filter(|operation| ids.contains(&operation.id));
        let groups: BTreeSet<String> = operations.map(|operation| format!("`{}`", operation.group)).collect();
        lines::some_of(&groups.into_iter().collect::<Vec<_>>(), MOST_GROUPS)
    };
    Some(format!(
        "//! | [`{}`] | {} | {} |\n",
        found.rust,
        cell(&found.answer_of),
        cell(&found.body_of)
    ))
}
