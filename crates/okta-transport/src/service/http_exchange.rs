use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use okta_auth::HttpExchange;
use tower::BoxError;

use super::http_service::HttpService;

/// Fetches tokens with this stack. It must have no authenticator: a token cannot be fetched with itself. An attempt
/// timeout keeps a silent server from blocking all calls that wait for the token.
///
/// A response of more than 1 MiB is an error: no token endpoint sends one.
impl HttpExchange for HttpService {
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        const MOST: usize = 1024 * 1024;
        let (parts, body) = self.send(request).await?.into_parts();
        let body = Limited::new(body, MOST).collect().await?.to_bytes();
        Ok(Response::from_parts(parts, body))
    }
}

#[cfg(test)]
mod tests {
    use http_body::Frame;
    use http_body_util::StreamBody;

    use super::*;
    use crate::service::body::Body;

    fn answering(chunks: usize) -> HttpService {
        HttpService::new(tower::service_fn(move |request: Request<Body>| async move {
            assert_eq!(request.into_body().as_bytes().unwrap(), "asked");
            let frames = (0..chunks).map(|_| Ok::<_, BoxError>(Frame::data(Bytes::from_static(&[b'x'; 1024]))));
            Ok::<_, BoxError>(Response::new(StreamBody::new(futures_util::stream::iter(frames))))
        }))
    }

    #[tokio::test]
    async fn the_answer_is_read_to_its_end_unless_it_has_none() {
        let exchange = |chunks| async move { answering(chunks).exchange(Request::new(Bytes::from("asked"))).await };
        assert_eq!(exchange(1024).await.unwrap().into_body().len(), 1024 * 1024);
        let error = exchange(1025).await.unwrap_err();
        assert!(error.is::<http_body_util::LengthLimitError>(), "{error:?}");
    }
}
