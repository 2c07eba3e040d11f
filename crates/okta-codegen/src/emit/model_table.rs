//! The table that the tests of all types go through: type, its members, which of them are secret.

use super::file::{File, TESTS};
use crate::ir::{Definition, Ir, Type};

pub(super) fn emit(ir: &Ir, header: &str) -> File {
    let rows: String = ir.types.values().filter(|found| found.is_written).map(row).collect();
    File {
        path: format!("{TESTS}/models.rs"),
        text: format!("{header}model_table! {{\n{rows}}}\n"),
    }
}

fn row(found: &Type) -> String {
    let (mut shown, mut secret) = (Vec::new(), Vec::new());
    match &found.definition {
        Definition::Struct(fields) => {
            for field in fields {
                let list = if field.secret { &mut secret } else { &mut shown };
                list.push(format!("{:?}", field.wire));
            }
        }
        // Their content is tested as separate types.
        Definition::Union(union) => shown.push(format!("{:?}", union.tag)),
        Definition::Enum(_) => {}
    }
    format!("    {} [{}] [{}]\n", found.rust, shown.join(", "), secret.join(", "))
}
