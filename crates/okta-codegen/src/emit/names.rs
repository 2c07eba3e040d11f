//! Names in Rust that follow from those of operations and groups, and `doc(alias)` for the document's own.

use crate::words;

/// The builder of an operation.
pub(super) fn builder(id: &str) -> String {
    words::camel(id)
}

/// The static of an operation.
pub(super) fn constant(id: &str) -> String {
    words::words(id).join("_").to_uppercase()
}

/// The handle of a group.
pub(super) fn handle(group: &str) -> String {
    words::camel(group)
}

/// Other names that the search of the documentation finds an item by.
pub(super) fn aliases<'a>(indent: usize, names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("{name:?}")).collect();
    match &names[..] {
        [] => String::new(),
        [name] => format!("{}#[doc(alias = {name})]\n", " ".repeat(indent)),
        _ => format!("{}#[doc(alias({}))]\n", " ".repeat(indent), names.join(", ")),
    }
}
