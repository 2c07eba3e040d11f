//! Links: the document describes every relation of every resource, and is wrong about many. One type that takes what comes
//! replaces them all; the schemas that exist only for links are then reached by nothing.

use crate::{
    operation::RawOperation,
    schema::{Registry, Schema, Shape},
};

/// Members that hold links in every schema.
const MEMBERS: [&str; 2] = ["_links", "_link"];

/// Makes every `_links` member plain links, whatever the document says about it.
pub(crate) fn collapse(registry: &mut Registry, operations: &mut [RawOperation]) {
    for schema in registry
        .schemas_mut()
        .chain(operations.iter_mut().flat_map(RawOperation::schemas_mut))
    {
        collapse_members(schema);
    }
}

fn collapse_members(schema: &mut Schema) {
    if let Shape::Object(object) = &mut schema.shape {
        for (_, member) in object
            .members
            .iter_mut()
            .filter(|(name, _)| MEMBERS.contains(&name.as_str()))
        {
            member.shape = Shape::Links;
            // Okta makes them; no caller has to send them, even if the document says that they are required.
            member.notes.read_only = true;
        }
    }
    schema.for_each_child_mut(collapse_members);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn links_of_every_shape_become_one() {
        let (mut registry, mut operations) = testing::parse(
            "components:
  schemas:
    A: {allOf: [{$ref: '#/components/schemas/B'}, {properties: {_links: {allOf: [{$ref: '#/components/schemas/L'}]}}}]}
    B: {type: object, properties: {_link: {type: object, properties: {x: {type: string}}}, links: {type: string}}}
    L: {type: object, properties: {self: {type: object}}}
",
        );
        collapse(&mut registry, &mut operations);
        assert_eq!(testing::shape(&registry, "A"), "B & {_links: Links [read-only]}");
        assert_eq!(
            testing::shape(&registry, "B"),
            "{_link: Links [read-only], links: String}"
        );
    }
}
