use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use http::Request;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{Builder, Client, ResponseFuture};
use tokio::runtime::{Handle, Id};

use super::proxy::connector::ProxyConnector;
use crate::service::body::Body;

/// How many runtimes of one program have a pool. The one that was used least recently loses its idle connections first.
const RUNTIMES: usize = 16;

/// The connections of a runtime. The runtime is `None` if a program polls with another executor.
type Pool = (Option<Id>, Client<HttpsConnector<ProxyConnector>, Body>);

/// One pool of connections for each tokio runtime.
///
/// A connection is driven by a task of the runtime on which it was opened. If that runtime does not run, a request over
/// the connection would wait forever: a current-thread runtime runs only during `block_on`, for example.
#[derive(Clone)]
pub(crate) struct ConnectionPools {
    builder: Builder,
    connector: HttpsConnector<ProxyConnector>,
    /// The one that was used last is the first.
    pools: Arc<Mutex<Vec<Pool>>>,
}

impl ConnectionPools {
    pub(crate) fn new(builder: Builder, connector: HttpsConnector<ProxyConnector>) -> Self {
        Self {
            builder,
            connector,
            pools: Arc::default(),
        }
    }

    /// Sends the request over a connection of the current runtime.
    pub(crate) fn request(&self, request: Request<Body>) -> ResponseFuture {
        let current = Handle::try_current().ok().map(|runtime| runtime.id());
        // A pool is complete before it is inserted.
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        match pools.iter().position(|(runtime, _)| *runtime == current) {
            Some(0) => {}
            Some(position) => pools[..=position].rotate_right(1),
            None => {
                pools.truncate(RUNTIMES - 1);
                pools.insert(0, (current, self.builder.build(self.connector.clone())));
            }
        }
        pools[0].1.request(request)
    }
}

impl fmt::Debug for ConnectionPools {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ConnectionPools").finish_non_exhaustive()
    }
}
