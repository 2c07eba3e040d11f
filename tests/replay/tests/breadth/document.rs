//! The operations, as the emulator's own table of the document has them, and the golden requests' bodies.

use std::{collections::HashMap, fs, path::PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// One operation.
#[derive(Clone, Deserialize)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<Body>,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Body {
    pub(crate) media_type: String,
}

/// The file with this name, from the root of the repository.
pub(crate) fn file(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

pub(crate) fn operations() -> Vec<Operation> {
    let text = file("crates/okta-emulator/src/generated/operations.jsonl");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The JSON bodies of the golden requests, by operation.
pub(crate) fn golden() -> HashMap<String, Value> {
    let text = file("tests/golden/requests.txt");
    let blocks = text.split("\n\n").filter_map(|block| {
        let mut lines = block.trim().lines();
        let (operation, _) = lines.next()?.split_once(',')?;
        let body = serde_json::from_str(lines.next_back()?).ok()?;
        Some((operation.to_owned(), body))
    });
    blocks.collect()
}
