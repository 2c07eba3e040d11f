//! The operations beside their names in Okta's own SDKs: a table of the guide.

use std::collections::BTreeMap;

use super::{
    file::{File, GUIDE},
    grammar,
    names::handle,
};
use crate::{
    error::{Error, Result},
    ir::{Group, Ir, Operation},
    tables::{Elsewhere, Sdk},
    words,
};

pub(super) fn emit(ir: &Ir, elsewhere: &Elsewhere) -> Result<File> {
    check(ir, elsewhere)?;
    let mut areas: BTreeMap<&str, Vec<(&Group, &Operation)>> = BTreeMap::new();
    for group in ir.groups.iter().filter(|group| group.is_written) {
        let operations = ir.operations.iter().filter(|operation| operation.group == group.name);
        areas
            .entry(&group.area)
            .or_default()
            .extend(operations.map(|operation| (group, operation)));
    }
    let mut text = String::new();
    for (area, operations) in areas {
        let title: Vec<String> = area.split('-').map(grammar::spelled).collect();
        text.push_str(&format!("\n## {}\n\n", words::capitalised(&title.join(" "))));
        text.push_str(&format!(
            "| here | Python {} | Go {} | Node {} |\n|---|---|---|---|\n",
            elsewhere.python.version, elsewhere.go.version, elsewhere.node.version
        ));
        for (group, operation) in operations {
            let cell = |sdk: &Sdk, name: String| match name_in(sdk, &operation.id, name) {
                None => "–".to_owned(),
                Some(name) => format!("`{name}`"),
            };
            text.push_str(&format!(
                "| [`{0}().{1}`](crate::api::{0}::{2}::{1}) | {3} | {4} | {5} |\n",
                group.name,
                operation.name,
                handle(&group.name),
                cell(&elsewhere.python, python(&operation.id)),
                cell(&elsewhere.go, go(operation)),
                cell(&elsewhere.node, operation.id.clone()),
            ));
        }
    }
    Ok(File {
        path: format!("{GUIDE}/operations_elsewhere.md"),
        text: text.trim_start().to_owned(),
    })
}

/// An entry of the table that names no operation is stale.
fn check(ir: &Ir, elsewhere: &Elsewhere) -> Result<()> {
    let known = |id: &String| ir.operations.iter().any(|operation| operation.id == *id);
    let stale = elsewhere.sdks().into_iter().flat_map(|(language, sdk)| {
        let entries = sdk.absent.iter().chain(sdk.names.keys());
        entries
            .filter(|id| !known(id))
            .map(move |id| Error::table("elsewhere.toml", format!("{language}: there is no operation `{id}`")))
    });
    Error::all(stale.collect())
}

/// The operation's name in this SDK, by its table or as the rule gives it; `None` if the SDK does not have it.
fn name_in(sdk: &Sdk, id: &str, by_rule: String) -> Option<String> {
    (!sdk.absent.contains(id)).then(|| sdk.names.get(id).cloned().unwrap_or(by_rule))
}

/// The operation's name in Python. Searches find the names in Go and Node by the operation's id, as case does not matter.
pub(super) fn python_name(elsewhere: &Elsewhere, id: &str) -> Option<String> {
    name_in(&elsewhere.python, id, python(id))
}

/// `getOAuth2Client` → `get_o_auth2_client`: a word begins at each upper case letter that follows a lower case one or a digit, and
/// at the last of several.
fn python(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    let mut name = String::new();
    for (position, letter) in letters.iter().enumerate() {
        if letter.is_ascii_uppercase() && position > 0 {
            let before = letters[position - 1];
            let is_followed_by_lower = letters.get(position + 1).is_some_and(char::is_ascii_lowercase);
            if !before.is_ascii_uppercase() || is_followed_by_lower {
                name.push('_');
            }
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn go(operation: &Operation) -> String {
    let upper = |text: &str| {
        text.split(|letter: char| !letter.is_ascii_alphanumeric())
            .map(words::capitalised)
            .collect::<String>()
    };
    format!("{}API.{}", upper(&operation.tag), words::capitalised(&operation.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn the_names_are_those_of_the_packages() {
        for (id, name) in [
            ("listUsers", "list_users"),
            ("getOAuth2TokenForApplication", "get_o_auth2_token_for_application"),
            (
                "previewSAMLmetadataForApplication",
                "preview_sam_lmetadata_for_application",
            ),
        ] {
            assert_eq!(python(id), name);
        }
    }

    #[test]
    fn every_operation_is_in_the_table_once() {
        let Some(ir) = testing::real_ir() else { return };
        let table = emit(&ir, &crate::tables::Tables::load().unwrap().elsewhere)
            .unwrap()
            .text;
        for operation in &ir.operations {
            let call = format!("[`{}().{}`]", operation.group, operation.name);
            assert_eq!(table.matches(&call).count(), 1, "{call}");
        }
        assert!(
            table.contains("| `list_users` | `UserAPI.ListUsers` | `listUsers` |"),
            "{table}"
        );
    }
}
