//! Correcting the document's known faults, before anything else.

use super::{Node, pointer};
use crate::{
    error::{Error, Result},
    tables::{Change, Patch},
};

const TABLE: &str = "patches.toml";

/// Applies all patches in their order; one that does not fit the document any more is an error.
pub(crate) fn apply(document: &mut Node, patches: &[Patch]) -> Result<()> {
    let errors = patches.iter().filter_map(|patch| {
        apply_one(document, patch).err().map(|problem| {
            Error::table(
                TABLE,
                format!("`{}` does not apply any more: {problem} ({})", patch.at, patch.reason),
            )
        })
    });
    Error::all(errors.collect())
}

fn apply_one(document: &mut Node, patch: &Patch) -> Result<(), String> {
    let mut path = pointer::resolve(document, &patch.at).ok_or("there is no such operation")?;
    let last = path.pop().ok_or("it names no place")?;
    let found = pointer::find(document, &path).ok_or("the place around it does not exist")?;
    if let Node::List(items) = found {
        return in_list(items, &last, patch);
    }
    let Node::Map(members) = found else {
        return Err("the place around it holds no members".into());
    };
    match (&patch.change, members.get(&last)) {
        (Change::Add(_), Some(found)) => return Err(format!("it exists already: {found}")),
        (Change::Add(_), None) => {}
        (_, None) => return Err("it does not exist".into()),
        (_, Some(found)) => expect(found, patch)?,
    }
    match &patch.change {
        Change::Add(value) | Change::Replace(value) => {
            members.insert(last, value.clone());
        }
        Change::Remove => {
            members.shift_remove(&last);
        }
        Change::Rename(name) => {
            if members.contains_key(name) {
                return Err(format!("`{name}` exists already"));
            }
            if let Some((index, _, value)) = members.shift_remove_full(&last) {
                members.shift_insert(index, name.clone(), value);
            }
        }
        Change::Append(values) => match members.get_mut(&last) {
            Some(Node::List(items)) => append(items, values)?,
            _ => return Err("it is not a list".into()),
        },
    }
    Ok(())
}

fn in_list(items: &mut Vec<Node>, index: &str, patch: &Patch) -> Result<(), String> {
    let index: usize = index
        .parse()
        .map_err(|_| format!("`{index}` is not an index of a list"))?;
    let item = items.get_mut(index).ok_or("it does not exist")?;
    expect(item, patch)?;
    match &patch.change {
        Change::Replace(value) => *item = value.clone(),
        Change::Remove => {
            items.remove(index);
        }
        Change::Append(values) => match item {
            Node::List(items) => append(items, values)?,
            _ => return Err("it is not a list".into()),
        },
        Change::Add(_) | Change::Rename(_) => return Err("an item of a list can only be replaced or removed".into()),
    }
    Ok(())
}

fn append(items: &mut Vec<Node>, values: &[Node]) -> Result<(), String> {
    for value in values {
        if items.contains(value) {
            return Err(format!("it holds {value} already"));
        }
        items.push(value.clone());
    }
    Ok(())
}

fn expect(found: &Node, patch: &Patch) -> Result<(), String> {
    match &patch.expect {
        Some(expected) if !found.contains(expected) => Err(format!("expected {expected}, found {found}")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::source::parse, *};

    fn document() -> Node {
        parse(
            b"paths:
  /a/{id}: {get: {operationId: getA, responses: {'200': {description: x}}}}
components:
  schemas:
    A: {type: object, properties: {unique: {type: boolean, title: t}, old: {type: string}}}
    B: {type: string, enum: [X]}
",
        )
        .unwrap()
    }

    fn patched(table: &str) -> Result<Node> {
        let mut document = document();
        let patches = crate::tables::parse_patches(table)?;
        apply(&mut document, &patches).map(|()| document)
    }

    #[test]
    fn every_kind_of_change_is_made() {
        let document = patched(
            r#"
            [[patch]]
            at = "schemas/A/properties/unique/type"
            expect = "boolean"
            replace = "string"
            reason = "r"
            [[patch]]
            at = "schemas/A/properties/items"
            add = { type = "array" }
            reason = "r"
            [[patch]]
            at = "schemas/A/properties/old"
            rename = "new"
            reason = "r"
            [[patch]]
            at = "schemas/B/enum"
            append = ["Y"]
            reason = "r"
            [[patch]]
            at = "operations/getA/responses/200"
            remove = true
            expect = { description = "x" }
            reason = "r"
            "#,
        )
        .unwrap();
        assert_eq!(
            document.to_string(),
            "{paths: {/a/{id}: {get: {operationId: \"getA\", responses: {}}}}, components: {schemas: {A: {type: \"object\", \
             properties: {unique: {type: \"string\", title: \"t\"}, new: {type: \"string\"}, items: {type: \"array\"}}}, B: \
             {type: \"string\", enum: [\"X\", \"Y\"]}}}}"
        );
    }

    #[test]
    fn a_patch_that_does_not_fit_any_more_is_an_error() {
        for (patch, problem) in [
            (
                "at = 'schemas/A/properties/unique/type'\nexpect = 'string'\nreplace = 'x'",
                "expected \"string\", found \"boolean\"",
            ),
            ("at = 'schemas/A/properties/gone'\nremove = true", "it does not exist"),
            ("at = 'schemas/A/properties/old'\nadd = {}", "it exists already"),
            ("at = 'schemas/B/enum'\nappend = ['X']", "it holds \"X\" already"),
            (
                "at = 'operations/gone/responses'\nremove = true",
                "there is no such operation",
            ),
        ] {
            let error = patched(&format!("[[patch]]\nreason = 'r'\n{patch}"))
                .unwrap_err()
                .to_string();
            assert!(error.contains(problem) && error.contains("patches.toml"), "{error}");
        }
    }

    #[test]
    fn all_misfits_are_reported_together() {
        let table = "[[patch]]\nreason='r'\nat='schemas/X/y'\nremove=true\n[[patch]]\nreason='r'\nat='schemas/Z/y'\nremove=true\n";
        let error = patched(table).unwrap_err().to_string();
        assert!(
            error.contains("schemas/X/y") && error.contains("schemas/Z/y"),
            "{error}"
        );
    }
}
