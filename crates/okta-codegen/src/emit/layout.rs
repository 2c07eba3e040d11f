//! Distributing an area's types over files.

use std::collections::BTreeSet;

use super::file::MOST_LINES;
use crate::{
    error::{Error, Result},
    tables::{Layout, LayoutFile},
};

const TABLE: &str = "layout.toml";
/// Lines for the header and the imports of a file.
const HEAD: usize = 60;

/// One piece of the output that stays in one file.
pub(super) struct Block {
    /// The type's name, which blocks are sorted by.
    pub(super) name: String,
    pub(super) text: String,
}

/// The blocks of one file.
pub(super) struct Part<'a> {
    /// Nothing if the area is one file.
    pub(super) file: Option<&'a LayoutFile>,
    pub(super) blocks: Vec<Block>,
}

/// Gives each block to the file that the table names for it.
pub(super) fn split<'a>(area: &'a str, mut blocks: Vec<Block>, layout: &'a Layout) -> Result<Vec<Part<'a>>> {
    blocks.sort_by(|a, b| a.name.cmp(&b.name));
    let mut parts: Vec<Part> = layout
        .files(area)
        .map(|file| Part {
            file: Some(file),
            blocks: Vec::new(),
        })
        .collect();
    if parts.is_empty() {
        parts.push(Part {
            file: None,
            blocks: Vec::new(),
        });
    }
    let mut errors = Vec::new();
    let mut used = BTreeSet::new();
    for block in blocks {
        let fitting = parts.iter_mut().filter_map(|part| match part.file {
            Some(file) => file.fits(&block.name).map(|pattern| (pattern, part)),
            None => Some(("", part)),
        });
        match fitting.max_by_key(|(pattern, _)| pattern.len()) {
            Some((pattern, part)) => {
                used.insert(pattern);
                part.blocks.push(block);
            }
            None => errors.push(Error::table(
                TABLE,
                format!("no file of the area `{area}` takes the type `{}`", block.name),
            )),
        }
    }
    for file in layout.files(area) {
        let unused = file.types.iter().filter(|pattern| !used.contains(pattern.as_str()));
        errors.extend(unused.map(|pattern| {
            let problem = format!(
                "no type of the area `{area}` is written to `{}` for `{pattern}`",
                file.name
            );
            Error::table(TABLE, problem)
        }));
    }
    for part in &parts {
        let lines: usize = part.blocks.iter().map(|block| block.text.lines().count() + 1).sum();
        if lines > MOST_LINES - HEAD {
            let name = part.file.map_or(area, |file| file.name.as_str());
            errors.push(Error::table(
                TABLE,
                format!("the file `{name}` of the area `{area}` would have {lines} lines: divide it"),
            ));
        }
    }
    Error::all(errors)?;
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(name: &str, lines: usize) -> Block {
        Block {
            name: name.to_owned(),
            text: "x\n".repeat(lines - 1),
        }
    }

    fn layout() -> Layout {
        toml::from_str(
            "
[[file]]
area = 'pets'
name = 'cats'
about = 'cats'
types = ['Cat', '*Lives']
[[file]]
area = 'pets'
name = 'pets'
about = 'all others'
types = ['']
",
        )
        .unwrap()
    }

    fn split_names(area: &str, blocks: Vec<Block>) -> Vec<(Option<String>, Vec<String>)> {
        let layout = layout();
        let parts = split(area, blocks, &layout).unwrap();
        parts
            .into_iter()
            .map(|part| {
                let name = part.file.map(|file| file.name.clone());
                (name, part.blocks.into_iter().map(|block| block.name).collect())
            })
            .collect()
    }

    #[test]
    fn an_area_without_files_is_one_file_in_alphabetical_order() {
        assert_eq!(
            split_names("area", vec![block("B", 5), block("A", 5)]),
            [(None, vec!["A".into(), "B".into()])]
        );
    }

    #[test]
    fn the_longest_pattern_decides() {
        let blocks = ["Dog", "CatFood", "NineLives", "Cat"].map(|name| block(name, 5));
        assert_eq!(
            split_names("pets", blocks.into()),
            [
                (
                    Some("cats".into()),
                    vec!["Cat".into(), "CatFood".into(), "NineLives".into()]
                ),
                (Some("pets".into()), vec!["Dog".into()])
            ]
        );
    }

    #[test]
    fn what_fits_nowhere_is_unused_or_too_long_is_an_error() {
        let error = |area: &str, blocks| split(area, blocks, &layout()).err().unwrap().to_string();
        assert!(error("area", vec![block("A", 3_000)]).contains("divide it"));
        assert!(error("pets", vec![block("Dog", 5), block("Cat", 5)]).contains("for `*Lives`"));
        let layout: Layout =
            toml::from_str("[[file]]\narea = 'pets'\nname = 'cats'\nabout = 'x'\ntypes = ['Cat']").unwrap();
        let error = split("pets", vec![block("Dog", 5), block("Cat", 5)], &layout)
            .err()
            .unwrap();
        assert!(error.to_string().contains("takes the type `Dog`"), "{error}");
    }
}
