//! An inner service that responds from a script, and remembers its requests.

use std::sync::{Arc, Mutex};

use http::{Request, Response, StatusCode};
use okta_client::{Body, BoxError, OktaClient, OktaClientBuilder};

/// What was asked: method, path with query.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// One answer: `Link` headers and a body.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) links: &'static [&'static str],
    pub(crate) body: &'static str,
}

pub(crate) fn builder() -> OktaClientBuilder {
    OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00token")
}

/// Answers a path with query from the script, anything else with 404.
pub(crate) fn scripted(script: &'static [(&'static str, Answer)]) -> (OktaClient, Asked) {
    let asked = Asked::default();
    let noted = asked.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        let path = request.uri().path_and_query().unwrap().to_string();
        noted.0.lock().unwrap().push(format!("{} {path}", request.method()));
        let answer = script
            .iter()
            .find(|(known, _)| *known == path)
            .map(|(_, answer)| answer.clone());
        async move {
            let mut response = Response::builder();
            let Some(answer) = answer else {
                return Ok(response.status(StatusCode::NOT_FOUND).body(Body::empty()).unwrap());
            };
            for link in answer.links {
                response = response.header("link", *link);
            }
            Ok::<_, BoxError>(response.body(Body::from(answer.body)).unwrap())
        }
    });
    (builder().service(service).build().unwrap(), asked)
}
