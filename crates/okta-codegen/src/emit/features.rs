//! The features of okta-models and okta-client: one an area. They are written into the blocks of the manifests and the READMEs,
//! so that these cannot say anything else than the code.

use super::lines;
use crate::{
    ir::{Area, Ir},
    words,
};

/// A part of a file that is written by hand otherwise: what is between the lines with `begin NAME` and `end NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// The attribute of what is compiled only with all of these areas.
pub(super) fn gate<'a>(indent: usize, areas: impl IntoIterator<Item = &'a str>) -> String {
    match condition(areas) {
        Some(condition) => format!("{}#[cfg({condition})]\n", " ".repeat(indent)),
        None => String::new(),
    }
}

/// The condition of `cfg` for all of these areas.
pub(super) fn condition<'a>(areas: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let areas: Vec<String> = areas.into_iter().map(|area| format!("feature = {area:?}")).collect();
    match &*areas {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(format!("all({})", areas.join(", "))),
    }
}

/// The blocks of both crates.
pub(crate) fn blocks(ir: &Ir) -> Vec<Block> {
    let block = |path, text| Block {
        path,
        name: "areas",
        text,
    };
    vec![
        block("crates/okta-models/Cargo.toml", manifest(ir, |_| None)),
        block(
            "crates/okta-client/Cargo.toml",
            manifest(ir, |area| Some(format!("okta-models/{}", area.name))),
        ),
        block("crates/okta-models/README.md", models_table(ir)),
        block("crates/okta-client/README.md", client_table(ir)),
    ]
}

fn manifest(ir: &Ir, also: impl Fn(&Area) -> Option<String>) -> String {
    let quoted = |names: Vec<String>| -> String {
        let names: Vec<String> = names.into_iter().map(|name| format!("{name:?}")).collect();
        names.join(", ")
    };
    let all: String = ir.areas.iter().map(|area| format!("    {:?},\n", area.name)).collect();
    let areas: String = ir
        .areas
        .iter()
        .map(|area| {
            let needs = area.needs.iter().cloned().chain(also(area)).collect();
            format!("## {}\n{} = [{}]\n", area.about, area.name, quoted(needs))
        })
        .collect();
    format!("## All areas of the API.\nall-areas = [\n{all}]\n{areas}")
}

/// How many types only this area compiles.
fn own_types(ir: &Ir, area: &Area) -> usize {
    ir.types_of(&area.name)
        .into_iter()
        .filter(|found| !found.is_shared)
        .count()
}

fn models_table(ir: &Ir) -> String {
    let shared = ir
        .types
        .values()
        .filter(|found| found.is_written && found.is_shared)
        .count();
    let rows: String = ir
        .areas
        .iter()
        .map(|area| {
            let module = words::snake(&area.name);
            format!(
                "| `{}` | [`{module}`] | {} | {} |\n",
                area.name,
                own_types(ir, area),
                area.about
            )
        })
        .collect();
    format!(
        "\n| Feature | Module | Types | |\n|---|---|---|---|\n{rows}\n{shared} types that several areas use, `User` and `Group` among \
         them, are always compiled.\n\n"
    )
}

fn client_table(ir: &Ir) -> String {
    let rows: String = ir
        .areas
        .iter()
        .map(|area| {
            let groups: Vec<String> = ir
                .groups_of(&area.name)
                .map(|group| format!("`{}`", group.name))
                .collect();
            let operations = ir
                .operations
                .iter()
                .filter(|operation| operation.area == area.name)
                .count();
            let (feature, types) = (&area.name, own_types(ir, area));
            format!("| `{feature}` | {} | {operations} | {types} |\n", groups.join(", "))
        })
        .collect();
    let needing = ir.operations.iter().filter(|operation| !operation.needs.is_empty());
    let needing: Vec<String> = needing
        .map(|operation| {
            let needs: Vec<String> = operation.needs.iter().map(|need| format!("`{need}`")).collect();
            format!("`{}().{}` ({})", operation.group, operation.name, needs.join(", "))
        })
        .collect();
    let needing = lines::some_of(&needing, usize::MAX);
    format!(
        "\n| Feature | Groups of operations | Operations | Types |\n|---|---|---|---|\n{rows}\nAn operation that returns another \
         area's types needs the feature of that area too: {needing}.\n\n"
    )
}
