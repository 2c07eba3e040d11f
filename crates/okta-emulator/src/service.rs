//! The org as a tower service.

use std::{
    fmt, io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response, request::Parts};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::{
    answered::Answered,
    base::{clock::Sleep, in_flight::Permit},
    body::Body,
    emulator::Emulator,
    request_body::Whole,
};

impl<B: http_body::Body> Service<Request<B>> for Emulator {
    type Response = Response<Body>;
    /// Only connections that a [`Fault`](crate::Fault) breaks end in an error.
    type Error = io::Error;
    type Future = Answer<B>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer<B> {
        let (parts, body) = request.into_parts();
        Answer {
            emulator: self.clone(),
            permit: Some(self.begin()),
            parts,
            body: Whole::new(body),
            late: None,
        }
    }
}

pin_project! {
    /// The response to one request, once its body has arrived.
    ///
    /// # Cancel safety
    ///
    /// Nothing happens to the org before the whole body is there, and then everything at once: dropping the future either
    /// leaves the org as it was or comes after the whole change.
    #[must_use = "futures do nothing unless polled"]
    pub struct Answer<B: http_body::Body> {
        emulator: Emulator,
        permit: Option<Permit>,
        parts: Parts,
        #[pin]
        body: Whole<B>,
        late: Option<(Sleep, io::Result<Response<Body>>)>,
    }
}

impl<B: http_body::Body> Future for Answer<B> {
    type Output = io::Result<Response<Body>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.late.is_none() {
            let body = ready!(this.body.poll(context));
            let body = body.as_deref().map_err(|unread| *unread);
            let Answered { after, answer } = this.emulator.answer(this.parts, body, this.permit.take());
            match after {
                None => return Poll::Ready(answer),
                Some(wait) => *this.late = Some((wait, answer)),
            }
        }
        if let Some((wait, _)) = this.late {
            ready!(wait.as_mut().poll(context));
        }
        match this.late.take() {
            Some((_, answer)) => Poll::Ready(answer),
            None => Poll::Pending,
        }
    }
}

impl<B: http_body::Body> fmt::Debug for Answer<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("method", &self.parts.method)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use bytes::Bytes;
    use http_body::Frame;
    use http_body_util::Full;

    use super::*;

    /// A body that sends its parts, and then breaks off.
    struct Broken(VecDeque<Bytes>);

    impl http_body::Body for Broken {
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
