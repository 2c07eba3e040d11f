//! Distributing an area's types over files.

use super::file::MOST_LINES;
use crate::error::{Error, Result};

/// Room for the header and the imports of a file.
const HEAD: usize = 60;

/// One piece of the output that stays in one file.
pub(super) struct Block {
    /// What it is sorted by.
    pub(super) name: String,
    pub(super) text: String,
}

/// The blocks of one file.
pub(super) struct Part {
    /// Nothing if the area needs one file only, else the initials that the file holds: `a_to_f`.
    pub(super) name: Option<String>,
    pub(super) blocks: Vec<Block>,
}

/// Splits blocks into as few files as their lines allow; names with the same initial stay together.
pub(super) fn split(area: &str, mut blocks: Vec<Block>) -> Result<Vec<Part>> {
    blocks.sort_by(|a, b| a.name.cmp(&b.name));
    let room = MOST_LINES - HEAD;
    if blocks.iter().map(lines).sum::<usize>() <= room {
        return Ok(vec![Part { name: None, blocks }]);
    }
    let mut parts: Vec<Vec<Block>> = Vec::new();
    for same_initial in by_initial(blocks) {
        let more: usize = same_initial.iter().map(lines).sum();
        if more > room {
            let initial = same_initial.first().map(initial).unwrap_or_default();
            return Err(Error::document(
                area,
                format!("the types that start with `{initial}` do not fit into one file"),
            ));
        }
        match parts.last_mut() {
            Some(part) if part.iter().map(lines).sum::<usize>() + more <= room => part.extend(same_initial),
            _ => parts.push(same_initial),
        }
    }
    Ok(parts
        .into_iter()
        .map(|blocks| Part {
            name: Some(range(&blocks)),
            blocks,
        })
        .collect())
}

fn lines(block: &Block) -> usize {
    block.text.lines().count() + 1
}

fn initial(block: &Block) -> String {
    block.name.chars().take(1).collect::<String>().to_lowercase()
}

fn by_initial(blocks: Vec<Block>) -> Vec<Vec<Block>> {
    let mut runs: Vec<Vec<Block>> = Vec::new();
    for block in blocks {
        match runs.last_mut() {
            Some(run) if run.last().map(initial) == Some(initial(&block)) => run.push(block),
            _ => runs.push(vec![block]),
        }
    }
    runs
}

fn range(blocks: &[Block]) -> String {
    let first = blocks.first().map(initial).unwrap_or_default();
    let last = blocks.last().map(initial).unwrap_or_default();
    if first == last {
        first
    } else {
        format!("{first}_to_{last}")
    }
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

    fn split_names(blocks: Vec<Block>) -> Vec<(Option<String>, Vec<String>)> {
        let parts = split("area", blocks).unwrap();
        parts
            .into_iter()
            .map(|part| (part.name, part.blocks.into_iter().map(|block| block.name).collect()))
            .collect()
    }

    #[test]
    fn a_small_area_is_one_file_in_alphabetical_order() {
        assert_eq!(
            split_names(vec![block("B", 5), block("A", 5)]),
            [(None, vec!["A".into(), "B".into()])]
        );
    }

    #[test]
    fn a_large_area_is_split_between_initials() {
        let blocks = vec![
            block("A", 1_500),
            block("Ab", 1_000),
            block("B", 1_000),
            block("C", 1_000),
        ];
        assert_eq!(
            split_names(blocks),
            [
                (Some("a".into()), vec!["A".into(), "Ab".into()]),
                (Some("b_to_c".into()), vec!["B".into(), "C".into()])
            ]
        );
    }

    #[test]
    fn what_cannot_be_split_is_an_error() {
        assert!(split("area", vec![block("A", 1_500), block("Ab", 1_500)]).is_err());
    }
}
