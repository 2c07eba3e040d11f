use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use data_encoding::BASE64;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt;
use okta_auth::BoxFuture;
use tower::{BoxError, Service};

use super::{
    cassette_error::{CassetteError, ReplayError},
    exchange::{Exchange, RecordedBody, RecordedRequest, RecordedResponse},
    file,
    mismatch::Mismatch,
    org_host::OrgHost,
    redaction::Redaction,
};
use crate::service::body::Body;

/// Answers requests from a cassette: a transport for stacks that must work without an org.
///
/// A request is answered with the first recorded exchange that was not used yet and has the same method, path, query
/// (in any order) and body (JSON in any order of members). Headers are not compared. Where the address of the org was
/// replaced, the response names that of the request. A request without such an exchange fails with a [`ReplayError`].
///
/// Clones share what was used. [`Recorder`](crate::cassette::Recorder) has an example.
#[derive(Clone)]
pub struct Replay(Arc<Cassette>);

struct Cassette {
    path: PathBuf,
    redaction: Redaction,
    exchanges: Vec<(RecordedRequest, Answer)>,
    used: Mutex<Vec<bool>>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Replay {
    /// Reads a cassette that was recorded with [`Redaction::new`].
    ///
    /// # Errors
    ///
    /// [`CassetteError`] if the file cannot be read, or is not a cassette of this version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        Self::open_with(path, Redaction::new())
    }

    /// Reads a cassette that was recorded with this redaction: what it hides and rewrites is hidden and rewritten in
    /// the requests that come, before they are compared.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, redaction: Redaction) -> Result<Self, CassetteError> {
        let path = path.as_ref().to_owned();
        let mut exchanges = Vec::new();
        for (index, Exchange { request, response, .. }) in file::read(&path)?.into_iter().enumerate() {
            let answer = Answer::new(response).map_err(|problem| CassetteError::Format {
                path: path.clone(),
                problem: format!("exchange {}, {request}: {problem}", index + 1),
            })?;
            exchanges.push((request, answer));
        }
        Ok(Self(Arc::new(Cassette {
            path,
            redaction,
            used: Mutex::new(vec![false; exchanges.len()]),
            exchanges,
        })))
    }

    /// The recorded requests that have not been made yet, each as `METHOD path?query`, in the order of the file: ask at
    /// the end of a test.
    #[must_use]
    pub fn unused(&self) -> Vec<String> {
        let used = self.0.used();
        let unused = self.0.exchanges.iter().zip(&*used).filter(|(_, used)| !**used);
        unused.map(|((request, _), _)| request.to_string()).collect()
    }
}

impl<B> Service<Request<B>> for Replay
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let cassette = Arc::clone(&self.0);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(Into::into)?.to_bytes();
            let asked = cassette
                .redaction
                .request(&parts.method, &parts.uri, &parts.headers, &body)
                .map_err(
                    |_| "the body of the request cannot be read (compressed, or no JSON), so it can be in no cassette",
                )?;
            let answer = cassette.find(&asked)?;
            Ok(answer.response(OrgHost::of(&parts.uri)))
        })
    }
}

impl Cassette {
    fn find(&self, asked: &RecordedRequest) -> Result<&Answer, ReplayError> {
        let mut used = self.used();
        let mut nearest: Option<(Mismatch, &RecordedRequest)> = None;
        let mut same = 0_usize;
        for ((recorded, answer), used) in self.exchanges.iter().zip(&mut *used) {
            match Mismatch::between(recorded, asked) {
                None if *used => same += 1,
                None => {
                    *used = true;
                    return Ok(answer);
                }
                Some(mismatch) if nearest.as_ref().is_none_or(|(least, _)| mismatch < *least) => {
                    nearest = Some((mismatch, recorded));
                }
                Some(_) => {}
            }
        }
        Err(ReplayError {
            request: asked.to_string(),
            cassette: self.path.clone(),
            nearest: match (same, nearest) {
                (0, nearest) => nearest.map(|(mismatch, recorded)| format!("{recorded} ({mismatch})")),
                (1, _) => Some("the same, which was recorded once and has been answered".to_owned()),
                (times, _) => Some(format!(
                    "the same, which was recorded {times} times and answered as often"
                )),
            },
        })
    }

    fn used(&self) -> MutexGuard<'_, Vec<bool>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    /// Finds out when the cassette is opened what is wrong with it, not in the middle of a test.
    fn new(recorded: RecordedResponse) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        for (name, values) in recorded.headers {
            for value in values {
                let parsed = HeaderName::try_from(&name).ok().zip(HeaderValue::try_from(value).ok());
                let (name, value) = parsed.ok_or_else(|| format!("the response header `{name}` is none"))?;
                headers.append(name, value);
            }
        }
        Ok(Self {
            status: StatusCode::from_u16(recorded.status)
                .map_err(|_| format!("{} is not a valid status", recorded.status))?,
            headers,
            body: match recorded.body {
                None => Bytes::new(),
                Some(RecordedBody::Json(json)) => serde_json::to_vec(&json).map_err(|error| error.to_string())?.into(),
                Some(RecordedBody::Form(fields)) => fields.join("&").into(),
                Some(RecordedBody::Text(text)) => text.into(),
                Some(RecordedBody::Base64(text)) => BASE64
                    .decode(text.as_bytes())
                    .map_err(|error| format!("the response body is not valid base64: {error}"))?
                    .into(),
            },
        })
    }

    /// The response to a request to this address.
    fn response(&self, org: Option<OrgHost>) -> Response<Body> {
        let restore = |text: &str| match &org {
            Some(org) => org.restore(text),
            None => text.to_owned(),
        };
        let body = match std::str::from_utf8(&self.body) {
            Ok(text) => restore(text).into(),
            Err(_) => self.body.clone(),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        for (name, value) in &self.headers {
            let restored = value
                .to_str()
                .ok()
                .and_then(|text| HeaderValue::try_from(restore(text)).ok());
            response
                .headers_mut()
                .append(name, restored.unwrap_or_else(|| value.clone()));
        }
        response
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("path", &self.0.path)
            .field("exchanges", &self.0.exchanges.len())
            .finish_non_exhaustive()
    }
}
