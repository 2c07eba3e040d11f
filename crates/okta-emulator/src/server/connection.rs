//! Connections: accepted, served, and brought to an end.

use std::time::Duration;

use http::{Request, Uri, header, uri::Authority};
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    select,
    sync::oneshot,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use crate::Emulator;

/// How long requests that have begun may take when the server is told to end.
const GRACE: Duration = Duration::from_secs(5);

/// Serves connections until told to stop (or until the other end of `stopped` is gone).
pub(super) async fn accept(
    listener: TcpListener,
    emulator: Emulator,
    scheme: &'static str,
    tls: Option<TlsAcceptor>,
    mut stopped: oneshot::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        select! {
            _ = &mut stopped => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Answers are small and come at once: waiting for more to send would only delay them.
                    let _ = stream.set_nodelay(true);
                    let watcher = graceful.watcher();
                    let (emulator, tls) = (emulator.clone(), tls.clone());
                    connections.spawn(async move {
                        match tls {
                            None => serve(stream, emulator, scheme, watcher).await,
                            // A client that does not trust the certificate is that client's affair.
                            Some(tls) => if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, emulator, scheme, watcher).await;
                            },
                        }
                    });
                }
                // Out of file descriptors, or the client went away: others may still come.
                Err(_) => tokio::task::yield_now().await,
            },
        }
    }
    drop(listener);
    #[expect(
        clippy::disallowed_methods,
        reason = "a bound on real connections; the org's clock has no part in it"
    )]
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    emulator: Emulator,
    scheme: &'static str,
    watcher: Watcher,
) {
    let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
        name_origin(&mut request, scheme);
        emulator.clone().call(request)
    });
    let server = auto::Builder::new(TokioExecutor::new());
    let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
    // Whatever ends a connection, the client sees it.
    let _ = watcher.watch(connection).await;
}

/// Makes the URI absolute: HTTP/1.1 has the host in a header, and only the server knows the scheme.
fn name_origin<B>(request: &mut Request<B>, scheme: &'static str) {
    let named = request.uri().authority().cloned();
    let in_header = || {
        request
            .headers()
            .get(header::HOST)?
            .to_str()
            .ok()?
            .parse::<Authority>()
            .ok()
    };
    let Some(authority) = named.or_else(in_header) else {
        return;
    };
    let mut parts = request.uri().clone().into_parts();
    parts.scheme = scheme.parse().ok();
    parts.authority = Some(authority);
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}
