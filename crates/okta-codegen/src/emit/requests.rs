//! The table that the end-to-end tests build requests by: operation id → method of the client, with where each argument
//! comes from.

use super::{
    file::{File, TESTS},
    operations::{positional, setters},
};
use crate::{error::Result, ir::Ir, tables::Tables, words};

pub(super) fn emit(ir: &Ir, tables: &Tables, header: &str) -> Result<File> {
    let mut rows = String::new();
    for group in ir.groups.iter().filter(|group| group.is_written) {
        for operation in ir.operations.iter().filter(|operation| operation.group == group.name) {
            let arguments: Vec<String> = positional(ir, operation)?
                .into_iter()
                .map(|argument| argument.source)
                .collect();
            let setters: String = setters(ir, tables, operation)?
                .into_iter()
                .map(|setter| format!("\n        .{}({})", setter.name, setter.argument.source))
                .collect();
            rows.push_str(&format!(
                "    {:?} => {}.{}({}){setters},\n",
                operation.id,
                group.name,
                words::identifier(&operation.name),
                arguments.join(", ")
            ));
        }
    }
    Ok(File {
        path: format!("{TESTS}/requests.rs"),
        text: format!("{header}request_table! {{\n{rows}}}\n"),
    })
}
