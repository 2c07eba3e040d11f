//! Arguments of methods and of setters, and how each gets into the call.

use crate::{
    error::{Error, Result},
    ir::{Body, BodyKind, Ir, Operation, Parameter, TypeRef},
    tables::Tables,
};

/// One argument.
pub(in crate::emit) struct Argument {
    pub(in crate::emit) name: String,
    pub(super) ty: String,
    /// The call that puts it into the request.
    pub(super) call: String,
    /// Where the table of requests takes it from.
    pub(in crate::emit) source: String,
}

/// One setter of a builder.
pub(in crate::emit) struct Setter {
    pub(super) doc: Vec<String>,
    pub(in crate::emit) name: String,
    pub(in crate::emit) argument: Argument,
}

/// The type as okta-client writes it.
pub(super) fn render(ir: &Ir, ty: &TypeRef) -> String {
    ty.render("models::", &|name| format!("models::{}", ir.rust_name(name)))
}

/// The arguments of the method: the path, the required ones of the query and the headers, and the body.
pub(in crate::emit) fn positional(ir: &Ir, operation: &Operation) -> Result<Vec<Argument>> {
    let mut arguments = Vec::new();
    for parameter in &operation.path_parameters {
        arguments.push(path(ir, operation, parameter)?);
    }
    for parameter in operation.query.iter().filter(|parameter| parameter.required) {
        arguments.push(query(ir, operation, parameter)?);
    }
    for parameter in operation.headers.iter().filter(|parameter| parameter.required) {
        arguments.push(header(ir, operation, parameter)?);
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        arguments.push(payload(ir, body, &body.rust));
    }
    let mut names = std::collections::BTreeSet::new();
    match arguments.iter().find(|argument| !names.insert(argument.name.as_str())) {
        Some(twice) => Err(Error::document(
            &operation.id,
            format!("two arguments would be called `{}`", twice.name),
        )),
        None => Ok(arguments),
    }
}

/// The setters of the builder: all optional arguments.
pub(in crate::emit) fn setters(ir: &Ir, tables: &Tables, operation: &Operation) -> Result<Vec<Setter>> {
    let mut setters = Vec::new();
    for parameter in operation.query.iter().filter(|parameter| !parameter.required) {
        let doc = super::docs::parameter(ir, "query parameter", parameter);
        setters.push(Setter {
            doc,
            name: parameter.rust.clone(),
            argument: query(ir, operation, parameter)?,
        });
    }
    for parameter in operation.headers.iter().filter(|parameter| !parameter.required) {
        setters.push(match tables.facts.header_lists.get(&parameter.wire) {
            Some(list) => Setter {
                doc: super::docs::header_list(parameter, list),
                name: list.setter.clone(),
                argument: Argument {
                    name: "values".to_owned(),
                    ty: "impl IntoIterator<Item = impl Into<String>>".to_owned(),
                    call: format!(
                        ".header({:?}, format!(\"{}{{}}\", values.into_iter().map(Into::into).collect::<Vec<String>>().join(\",\")))",
                        parameter.wire, list.prefix
                    ),
                    source: format!("header_list({:?}, {:?})", parameter.wire, list.prefix),
                },
            },
            None => {
                let doc = super::docs::parameter(ir, "header", parameter);
                Setter { doc, name: parameter.rust.clone(), argument: header(ir, operation, parameter)? }
            }
        });
    }
    if let Some(body) = operation.body.as_ref().filter(|body| !body.required) {
        let argument = payload(ir, body, "body");
        let doc = vec!["Sets the body, which can be left out.".to_owned()];
        setters.push(Setter {
            doc,
            name: "body".to_owned(),
            argument,
        });
    }
    Ok(setters)
}

fn path(ir: &Ir, operation: &Operation, parameter: &Parameter) -> Result<Argument> {
    let name = parameter.rust.as_str();
    let wire = &parameter.wire;
    let (ty, value) = match &parameter.ty {
        TypeRef::String => ("impl Into<String>".to_owned(), name.to_owned()),
        TypeRef::Named(_) => {
            let ty = render(ir, &parameter.ty);
            (format!("impl Into<{ty}>"), format!("{ty}::as_str(&{name}.into())"))
        }
        other => return Err(unsupported(operation, wire, other)),
    };
    Ok(Argument {
        name: name.to_owned(),
        ty,
        call: format!(".path({wire:?}, {value})"),
        source: format!("path({wire:?})"),
    })
}

fn query(ir: &Ir, operation: &Operation, parameter: &Parameter) -> Result<Argument> {
    let name = parameter.rust.as_str();
    let wire = &parameter.wire;
    let plain = format!(".query({wire:?}, {name})");
    let converted = format!(".query({wire:?}, {name}.into())");
    let expression = format!(".query_expression({wire:?}, {name}.into())");
    let (ty, call, kind) = match &parameter.ty {
        TypeRef::String if parameter.is_expression => (
            "impl Into<models::expression::Expression>".to_owned(),
            expression,
            "text",
        ),
        TypeRef::Bool => ("bool".to_owned(), plain, "boolean"),
        TypeRef::Integer => ("i64".to_owned(), plain, "integer"),
        TypeRef::String => ("impl Into<String>".to_owned(), converted, "text"),
        TypeRef::Named(_) => (format!("impl Into<{}>", render(ir, &parameter.ty)), converted, "text"),
        TypeRef::List(item) if matches!(**item, TypeRef::String | TypeRef::Named(_)) => {
            let item = render(ir, item);
            let values = format!("{name}.into_iter().map(Into::<{item}>::into)");
            let (call, kind) = if parameter.explode {
                (format!(".query_repeat({wire:?}, {values})"), "repeated")
            } else {
                (format!(".query_list({wire:?}, {values}, \",\")"), "list")
            };
            (format!("impl IntoIterator<Item = impl Into<{item}>>"), call, kind)
        }
        other => return Err(unsupported(operation, wire, other)),
    };
    Ok(Argument {
        name: name.to_owned(),
        ty,
        call,
        source: format!("{kind}({wire:?})"),
    })
}

fn header(ir: &Ir, operation: &Operation, parameter: &Parameter) -> Result<Argument> {
    let name = parameter.rust.as_str();
    let wire = &parameter.wire;
    let (ty, call) = match &parameter.ty {
        TypeRef::String => ("impl AsRef<str>".to_owned(), format!(".header({wire:?}, {name})")),
        TypeRef::Named(_) => {
            let ty = render(ir, &parameter.ty);
            (
                format!("impl Into<{ty}>"),
                format!(".header({wire:?}, {ty}::as_str(&{name}.into()))"),
            )
        }
        other => return Err(unsupported(operation, wire, other)),
    };
    Ok(Argument {
        name: name.to_owned(),
        ty,
        call,
        source: format!("header({wire:?})"),
    })
}

/// The body, of any kind.
fn payload(ir: &Ir, body: &Body, name: &str) -> Argument {
    let borrowed = |ty: &str| format!("impl Borrow<{ty}>");
    let (ty, call, source) = match &body.kind {
        BodyKind::Json(ty) | BodyKind::MergePatch(ty) => {
            let is_patch = matches!(body.kind, BodyKind::MergePatch(_));
            let method = if is_patch { "merge_patch" } else { "json" };
            if let (TypeRef::List(item), false) = (ty, is_patch) {
                let item = render(ir, item);
                return Argument {
                    name: name.to_owned(),
                    ty: format!("impl IntoIterator<Item = impl Borrow<{item}>>"),
                    call: format!(".json_list::<{item}, _>({name})"),
                    source: format!("json({})", render(ir, ty)),
                };
            }
            let ty = render(ir, ty);
            (
                borrowed(&ty),
                format!(".{method}({name}.borrow())"),
                format!("json({ty})"),
            )
        }
        BodyKind::Multipart { part } => (
            borrowed("Upload"),
            format!(".multipart({part:?}, {name}.borrow())"),
            "upload()".to_owned(),
        ),
        BodyKind::Certificate => (
            borrowed("Certificate"),
            format!(".certificate({name}.borrow())"),
            "certificate()".to_owned(),
        ),
        BodyKind::Text { media_type } => (
            "impl Into<String>".to_owned(),
            format!(".text({media_type:?}, {name})"),
            "token()".to_owned(),
        ),
    };
    Argument {
        name: name.to_owned(),
        ty,
        call,
        source,
    }
}

fn unsupported(operation: &Operation, wire: &str, ty: &TypeRef) -> Error {
    Error::document(
        format!("{}?{wire}", operation.id),
        format!("a parameter of the type {ty} is not known to the generator"),
    )
}
