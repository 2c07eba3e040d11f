//! Connections: accepted, served, and brought to an end.

use std::io;

use http::{Request, Uri, Version, header, uri::Authority};
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
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

use crate::{
    emulator::Emulator,
    server::{
        bounds::{Activity, Counted, HEAD, MOST_CONNECTIONS},
        stream::{Cut, Stream},
        timer,
    },
};

/// Serves connections until asked to stop (or until the other end of `stopped` is gone).
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
            (stream, _) = persist(|| listener.accept()) => {
                // Answers are small and come at once: waiting for more to send would only delay them.
                let _ = stream.set_nodelay(true);
                if connections.len() >= MOST_CONNECTIONS {
                    continue;
                }
                let (stream, cut) = Stream::new(stream);
                let watcher = graceful.watcher();
                let (emulator, tls) = (emulator.clone(), tls.clone());
                connections.spawn(async move {
                    match tls {
                        None => serve(stream, cut, emulator, scheme, watcher).await,
                        // A client that does not trust the certificate is that client's affair.
                        Some(tls) => if let Some(Ok(stream)) = timer::within(HEAD, tls.accept(stream)).await {
                            serve(stream, cut, emulator, scheme, watcher).await;
                        },
                    }
                });
            }
        }
    }
    drop(listener);
    timer::bounded(graceful.shutdown()).await;
}

/// The next connection, whatever goes wrong before it comes.
async fn persist<T, F: Future<Output = io::Result<T>>>(mut accept: impl FnMut() -> F) -> T {
    loop {
        match accept().await {
            Ok(connection) => return connection,
            // This client went away; the next one may be waiting already.
            Err(problem) if problem.kind() == io::ErrorKind::ConnectionAborted => {}
            // Most likely out of file descriptors, which does not pass by asking again at once.
            Err(_) => timer::pause().await,
        }
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    cut: Cut,
    emulator: Emulator,
    scheme: &'static str,
    watcher: Watcher,
) {
    let activity = Activity::default();
    let counted = activity.clone();
    let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
        let permit = counted.begin();
        name_origin(&mut request, scheme);
        // HTTP/2 resets the stream, and the connection stays open.
        let alone = request.version() != Version::HTTP_2;
        let answer = emulator.clone().call(request);
        let cut = cut.clone();
        async move {
            let answer = answer.await;
            if alone && answer.is_err() {
                cut.ask();
            }
            answer.map(|response| Counted::response(response, permit))
        }
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
    // Whatever ends a connection, the client sees it.
    select! {
        _ = watcher.watch(connection) => {}
        () = activity.idle() => {}
    }
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

#[cfg(test)]
mod tests {
    use std::{io::ErrorKind, time::Duration};

    use tokio::time::Instant;

    use super::*;

    /// How long it takes to get a connection after these failures, by tokio's paused clock, which moves without waiting.
    async fn delay(failures: &[ErrorKind]) -> Duration {
        let mut failures = failures.iter();
        let start = Instant::now();
        persist(|| std::future::ready(failures.next().map_or(Ok(()), |kind| Err((*kind).into())))).await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn it_pauses_when_connections_cannot_be_accepted() {
        assert_eq!(delay(&[]).await, Duration::ZERO);
        assert_eq!(delay(&[ErrorKind::ConnectionAborted; 3]).await, Duration::ZERO);
        let full = [ErrorKind::Other; 3];
        assert!(delay(&full).await >= 3 * timer::PAUSE);
    }
}
