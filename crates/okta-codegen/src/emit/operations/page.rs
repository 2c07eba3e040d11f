//! The pages of the groups, and the index that leads to them: made of facts and of the line `names.toml` has for each.

use std::collections::BTreeMap;

use super::{super::names::handle, arguments, base_paths::base_paths};
use crate::{
    emit::{grammar, lines},
    ir::{Authorization, Group, Ir, Operation, Response, TypeRef},
    words,
};

/// The page of a group: its purpose, its paths, a table of its operations, and an example.
pub(super) fn module(ir: &Ir, group: &Group, operations: &[&Operation], example: Option<&str>) -> String {
    let reach = format!(
        "[`OktaClient::{0}`](crate::OktaClient::{0}) gives [`{1}`], which has {2} under {3}.",
        group.name,
        handle(&group.name),
        counted(operations.len()),
        base_paths(operations),
    );
    let mut page = lines::inner_doc(&[group.about.clone(), reach]);
    page.push_str("//!\n//! | Method | Request | Scope | Answer |\n//! |---|---|---|---|\n");
    for operation in operations {
        let mut notes = String::new();
        if operation.deprecated {
            notes.push_str(" (deprecated)");
        }
        for area in &operation.needs {
            notes.push_str(&format!(" (feature `{area}`)"));
        }
        page.push_str(&format!(
            "//! | [`{0}`]({1}::{0}) | `{2} {3}`{4} | {5} | {6} |\n",
            operation.name,
            handle(&group.name),
            operation.method,
            operation.path,
            notes,
            authorization(operation),
            answer(ir, &operation.response),
        ));
    }
    page.push_str(&example.map(self::example).unwrap_or_default());
    page
}

/// The example of a group, which rustdoc compiles and runs on an org in memory.
fn example(code: &str) -> String {
    let shown = code
        .lines()
        .map(|line| format!("//! {line}").trim_end().to_owned() + "\n");
    format!(
        "//!\n//! # Example\n//!\n//! ```\n\
         //! # use okta_client::prelude::*;\n\
         //! # #[tokio::main(flavor = \"current_thread\")]\n\
         //! # async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
         //! # let org = okta_emulator::Emulator::builder().users(3).build()?;\n\
         //! # let okta = OktaClient::builder().org_url(org.org_url()).api_token(org.token()).service(org).build()?;\n\
         {}//! # Ok(())\n//! # }}\n//! ```\n",
        shown.collect::<String>()
    )
}

/// The index of all groups, by area.
pub(super) fn index(ir: &Ir, groups: &[&Group]) -> String {
    let mut areas: BTreeMap<&str, Vec<&Group>> = BTreeMap::new();
    for group in groups {
        areas.entry(&group.area).or_default().push(group);
    }
    let mut index = lines::inner_doc(&[
        "The operations of Okta's management API: one module a group, with a table of its operations.".to_owned(),
        "[`OktaClient`](crate::OktaClient) has a method of the same name for each module. To find an operation by \
         Okta's operationId (`listUsers`) or by its scope, use the search of these pages, or in a program \
         [`operations`](crate::operations). The scopes are constants in [`scopes`]."
            .to_owned(),
        "Each area is a feature of this crate, and all are enabled by default.".to_owned(),
    ]);
    for (area, groups) in areas {
        let title: Vec<String> = area.split('-').map(grammar::spelled).collect();
        index.push_str(&format!(
            "//!\n//! ## {}\n//!\n//! Feature `{area}`.\n//!\n",
            words::capitalised(&title.join(" "))
        ));
        for group in groups {
            let operations = ir.operations.iter().filter(|operation| operation.group == group.name);
            index.push_str(&format!(
                "//! - [`{}`]: {} {}.\n",
                group.name,
                group.about,
                words::capitalised(&counted(operations.count()))
            ));
        }
    }
    index
}

fn counted(operations: usize) -> String {
    match operations {
        1 => "one operation".to_owned(),
        _ => format!("{operations} operations"),
    }
}

fn authorization(operation: &Operation) -> String {
    let scopes: Vec<String> = operation.scopes.iter().map(|scope| format!("`{scope}`")).collect();
    match operation.authorization {
        Authorization::None => "no credentials".to_owned(),
        Authorization::ApiToken => "API token only".to_owned(),
        Authorization::OAuth | Authorization::ApiTokenOrOAuth => scopes.join(", "),
    }
}

fn answer(ir: &Ir, response: &Response) -> String {
    match response {
        Response::Empty => "nothing".to_owned(),
        Response::Text { .. } => "text".to_owned(),
        Response::Json(ty) => model(ir, ty),
        Response::Optional(ty) => format!("{} or nothing", model(ir, ty)),
        Response::List { item, .. } => format!("pages of {}", model(ir, item)),
    }
}

/// A type, with a link if there is a page for it.
fn model(ir: &Ir, ty: &TypeRef) -> String {
    let shown = arguments::render(ir, ty).replace("models::", "");
    match (ty, ty.name()) {
        (TypeRef::Any, _) => "any JSON".to_owned(),
        (_, Some(name)) => format!("[`{shown}`](okta_models::{})", ir.rust_name(name)),
        (_, None) => format!("`{shown}`"),
    }
}
