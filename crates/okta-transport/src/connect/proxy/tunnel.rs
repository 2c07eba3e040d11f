use std::pin::pin;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::Empty;
use hyper::client::conn::http1;

use super::{
    error::{Fault, ProxyError},
    stream::Stream,
};

/// Asks an HTTP proxy for a tunnel to the target (RFC 9110 §9.3.6), on a connection to it.
pub(super) async fn open(stream: Stream, target: &Uri, credentials: Option<HeaderValue>) -> Result<Stream, ProxyError> {
    let given = credentials.is_some();
    let authority = super::authority(target);
    let mut request = Request::connect(&authority).header(header::HOST, &authority);
    if let Some(credentials) = credentials {
        request = request.header(header::PROXY_AUTHORIZATION, credentials);
    }
    let request = request
        .body(Empty::<Bytes>::new())
        .map_err(|error| ProxyError::with(Fault::NotAProxy, error))?;

    let (mut sender, connection) = http1::handshake(stream).await.map_err(explained)?;
    let exchange = async move {
        let response = sender.send_request(request).await.map_err(explained)?;
        match response.status() {
            // Tinyproxy says 401 where RFC 9110 §15.5.8 has 407.
            status @ (StatusCode::PROXY_AUTHENTICATION_REQUIRED | StatusCode::UNAUTHORIZED) => {
                Err(ProxyError::new(Fault::Credentials { given, status }))
            }
            status if !status.is_success() => Err(ProxyError::new(Fault::Refused(status))),
            _ => hyper::upgrade::on(response).await.map_err(explained),
        }
    };
    // The connection does the work and ends by giving its stream away, or else with the error the exchange has too.
    let upgraded = match select(pin!(exchange), pin!(connection.with_upgrades())).await {
        Either::Left((upgraded, _)) => upgraded?,
        Either::Right((_, exchange)) => exchange.await?,
    };
    match upgraded.downcast::<Stream>() {
        Ok(parts) if parts.read_buf.is_empty() => Ok(parts.io),
        _ => Err(ProxyError::new(Fault::UnexpectedData)),
    }
}

fn explained(error: hyper::Error) -> ProxyError {
    if error.is_parse() {
        ProxyError::with(Fault::NotAProxy, error)
    } else {
        ProxyError::with(Fault::Closed, error)
    }
}
