//! One constant an OAuth 2.0 scope.

use std::collections::BTreeMap;

use super::{
    file::{CLIENT, File},
    lines,
};
use crate::{ir::Ir, words};

pub(super) fn emit(ir: &Ir, header: &str) -> File {
    let mut scopes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for operation in &ir.operations {
        for scope in &operation.scopes {
            scopes.entry(scope).or_default().push(format!("`{}`", operation.id));
        }
    }
    let constants: String = scopes
        .iter()
        .map(|(scope, operations)| {
            let doc = lines::doc(0, &[format!("`{scope}`, for {}.", lines::some_of(operations, 3))]);
            format!("{doc}pub const {}: &str = {scope:?};\n", constant(scope))
        })
        .collect();
    let all: Vec<String> = scopes.keys().map(|scope| constant(scope)).collect();
    let all = lines::list(0, "pub const ALL: &[&str] = &[", &all, "]", ";");
    File {
        path: format!("{CLIENT}/scopes.rs"),
        text: format!(
            "{header}//! The OAuth 2.0 scopes that the operations of Okta's management API ask for.\n\n{constants}\n\
             /// All of them.\n{all}"
        ),
    }
}

/// `okta.agentPools.read` → `AGENT_POOLS_READ`.
fn constant(scope: &str) -> String {
    words::snake(scope.strip_prefix("okta.").unwrap_or(scope)).to_uppercase()
}
