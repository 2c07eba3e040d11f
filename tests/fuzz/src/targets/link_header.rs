//! The address of the next page, as the server wrote it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::{Request, Response, header::LINK};
use okta_client::{Body, BoxError, OktaClient, OrgUrl};

use crate::given::{block_on, values_of};

const ORG: &str = "https://acme.okta.com";
/// More requests than any list makes that is answered with the same links over and over: a link that is relative to the page can
/// make each address longer by two characters.
const MOST_REQUESTS: usize = 400;
/// From this length of an address on, the server sends no links.
const LONGEST_ADDRESS: usize = 500;

/// Each line is a `Link` header, and all pages have the same ones.
pub(crate) fn run(bytes: &[u8]) {
    for body in [r#"[{"id":"00u1"}]"#, "[]"] {
        list(bytes, body);
    }
}

/// No request leaves the org, and the list ends.
fn list(bytes: &[u8], body: &'static str) {
    let links = values_of(&LINK, bytes);
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let service = tower::service_fn(move |request: Request<Body>| {
        let uri = request.uri();
        assert_eq!(uri.scheme_str(), Some("https"), "{uri}");
        assert_eq!(
            uri.authority().map(|authority| authority.as_str()),
            Some("acme.okta.com"),
            "{uri}"
        );
        assert!(
            counted.fetch_add(1, Ordering::Relaxed) < MOST_REQUESTS,
            "the list does not end: {uri}"
        );
        let mut response = Response::new(Body::from(body));
        if uri.path().len() < LONGEST_ADDRESS {
            response.headers_mut().clone_from(&links);
        }
        async move { Ok::<_, BoxError>(response) }
    });
    let okta = OktaClient::from_service(OrgUrl::parse(ORG).unwrap(), service);
    block_on(async {
        let mut users = okta.users().list().stream();
        while let Ok(Some(_)) = users.try_next().await {}
    });
    assert!(count.load(Ordering::Relaxed) >= 1);
}
