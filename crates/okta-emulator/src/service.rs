//! The org as a tower service.

use std::{
    convert::Infallible,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, Full, combinators::Collect};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::Emulator;

impl<B: Body> Service<Request<B>> for Emulator {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Answer<B>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer<B> {
        let (parts, body) = request.into_parts();
        Answer {
            emulator: self.clone(),
            parts,
            body: body.collect(),
        }
    }
}

pin_project! {
    /// The answer to one request, once its body has arrived.
    ///
    /// # Cancel safety
    ///
    /// Nothing happens to the org before the whole body is there, and then everything at once: dropping the future either
    /// leaves the org as it was or comes after the whole change.
    #[must_use = "futures do nothing unless polled"]
    pub struct Answer<B: Body> {
        emulator: Emulator,
        parts: Parts,
        #[pin]
        body: Collect<B>,
    }
}

impl<B: Body> Future for Answer<B> {
    type Output = Result<Response<Full<Bytes>>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let body = ready!(this.body.poll(context)).map(|collected| collected.to_bytes());
        let body = body.as_deref().map_err(|_| ());
        Poll::Ready(Ok(this.emulator.answer(this.parts, body)))
    }
}

impl<B: Body> fmt::Debug for Answer<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("method", &self.parts.method)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, io};

    use http_body::Frame;

    use super::*;

    /// A body that sends its parts, and then breaks off.
    struct Broken(VecDeque<Bytes>);

    impl Body for Broken {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            let frame = self.0.pop_front().map(Frame::data);
            Poll::Ready(Some(frame.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())))
        }
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_changes_nothing() {
        let mut emulator = Emulator::new();
        let token = emulator.token().to_owned();
        let request = || Request::post("/api/v1/groups").header("authorization", format!("SSWS {token}"));
        let group = Bytes::from_static(br#"{"profile": {"name": "Readers"}}"#);
        let broken = request().body(Broken(VecDeque::from([group.clone()]))).unwrap();
        assert_eq!(emulator.call(broken).await.unwrap().status(), 400);
        // The name is still free.
        let whole = request().body(Full::<Bytes>::from(group)).unwrap();
        assert_eq!(emulator.call(whole).await.unwrap().status(), 200);
    }

    #[test]
    fn the_service_can_go_anywhere() {
        fn anywhere<T: Clone + Send + Sync + 'static>() {}
        fn sendable<T: Send>() {}
        anywhere::<Emulator>();
        sendable::<Answer<Full<Bytes>>>();
    }
}
