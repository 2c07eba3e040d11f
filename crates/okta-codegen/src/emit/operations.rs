//! The operations, in the notation of the macros of okta-client: one file a group.

mod arguments;
mod base_paths;
mod docs;
mod page;

use std::collections::BTreeSet;

use super::{
    elsewhere, features,
    file::{CLIENT, File, MOST_LINES},
    lines,
    names::{aliases, builder, constant, handle},
};
pub(super) use arguments::{positional, setters};

use crate::{
    error::{Error, Result},
    ir::{Authorization, BodyKind, Group, Ir, Operation, Response, TypeRef},
    schema::Lifecycle,
    tables::{Idempotency, Tables},
    words,
};

/// The files of all groups that are written.
pub(super) fn emit(ir: &Ir, tables: &Tables, header: &str) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    let groups: Vec<&Group> = ir.groups.iter().filter(|group| group.is_written).collect();
    errors.extend(examples_that_do_not_fit(&groups, tables));
    for group in &groups {
        let operations: Vec<&Operation> = ir
            .operations
            .iter()
            .filter(|operation| operation.group == group.name)
            .collect();
        match (Writer {
            ir,
            tables,
            group,
            operations,
        })
        .file(header)
        {
            Ok(file) => files.push(file),
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors)?;
    files.push(File {
        path: format!("{CLIENT}/mod.rs"),
        text: module(ir, &groups, header),
    });
    Ok(files)
}

/// Groups without an example, and examples without a group. A table without examples is one of a test.
fn examples_that_do_not_fit(groups: &[&Group], tables: &Tables) -> Vec<Error> {
    let examples = &tables.examples;
    let missing = groups
        .iter()
        .filter(|group| !examples.is_empty() && !examples.contains_key(&group.name))
        .map(|group| (&group.name, "the group has no example: write this file"));
    let stale = examples
        .keys()
        .filter(|name| groups.iter().all(|group| group.name != **name))
        .map(|name| (name, "there is no such group: rename or delete this file"));
    missing
        .chain(stale)
        .map(|(name, problem)| Error::table(format!("examples/{name}.rs"), problem))
        .collect()
}

fn module(ir: &Ir, groups: &[&Group], header: &str) -> String {
    let mut names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    names.sort_unstable();
    let area = |name: &str| {
        groups
            .iter()
            .find(|group| group.name == name)
            .map(|group| group.area.as_str())
    };
    let declarations: String = [names.as_slice(), &["scopes"]]
        .concat()
        .iter()
        .map(|name| format!("{}pub mod {name};\n", features::gate(0, area(name))))
        .collect();
    let uses: String = names
        .iter()
        .map(|name| format!("{}pub use {name}::{};\n", features::gate(0, area(name)), handle(name)))
        .collect();
    let all: String = groups
        .iter()
        .map(|group| format!("{}    {}::ALL,\n", features::gate(4, [group.area.as_str()]), group.name))
        .collect();
    let index = page::index(ir, groups);
    format!(
        "{header}{index}\nuse okta_transport::Operation;\n\n{declarations}\n{uses}\n\
         /// All operations that have a builder, one list a group.\npub(crate) static ALL: &[&[&Operation]] = &[\n{all}];\n"
    )
}

struct Writer<'a> {
    ir: &'a Ir,
    tables: &'a Tables,
    group: &'a Group,
    operations: Vec<&'a Operation>,
}

impl Writer<'_> {
    fn file(&self, header: &str) -> Result<File> {
        let handle = handle(&self.group.name);
        let mut methods = String::new();
        let mut builders = String::new();
        let mut errors = Vec::new();
        for operation in &self.operations {
            match (self.method(operation), self.builder(operation)) {
                (Ok(method), Ok(builder)) => {
                    methods.push_str(&method);
                    builders.push_str(&builder);
                }
                (method, builder) => errors.extend([method.err(), builder.err()].into_iter().flatten().take(1)),
            }
        }
        Error::all(errors)?;
        let doc = lines::doc(4, &docs::group(self.group, &self.operations));
        let aliases = aliases(4, self.group.tags.iter().filter(|tag| **tag != handle));
        let all: String = self
            .operations
            .iter()
            .map(|operation| format!("{}    &{},\n", gate(4, operation), constant(&operation.id)))
            .collect();
        let body = format!(
            "group! {{\n{doc}{aliases}    pub struct {handle} = {},\n        {:?};\n}}\n\nimpl {handle} {{{methods}}}\n{builders}\n\
             /// The operations of the group.\npub(crate) static ALL: &[&Operation] = &[\n{all}];\n",
            self.group.name, self.group.about
        );
        let example = self.tables.examples.get(&self.group.name).map(String::as_str);
        let page = page::module(self.ir, self.group, &self.operations, example);
        let imports = self.imports(&body);
        let text = format!("{header}{page}\n{imports}\n{body}");
        let lines = text.lines().count();
        if lines > MOST_LINES {
            return Err(Error::document(
                &self.group.name,
                format!("its file would have {lines} lines: split the group in names.toml"),
            ));
        }
        Ok(File {
            path: format!("{CLIENT}/{}.rs", self.group.name),
            text,
        })
    }

    fn imports(&self, body: &str) -> String {
        let mut call = BTreeSet::from(["call", "group"]);
        let (mut request, mut response) = (BTreeSet::new(), BTreeSet::new());
        for operation in &self.operations {
            response.extend(match operation.response {
                Response::Empty => Some("Empty"),
                Response::Json(_) => Some("Json"),
                Response::Optional(_) => Some("Optional"),
                Response::Text { .. } => Some("Text"),
                // The macro knows lists by their name.
                Response::List { .. } => None,
            });
            if operation.answers_as.is_some() {
                call.insert("Call");
                response.insert("Text");
            }
            request.extend(match operation.body.as_ref().map(|body| &body.kind) {
                Some(BodyKind::Multipart { .. }) => Some("Upload"),
                Some(BodyKind::Certificate) => Some("Certificate"),
                _ => None,
            });
        }
        let mut out = String::new();
        if body.contains("Borrow<") {
            out.push_str("use std::borrow::Borrow;\n\n");
        }
        out.push_str("use http::Method;\n");
        if body.contains("models::") {
            out.push_str("use okta_models as models;\n");
        }
        out.push_str(if body.contains("OperationAuthorization::") {
            "use okta_transport::{Operation, OperationAuthorization};\n"
        } else {
            "use okta_transport::Operation;\n"
        });
        let modules = [("call", call), ("request", request), ("response", response)];
        let modules: Vec<String> = modules
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(module, names)| format!("{module}::{{{}}}", names.into_iter().collect::<Vec<_>>().join(", ")))
            .collect();
        match &*modules {
            [one] => out.push_str(&format!("\nuse crate::{one};\n")),
            several => out.push_str(&format!("\nuse crate::{{{}}};\n", several.join(", "))),
        }
        out
    }

    /// The method of the handle.
    fn method(&self, operation: &Operation) -> Result<String> {
        let doc = lines::doc(4, &docs::method(self.ir, operation, self.tables));
        let deprecated = if operation.deprecated {
            "    #[deprecated = \"Okta has announced its end\"]\n"
        } else {
            ""
        };
        let arguments = positional(self.ir, operation)?;
        let parameters: String = arguments
            .iter()
            .map(|argument| format!(", {}: {}", argument.name, argument.ty))
            .collect();
        let mut calls: String = arguments.iter().map(|argument| argument.call.as_str()).collect();
        if let Response::Text { media_type } = &operation.response {
            calls.push_str(&format!(".accept({media_type:?})"));
        }
        let builder = builder(&operation.id);
        let gate = gate(4, operation);
        let python = elsewhere::python_name(&self.tables.elsewhere, &operation.id)
            .filter(|name| *name != operation.name && *name != operation.id);
        let others = std::iter::once(&operation.id).chain(&python).chain(&operation.scopes);
        Ok(format!(
            "\n{doc}{}{deprecated}{gate}    pub fn {}(&self{parameters}) -> {builder} {{\n        \
             {builder}(self.call(&{}){calls})\n    }}\n",
            aliases(4, others),
            words::identifier(&operation.name),
            constant(&operation.id),
        ))
    }

    /// The builder with its setters, and the operation's static.
    fn builder(&self, operation: &Operation) -> Result<String> {
        let builder = builder(&operation.id);
        let handle = handle(&self.group.name);
        let answer = self.answer(operation);
        let doc = lines::doc(
            4,
            &[format!(
                "Request of [`{handle}::{}`] (`{}`).",
                operation.name, operation.id
            )],
        );
        let constant = constant(&operation.id);
        let gate = gate(0, operation);
        // rustdoc does not see the condition of a macro's call on what the macro declares.
        let shown = match features::condition(operation.needs.iter().map(String::as_str)) {
            Some(condition) => format!("    #[cfg_attr(docsrs, doc(cfg({condition})))]\n"),
            None => String::new(),
        };
        let mut out = format!("\n{gate}call! {{\n{doc}{shown}    pub struct {builder} = {constant} -> {answer};\n}}\n");
        let setters = setters(self.ir, self.tables, operation)?;
        let other_form = operation.answers_as.as_deref().map(other_form).unwrap_or_default();
        if !setters.is_empty() || !other_form.is_empty() {
            let setters: String = setters
                .iter()
                .map(|setter| {
                    let doc = lines::doc(4, &setter.doc);
                    format!(
                        "{doc}    pub fn {}(self, {}: {}) -> Self {{\n        Self(self.0{})\n    }}\n",
                        setter.name, setter.argument.name, setter.argument.ty, setter.argument.call
                    )
                })
                .collect();
            out.push_str(&format!("\n{gate}impl {builder} {{\n{setters}{other_form}}}\n"));
        }
        out.push_str(&format!("\n{gate}{}", operation_static(operation, &constant)));
        Ok(out)
    }

    fn answer(&self, operation: &Operation) -> String {
        let render = |ty: &TypeRef| arguments::render(self.ir, ty);
        match &operation.response {
            Response::Empty => "Empty".to_owned(),
            Response::Text { .. } => "Text".to_owned(),
            Response::Json(ty) => format!("Json<{}>", render(ty)),
            Response::Optional(ty) => format!("Optional<{}>", render(ty)),
            Response::List { item, .. } => format!("List<{}>", render(item)),
        }
    }
}

/// The attribute of an operation that takes or returns another area's types.
fn gate(indent: usize, operation: &Operation) -> String {
    features::gate(indent, operation.needs.iter().map(String::as_str))
}

/// The method of a builder that asks for the response as text of this media type.
fn other_form(media_type: &str) -> String {
    let name = words::words(media_type.rsplit('/').next().unwrap_or_default()).join("_");
    format!(
        "    /// Asks for the response as `{media_type}` instead of JSON.\n    pub fn {}(self) -> Call<Text> {{\n        \
         self.0.text_as({media_type:?})\n    }}\n",
        words::identifier(&name)
    )
}

fn operation_static(operation: &Operation, constant: &str) -> String {
    let mut facts = format!(".tag({:?})", operation.tag);
    if !operation.scopes.is_empty() {
        let scopes: Vec<String> = operation.scopes.iter().map(|scope| format!("{scope:?}")).collect();
        facts.push_str(&format!(".scopes(&[{}])", scopes.join(", ")));
    }
    match operation.authorization {
        Authorization::ApiTokenOrOAuth => {}
        Authorization::ApiToken => facts.push_str(".authorization(OperationAuthorization::ApiToken)"),
        Authorization::OAuth => facts.push_str(".authorization(OperationAuthorization::OAuth)"),
        Authorization::None => facts.push_str(".authorization(OperationAuthorization::None)"),
    }
    if let Response::List { items_at, .. } = &operation.response
        && !items_at.is_empty()
    {
        facts.push_str(&format!(".items_at(&{items_at:?})"));
    }
    match operation.idempotency {
        Idempotency::Safe if operation.method == "GET" => {}
        Idempotency::Safe => facts.push_str(".safe()"),
        Idempotency::Idempotent => facts.push_str(".idempotent()"),
        Idempotency::NotIdempotent => facts.push_str(".not_idempotent()"),
    }
    for (is, call) in [
        (operation.polls, ".polls()"),
        (operation.deprecated, ".deprecated()"),
        (
            operation
                .lifecycle
                .as_ref()
                .is_some_and(Lifecycle::is_of_identity_engine),
            ".identity_engine()",
        ),
    ] {
        if is {
            facts.push_str(call);
        }
    }
    format!(
        "pub(crate) static {constant}: Operation = Operation::new({:?}, Method::{}, {:?}){facts};\n",
        operation.id, operation.method, operation.path
    )
}
