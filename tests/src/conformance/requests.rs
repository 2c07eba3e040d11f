//! Requests: built through the operation's typed builder from what was recorded, and compared with it.
//!
//! Paths are the same where their segments are, each percent-decoded: `ann@example.com` and `ann%40example.com` address the
//! same resource (RFC 3986 section 2.4), `a/b` and `a%2Fb` do not. Queries are the same where they hold the same pairs,
//! decoded, each as often; `+` is a space. Bodies are the same where their JSON is: the order of members does not count,
//! numbers are compared by value, and a `null` counts as what it is. Forms are the same where their parts are. Content
//! types are compared where both have a body; a charset and a boundary do not count.

use std::collections::BTreeMap;

use okta_client::{Body, OktaClient};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{category::Category, report::Report};
use crate::{
    arguments::{Arguments, Built, Content, Missing},
    compare::exact_differences,
    corpus::{Exchange, Payload},
    multipart, requests,
};

pub(super) fn check(okta: &OktaClient, exchange: &Exchange, report: &mut Report) {
    let mut categories = Vec::new();
    let problems = compare(okta, exchange, &mut categories);
    for (category, detail) in categories {
        report.category(category, exchange, detail);
    }
    if let Some(problems) = problems {
        report.operations.insert(exchange.operation_id().to_owned());
        report.outcome(exchange, "requests", problems);
    }
}

type Categories = Vec<(Category, String)>;

/// The differences; none if nothing could be built.
fn compare(okta: &OktaClient, exchange: &Exchange, categories: &mut Categories) -> Option<Vec<String>> {
    let mut arguments = Arguments {
        path: exchange.path_parameters(),
        query: exchange.query(),
        body: content(exchange),
        headers: exchange.request_headers(),
    };
    let Some(mut built) = requests::build(okta, exchange.operation_id(), &arguments) else {
        let address = format!("{} {}", exchange.method(), exchange.url_path());
        categories.push((Category::NoOperation, address));
        return None;
    };
    // Arguments are taken in order, the query's before the body: one is noted as missing at a time.
    while let Some(name) = missing_query(&built) {
        categories.push((Category::MissingQuery, name.to_owned()));
        built = with_query_stand_in(okta, exchange, &mut arguments, name)?;
    }
    if let Some(category) = without_body(exchange, &arguments, &built) {
        categories.push((category, String::new()));
        arguments.body = None;
        // Without a stand-in, it is not the body that prevents it.
        built = with_stand_in(okta, exchange, &arguments).unwrap_or(built);
    }
    categories.extend(inexpressible(exchange, &arguments, &built));
    if categories.iter().any(|(category, _)| category.prevents_building()) {
        return None;
    }
    Some(match &built.request {
        Ok(request) => differences(exchange, &arguments, &built, request, categories),
        Err(problem) => vec![problem.clone()],
    })
}

/// Why there is no body to be sent, where the operation needs one.
fn without_body(exchange: &Exchange, arguments: &Arguments, built: &Built) -> Option<Category> {
    if built.missing.contains(&Missing::Body) {
        return Some(if exchange.lacks_request_body() {
            Category::BodyNotRecorded
        } else {
            Category::MissingBody
        });
    }
    let is_refused = built.request.is_err() && built.missing.is_empty();
    match &arguments.body {
        Some(Content::Bytes { content_type, bytes }) if is_refused && is_json(content_type) => {
            serde_json::from_slice::<Value>(bytes)
                .is_err()
                .then_some(Category::NoJson)
        }
        Some(_) if is_refused && exchange.kind() != "recorded" => Some(Category::HandWrittenBody),
        _ => None,
    }
}

/// The recorded body. The recorder's second copy of the query does not count.
fn content(exchange: &Exchange) -> Option<Content> {
    let content_type = exchange.request_header("content-type").unwrap_or_default();
    match exchange.request_body()? {
        Payload::Json(body) => Some(Content::Json(body)),
        Payload::Bytes(bytes) => Some(Content::Bytes {
            content_type: content_type.to_owned(),
            bytes,
        }),
        Payload::Form(pairs) if counted(pairs.clone()) == counted(exchange.query()) => None,
        Payload::Form(pairs) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            Some(Content::Bytes {
                content_type: "application/x-www-form-urlencoded".to_owned(),
                bytes: form.extend_pairs(pairs).finish().into(),
            })
        }
    }
}

/// The request with some body or other that the operation takes, so that the rest of it can be compared.
fn with_stand_in(okta: &OktaClient, exchange: &Exchange, arguments: &Arguments) -> Option<Built> {
    let form = "--X\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n\r\n--X--\r\n";
    let bytes = |content_type: &str| Content::Bytes {
        content_type: content_type.to_owned(),
        bytes: form.into(),
    };
    let stand_ins = [
        Content::Json(json!({})),
        Content::Json(json!([])),
        bytes("multipart/form-data; boundary=X"),
        bytes("application/x-pem-file"),
    ];
    stand_ins.into_iter().find_map(|body| {
        let arguments = Arguments {
            body: Some(body),
            ..arguments.clone()
        };
        requests::build(okta, exchange.operation_id(), &arguments).filter(|built| built.request.is_ok())
    })
}

fn missing_query(built: &Built) -> Option<&'static str> {
    built.missing.iter().find_map(|missing| match missing {
        Missing::Query(name) => Some(*name),
        _ => None,
    })
}

/// The request with some value or other for a parameter of the query, which counts as recorded from then on.
fn with_query_stand_in(
    okta: &OktaClient,
    exchange: &Exchange,
    arguments: &mut Arguments,
    name: &'static str,
) -> Option<Built> {
    ["true", "1"].into_iter().find_map(|value| {
        let mut tried = arguments.clone();
        tried.query.push((name.to_owned(), value.to_owned()));
        let built = requests::build(okta, exchange.operation_id(), &tried)?;
        let is_taken = !built.missing.contains(&Missing::Query(name));
        is_taken.then(|| {
            *arguments = tried;
            built
        })
    })
}

/// What the document cannot express of a request.
fn inexpressible(exchange: &Exchange, arguments: &Arguments, built: &Built) -> Categories {
    let mut found = Vec::new();
    let mut count = |category, detail: &str| found.push((category, detail.to_owned()));
    if exchange.url_path().contains('{') {
        count(Category::TemplatePath, "");
    }
    if exchange.url_path().ends_with('/') {
        count(Category::TrailingSlash, "");
    }
    for missing in &built.missing {
        if let Missing::Path(name) = missing {
            count(Category::MissingPath, name);
        }
    }
    if built.request.is_err()
        && arguments
            .path
            .values()
            .any(|value| matches!(value.as_str(), "" | "." | ".."))
    {
        count(Category::RefusedPath, "");
    }
    for (name, _) in &built.undeclared_query {
        count(Category::UndeclaredQuery, name);
    }
    for (name, value) in &built.odd_query {
        count(Category::OddQuery, &format!("{name}={value}"));
    }
    if built.undeclared_body {
        let is_empty = arguments.body == Some(Content::Json(json!({})));
        count(Category::UndeclaredBody, if is_empty { "{}" } else { "" });
    }
    found
}

/// How the request differs from the recorded one.
fn differences(
    exchange: &Exchange,
    arguments: &Arguments,
    built: &Built,
    request: &http::Request<Body>,
    categories: &mut Categories,
) -> Vec<String> {
    let mut problems = Vec::new();
    if request.method() != exchange.method() {
        problems.push(format!(
            "the method was {} and is {}",
            exchange.method(),
            request.method()
        ));
    }
    let recorded = own_path(exchange, categories);
    if recorded != segments(request.uri().path()) {
        problems.push(format!(
            "the path was {} and is {}",
            exchange.url_path(),
            request.uri().path()
        ));
    }
    let query = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let query = counted(query.into_owned().collect());
    let recorded = counted(arguments.query.clone());
    if recorded != query {
        problems.push(format!("the query was {recorded:?} and is {query:?}"));
    }
    for name in &built.headers {
        let (was, is) = (&arguments.headers[name], header(request, name));
        if *was != is {
            problems.push(format!("the header {name} was {was} and is {is}"));
        }
    }
    let bytes = request.body().as_bytes().map_or(&[][..], |bytes| bytes);
    match &arguments.body {
        // That of a stand-in is not compared.
        _ if categories.iter().any(|(category, _)| is_without_body(*category)) => {}
        None if bytes.is_empty() => {}
        None => problems.push("a body is added".to_owned()),
        Some(body) => {
            problems.extend(body_differences(body, &header(request, "content-type"), bytes));
            let (was, is) = (exchange.request_header("content-type"), header(request, "content-type"));
            if let Some(was) = was
                && essence(was) != essence(&is)
            {
                categories.push((Category::UndeclaredType, format!("{was} instead of {is}")));
            }
        }
    }
    problems
}

fn is_without_body(category: Category) -> bool {
    matches!(
        category,
        Category::UndeclaredBody
            | Category::MissingBody
            | Category::BodyNotRecorded
            | Category::NoJson
            | Category::HandWrittenBody
    )
}

/// The segments of the recorded path. Fixed ones that are not the operation's are replaced by the operation's.
fn own_path(exchange: &Exchange, categories: &mut Categories) -> Vec<Vec<u8>> {
    let path = exchange.url_path();
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    let mut path = segments(path);
    let operation = okta_client::operations().by_id(exchange.operation_id());
    let template: Vec<&str> = operation
        .map_or("", |operation| operation.path_template)
        .split('/')
        .collect();
    if template.len() != path.len() {
        return path;
    }
    for (segment, expected) in path.iter_mut().zip(template) {
        if !expected.starts_with('{') && segment != expected.as_bytes() {
            categories.push((Category::ForeignPath, expected.to_owned()));
            *segment = expected.as_bytes().to_vec();
        }
    }
    path
}

fn body_differences(recorded: &Content, content_type: &str, bytes: &[u8]) -> Vec<String> {
    let different = match recorded {
        Content::Json(recorded) => match serde_json::from_slice(bytes) {
            Ok(body) => return exact_differences(recorded, &body),
            Err(error) => return vec![format!("the body is not valid JSON: {error}")],
        },
        Content::Bytes {
            content_type: was,
            bytes: recorded,
        } => match multipart::parts(was, recorded) {
            Some(recorded) => multipart::parts(content_type, bytes) != Some(recorded),
            None => match (serde_json::from_slice(recorded), serde_json::from_slice(bytes)) {
                (Ok(recorded), Ok(body)) => return exact_differences(&recorded, &body),
                _ => recorded != bytes,
            },
        },
    };
    if different {
        vec!["the body is another one".to_owned()]
    } else {
        Vec::new()
    }
}

/// The segments of a path, decoded.
fn segments(path: &str) -> Vec<Vec<u8>> {
    path.split('/')
        .map(|segment| percent_decode_str(segment).collect())
        .collect()
}

/// How often each pair occurs.
fn counted(pairs: Vec<(String, String)>) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for pair in pairs {
        *counts.entry(pair).or_default() += 1;
    }
    counts
}

fn header(request: &http::Request<Body>, name: &str) -> String {
    let value = request.headers().get(name);
    value
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default()
}

fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence == "application/json" || essence.ends_with("+json")
}

/// A content type without its parameters.
fn essence(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
