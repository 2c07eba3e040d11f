//! The table that the end-to-end tests decode responses by: operation id → builder.

use super::{
    file::{File, TESTS},
    names::builder,
};
use crate::ir::Ir;

pub(super) fn emit(ir: &Ir, header: &str) -> File {
    let mut rows = String::new();
    for group in ir.groups.iter().filter(|group| group.is_written) {
        for operation in ir.operations.iter().filter(|operation| operation.group == group.name) {
            rows.push_str(&format!(
                "    {:?} => okta_client::api::{}::{},\n",
                operation.id,
                group.name,
                builder(&operation.id)
            ));
        }
    }
    File {
        path: format!("{TESTS}/responses.rs"),
        text: format!("{header}operation_table! {{\n{rows}}}\n"),
    }
}
