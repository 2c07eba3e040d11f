use http::{Method, Request};

use crate::request::operation::{Idempotency, OperationRef};

/// Returns true unless the request is known to only read.
///
/// The operation decides, because there are reads with `POST`. It decides only for requests that are its own: a layer
/// may have changed the method or the path since the operation was named. Of any other request the method decides. What
/// [`CallOptions`](crate::CallOptions) say of repeating the call does not matter here.
pub(super) fn writes<B>(request: &Request<B>) -> bool {
    let method = request.method();
    match OperationRef::of(request.extensions()) {
        Some(operation) if operation.idempotency != Idempotency::Safe => true,
        Some(operation) if operation.method == *method && fits(operation.path_template, request.uri().path()) => false,
        _ => !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS),
    }
}

/// Whether a path is one of the template, segment by segment. One that is encoded without need is not.
fn fits(template: &str, path: &str) -> bool {
    let mut segments = path.strip_suffix('/').unwrap_or(path).split('/');
    let fit = template.split('/').all(|expected| {
        segments
            .next()
            .is_some_and(|segment| expected == segment || (expected.starts_with('{') && !segment.is_empty()))
    });
    fit && segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::operation::Operation;

    static SIMULATE: Operation =
        Operation::new("createPolicySimulation", Method::POST, "/api/v1/policies/simulate").safe();
    static DELETE: Operation = Operation::new("deleteUser", Method::DELETE, "/api/v1/users/{id}").not_idempotent();
    static TRICKY: Operation = Operation::new("getAndForget", Method::GET, "/api/v1/once/{id}").not_idempotent();

    fn of(operation: Option<&'static Operation>, method: Method, path: &str) -> bool {
        let mut request = Request::builder().method(method).uri(path).body(()).unwrap();
        if let Some(operation) = operation {
            request.extensions_mut().insert(OperationRef(operation));
        }
        writes(&request)
    }

    #[test]
    fn the_operation_decides_whether_its_request_writes() {
        assert!(!of(Some(&SIMULATE), Method::POST, "/api/v1/policies/simulate?expand=x"));
        assert!(!of(Some(&SIMULATE), Method::POST, "/api/v1/policies/simulate/"));
        assert!(of(Some(&DELETE), Method::DELETE, "/api/v1/users/00u1"));
        assert!(of(Some(&TRICKY), Method::GET, "/api/v1/once/1"));
    }

    #[test]
    fn an_operation_does_not_excuse_a_request_that_is_not_its_own() {
        assert!(of(Some(&SIMULATE), Method::DELETE, "/api/v1/policies/simulate"));
        for path in [
            "/api/v1/policies",
            "/api/v1/policies/simulate/x",
            "/api/v1/users/simulate",
            "/",
        ] {
            assert!(of(Some(&SIMULATE), Method::POST, path), "{path}");
        }
        assert!(of(Some(&DELETE), Method::GET, "/api/v1/users/00u1"));
    }

    #[test]
    fn of_an_unknown_operation_the_method_decides() {
        for (method, expected) in [
            (Method::GET, false),
            (Method::HEAD, false),
            (Method::OPTIONS, false),
            (Method::TRACE, true),
            (Method::CONNECT, true),
            (Method::POST, true),
            (Method::PUT, true),
            (Method::PATCH, true),
            (Method::DELETE, true),
            (Method::from_bytes(b"PURGE").unwrap(), true),
        ] {
            assert_eq!(of(None, method.clone(), "/api/v1/unheard/of"), expected, "{method}");
        }
    }
}
