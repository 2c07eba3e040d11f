//! The modules of okta-models: one an area, with a file for what is always compiled and files for the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    area_page, features,
    file::{File, MODELS},
    layout::{self, Block, Part},
    lines,
    models::Writer,
    write_pairs::{self, Pairs},
};
use crate::{
    error::{Error, Result},
    ir::{Ir, Type},
    passes::reach::COMMON,
    tables::{Layout, Tables},
    words,
};

/// The files of all types that are written.
pub(super) fn emit(ir: &Ir, pairs: &Pairs<'_>, tables: &Tables, header: &str) -> Result<Vec<File>> {
    let layout = &tables.layout;
    let writer = Writer::new(ir, pairs);
    let types = ir.types.values().filter(|found| found.is_written);
    let areas: BTreeSet<&str> = types.map(|found| found.area.as_str()).collect();
    let unknown = layout.areas().filter(|area| !areas.contains(area));
    Error::all(
        unknown
            .map(|area| Error::table("layout.toml", format!("there is no area `{area}`")))
            .collect(),
    )?;
    let modules: Vec<Module<'_>> = areas
        .into_iter()
        .map(|area| Module::new(ir, area, &writer, layout))
        .collect::<Result<_>>()?;
    let homes: BTreeMap<&str, String> = modules.iter().flat_map(Module::homes).collect();
    let mut files = Vec::new();
    for module in &modules {
        let page = area_page::page(ir, &tables.areas, module.area);
        if module.is_folder() {
            files.push(File {
                path: format!("{MODELS}/{}/mod.rs", module.name),
                text: format!("{header}{page}\n{}", module.content()),
            });
        }
        for part in &module.parts {
            let doc = match module.is_folder() {
                true => lines::inner_doc(std::slice::from_ref(&part.about)),
                false => page.clone(),
            };
            let body: String = part.blocks.iter().map(|block| format!("\n{}", block.text)).collect();
            files.push(File {
                path: module.path(part),
                text: format!(
                    "{header}{doc}\n{}{body}",
                    writer.imports(&module.name, &part.types, &homes)
                ),
            });
        }
    }
    files.push(write_pairs::emit(ir, pairs, &homes, header)?);
    files.push(File {
        path: format!("{MODELS}/mod.rs"),
        text: root(&modules, header),
    });
    Ok(files)
}

/// The file that declares the modules and gives all types a short path.
fn root(modules: &[Module<'_>], header: &str) -> String {
    let gate = |module: &Module<'_>| match module.is_always_compiled() {
        true => String::new(),
        false => features::gate(0, [module.area]),
    };
    let declared = modules
        .iter()
        .map(|module| format!("{}pub mod {};\n", gate(module), module.name));
    let used = modules
        .iter()
        .map(|module| format!("{}#[doc(no_inline)]\npub use {}::*;\n", gate(module), module.name));
    let (declared, used): (String, String) = (declared.collect(), used.collect());
    format!(
        "{header}//! The types of Okta's management API, one module an area.\n\n{declared}\nmod requests;\n\n{used}"
    )
}

/// The module of an area.
struct Module<'a> {
    area: &'a str,
    name: String,
    parts: Vec<ModulePart<'a>>,
}

/// One file of a module; a module without a folder has one.
struct ModulePart<'a> {
    name: String,
    /// The first line of its documentation.
    about: String,
    /// It is compiled without the area's feature.
    is_shared: bool,
    types: Vec<&'a Type>,
    blocks: Vec<Block>,
}

impl<'a> Module<'a> {
    fn new(ir: &'a Ir, area: &'a str, writer: &Writer<'a>, layout: &Layout) -> Result<Self> {
        let types = ir.types_of(area);
        let by_name: BTreeMap<&str, &Type> = types.iter().map(|found| (found.rust.as_str(), *found)).collect();
        let blocks = |is_shared: bool| -> Vec<Block> {
            let types = types.iter().filter(|found| found.is_shared == is_shared);
            types
                .map(|found| Block {
                    name: found.rust.clone(),
                    text: writer.block(found),
                })
                .collect()
        };
        let part = |name: String, about: String, is_shared: bool, blocks: Vec<Block>| ModulePart {
            types: blocks
                .iter()
                .filter_map(|block| by_name.get(block.name.as_str()).copied())
                .collect(),
            name,
            about,
            is_shared,
            blocks,
        };
        let mut parts = Vec::new();
        let shared = blocks(true);
        if !shared.is_empty() {
            let about = format!("Types of the area `{area}` that other areas use too.");
            parts.push(part("shared".to_owned(), about, true, shared));
        }
        if area != COMMON {
            for Part { file, blocks } in layout::split(area, blocks(false), layout)? {
                let (name, about) = match file {
                    Some(file) => (
                        file.name.clone(),
                        format!("Types of the area `{area}`: {}.", file.about),
                    ),
                    None => ("own".to_owned(), format!("Types that only the area `{area}` uses.")),
                };
                parts.push(part(name, about, false, blocks));
            }
        }
        Ok(Self {
            area,
            name: words::snake(area),
            parts,
        })
    }

    fn is_folder(&self) -> bool {
        self.parts.len() > 1
    }

    /// Whether something of it is compiled without the area's feature.
    fn is_always_compiled(&self) -> bool {
        self.parts.iter().any(|part| part.is_shared)
    }

    fn path(&self, part: &ModulePart<'_>) -> String {
        match self.is_folder() {
            true => format!("{MODELS}/{}/{}.rs", self.name, part.name),
            false => format!("{MODELS}/{}.rs", self.name),
        }
    }

    /// The path below `generated` of each type's file.
    fn homes(&self) -> impl Iterator<Item = (&'a str, String)> {
        self.parts.iter().flat_map(|part| {
            let home = match self.is_folder() {
                true => format!("{}::{}", self.name, part.name),
                false => self.name.clone(),
            };
            part.types.iter().map(move |found| (found.rust.as_str(), home.clone()))
        })
    }

    /// The content of a folder's `mod.rs`.
    fn content(&self) -> String {
        let mut parts: Vec<&ModulePart<'_>> = self.parts.iter().collect();
        parts.sort_by(|a, b| a.name.cmp(&b.name));
        // Where the whole module has the gate, its files need none.
        let gate = |part: &ModulePart<'_>| match part.is_shared || !self.is_always_compiled() {
            true => String::new(),
            false => features::gate(0, [self.area]),
        };
        let declared = parts.iter().map(|part| format!("{}mod {};\n", gate(part), part.name));
        let used = parts
            .iter()
            .map(|part| format!("{}pub use {}::*;\n", gate(part), part.name));
        let (declared, used): (String, String) = (declared.collect(), used.collect());
        format!("{declared}\n{used}")
    }
}
