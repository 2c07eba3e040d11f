//! What has no text in `tables/docs`, as a list for the review: the number an area, then each entry as a table would name it.

use std::collections::BTreeMap;

use super::file::{File, SNAPSHOT};
use crate::ir::{Definition, Ir};

/// The sections of a table.
const SECTIONS: [&str; 4] = ["operations", "parameters", "members", "values"];

/// The entries that an area lacks, by section.
#[derive(Default)]
struct Missing {
    sections: [Vec<String>; 4],
    /// How many entries each section could have.
    all: [usize; 4],
}

impl Missing {
    fn count(&mut self, section: usize, text: Option<&String>, entry: impl FnOnce() -> String) {
        self.all[section] += 1;
        if text.is_none() {
            self.sections[section].push(entry());
        }
    }
}

pub(super) fn emit(ir: &Ir) -> File {
    let missing = missing(ir);
    let mut out = "# What has no text in tables/docs: missing of all, an area.\n\n".to_owned();
    for (area, missing) in &missing {
        let counts: Vec<String> = (0..SECTIONS.len())
            .map(|section| {
                format!(
                    "{} {} of {}",
                    SECTIONS[section],
                    missing.sections[section].len(),
                    missing.all[section]
                )
            })
            .collect();
        out.push_str(&format!("{area}: {}\n", counts.join(", ")));
    }
    for (area, missing) in &missing {
        for (section, entries) in SECTIONS.iter().zip(&missing.sections) {
            if !entries.is_empty() {
                out.push_str(&format!("\n[{area} {section}]\n{}\n", entries.join("\n")));
            }
        }
    }
    File {
        path: format!("{SNAPSHOT}/undocumented.txt"),
        text: out,
    }
}

fn missing(ir: &Ir) -> BTreeMap<&str, Missing> {
    let mut areas: BTreeMap<&str, Missing> = BTreeMap::new();
    let is_written = |name: &str| ir.groups.iter().any(|group| group.name == name && group.is_written);
    for operation in ir.operations.iter().filter(|operation| is_written(&operation.group)) {
        let area = areas.entry(&operation.area).or_default();
        area.count(0, operation.text.as_ref(), || operation.id.clone());
        for parameter in operation.parameters() {
            area.count(1, parameter.text.as_ref(), || {
                format!("{}.{}", operation.id, parameter.wire)
            });
        }
    }
    let mut types: Vec<_> = ir.types.values().filter(|found| found.is_written).collect();
    types.sort_by(|a, b| a.rust.cmp(&b.rust));
    for found in types {
        let area = areas.entry(&found.area).or_default();
        match &found.definition {
            Definition::Struct(fields) => {
                // A member that has one value only says everything by its value.
                for field in fields.iter().filter(|field| field.constant.is_none()) {
                    area.count(2, field.text.as_ref(), || format!("{}.{}", found.rust, field.wire));
                }
            }
            Definition::Enum(variants) => {
                for variant in variants {
                    area.count(3, variant.text.as_ref(), || format!("{}.{}", found.rust, variant.wire));
                }
            }
            Definition::Union(_) => {}
        }
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn every_operation_parameter_and_member_has_a_text_and_nearly_every_value() {
        let Some(ir) = testing::real_ir() else { return };
        let missing = missing(&ir);
        assert_eq!(missing.values().map(|area| area.all[0]).sum::<usize>(), 732);
        for (area, found) in &missing {
            for (section, entries) in SECTIONS.iter().zip(&found.sections).take(3) {
                assert!(entries.is_empty(), "{area}, {section}: {entries:?}");
            }
        }
        // Okta explains these values nowhere.
        let values: usize = missing.values().map(|area| area.sections[3].len()).sum();
        assert!(values <= 15, "{values} values have no text");
    }
}
