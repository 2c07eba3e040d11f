//! An inner service that leaves every response to the test: its time and its content.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_client::{Body, BoxError, OktaClient, OrgUrl};
use tokio::sync::{mpsc, oneshot};

/// The other end: what is asked arrives here.
pub(crate) struct Desk(mpsc::UnboundedReceiver<Question>);

/// A request that waits for its answer.
pub(crate) struct Question {
    pub(crate) path: String,
    answer: oneshot::Sender<Result<Response<Body>, BoxError>>,
}

/// The rest of a body.
pub(crate) struct Rest {
    chunks: mpsc::UnboundedSender<Result<&'static str, BoxError>>,
    /// How many chunks were read.
    read: Arc<AtomicUsize>,
    sent: usize,
}

/// Lets all tasks run until none has anything to do.
pub(crate) async fn settled() {
    for _ in 0..30 {
        tokio::task::yield_now().await;
    }
}

pub(crate) fn desk() -> (OktaClient, Desk) {
    let (ask, asked) = mpsc::unbounded_channel();
    let service = tower::service_fn(move |request: Request<Body>| {
        let (answer, answered) = oneshot::channel();
        let path = request.uri().path_and_query().unwrap().to_string();
        ask.send(Question { path, answer }).ok();
        async move { answered.await? }
    });
    let org_url = OrgUrl::parse("https://acme.okta.com").unwrap();
    (OktaClient::from_service(org_url, service), Desk(asked))
}

impl Desk {
    /// What was asked and is not answered yet.
    #[track_caller]
    pub(crate) fn question(&mut self, path: &str) -> Question {
        let question = self.0.try_recv().expect("something is asked");
        assert_eq!(question.path, path);
        question
    }
    pub(crate) fn is_quiet(&mut self) -> bool {
        self.0.try_recv().is_err()
    }
}

impl Question {
    /// Sends the headers; the body comes through what is given back.
    pub(crate) fn headers(self, next: Option<&str>) -> Rest {
        let (sender, mut frames) = mpsc::unbounded_channel::<Result<&'static str, BoxError>>();
        let read = Arc::new(AtomicUsize::new(0));
        let counted = read.clone();
        let frames = stream::poll_fn(move |context| frames.poll_recv(context)).inspect(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let frames = frames.map(|chunk| Ok::<_, BoxError>(Frame::data(Bytes::from(chunk?))));
        let mut response = Response::builder();
        if let Some(next) = next {
            response = response.header("link", format!(r#"<{next}>; rel="next""#));
        }
        let body = Body::new(StreamBody::new(frames));
        self.answer.send(Ok(response.body(body).unwrap())).ok();
        Rest {
            chunks: sender,
            read,
            sent: 0,
        }
    }
    pub(crate) fn page(self, next: Option<&str>, body: &'static str) {
        self.headers(next).end(body);
    }
    pub(crate) fn status(self, status: u16) {
        let response = Response::builder().status(status).body(Body::empty()).unwrap();
        self.answer.send(Ok(response)).ok();
    }
    pub(crate) fn fail(self) {
        self.answer.send(Err("connection reset".into())).ok();
    }
    /// Returns true if the caller has dropped the request.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }
}

impl Rest {
    pub(crate) fn send(mut self, chunk: &'static str) -> Self {
        self.chunks.send(Ok(chunk)).ok();
        self.sent += 1;
        self
    }
    /// Whether all chunks were read.
    pub(crate) fn is_taken(&self) -> bool {
        self.read.load(Ordering::Relaxed) == self.sent
    }
    pub(crate) fn end(self, body: &'static str) {
        self.send(body);
    }
    pub(crate) fn breaks(self, body: &'static str) {
        let rest = self.send(body);
        rest.chunks.send(Err("connection reset".into())).ok();
    }
}
