//! All 732 requests, as the typed builders make them where every argument is given.

use std::fmt::Write;

use http::Request;
use okta_client::{Body, BoxError, OktaClient, OrgUrl};
use okta_tests::{
    golden,
    requests::build,
    snapshot::{Operation, Types, operations},
};

const OPERATIONS: &str = include_str!("../../crates/okta-codegen/snapshot/operations.txt");
const TYPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/okta-codegen/snapshot/types");

/// The types of all areas.
pub(crate) fn types() -> String {
    let mut files: Vec<_> = std::fs::read_dir(TYPES)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

#[test]
fn every_operation_makes_the_request_it_made_before() {
    let unused = tower::service_fn(|_: Request<Body>| async {
        Err::<http::Response<Body>, _>(BoxError::from("nothing is sent here"))
    });
    let okta = OktaClient::from_service(OrgUrl::parse("https://test.okta.com").unwrap(), unused);
    let types = types();
    let types = Types::read(&types);
    let mut operations = operations(OPERATIONS);
    operations.sort_by_key(|operation| operation.id);
    assert_eq!(operations.len(), okta_client::operations().len());
    let mut text = String::from(
        "# Every operation's request with every argument given. OKTA_UPDATE_GOLDEN=1 cargo test -p okta-tests rewrites it.\n",
    );
    for operation in &operations {
        let (request, arguments) = (request(&okta, operation, &types), operation.arguments.len());
        write!(text, "\n{}, arguments: {arguments}\n{}", operation.id, shown(&request)).unwrap();
    }
    assert_eq!(operations.len(), 732);
    golden::check("tests/golden/requests.txt", &text);
}

/// The request of a fully set builder: every argument of the snapshot is one of the builder's, and the other way round.
fn request(okta: &OktaClient, operation: &Operation<'_>, types: &Types<'_>) -> Request<Body> {
    let arguments = operation.full_arguments(types);
    let built = build(okta, operation.id, &arguments).unwrap_or_else(|| panic!("{} has no method", operation.id));
    let left = (
        &built.undeclared_query,
        &built.odd_query,
        built.undeclared_body,
        &built.missing,
    );
    assert_eq!(left, (&vec![], &vec![], false, &vec![]), "{}", operation.id);
    assert_eq!(built.headers.len(), arguments.headers.len(), "{}", operation.id);
    let request = built
        .request
        .unwrap_or_else(|problem| panic!("{}: {problem}", operation.id));
    let known = okta_client::operations().by_path(request.method(), request.uri().path());
    assert_eq!(known.map(|known| known.id), Some(operation.id));
    request
}

fn shown(request: &Request<Body>) -> String {
    let mut text = format!("{} {}", request.method(), request.uri().path());
    for (position, pair) in request
        .uri()
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .enumerate()
    {
        write!(text, "{}{pair}", if position == 0 { "\n  ?" } else { "\n  &" }).unwrap();
    }
    text.push('\n');
    let mut headers: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    headers.sort();
    text.push_str(&headers.concat());
    let body = String::from_utf8_lossy(request.body().as_bytes().unwrap()).into_owned();
    if body.contains('\r') {
        writeln!(text, "{body:?}").unwrap();
    } else if !body.is_empty() {
        writeln!(text, "{body}").unwrap();
    }
    text
}
