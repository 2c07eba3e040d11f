use std::{future::Future, net::SocketAddr, pin::pin, time::Duration};

use futures_util::{
    future::{Either, OptionFuture, pending, select},
    stream::{FuturesUnordered, StreamExt},
};
use okta_auth::Clock;

/// How long an address is tried alone before the next one is tried concurrently (RFC 8305 §5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Connects to the address that answers first, or returns the error that says most.
///
/// The next address begins when the one before has failed, or has not answered for [`ATTEMPT_DELAY`]; attempts that have
/// begun continue. So an address that drops packets costs a quarter of a second. `is_final` says which errors the next
/// address would meet too. `None` means that the list of addresses is empty.
pub(crate) async fn first_of<T, E, F>(
    addresses: Vec<SocketAddr>,
    clock: &dyn Clock,
    connect: impl Fn(SocketAddr) -> F,
    is_final: impl Fn(&E) -> bool,
) -> Option<Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut waiting = addresses.into_iter().peekable();
    let mut running = FuturesUnordered::new();
    let mut first_error = None;
    loop {
        if let Some(address) = waiting.next() {
            running.push(connect(address));
        }
        let delay: OptionFuture<_> = waiting.peek().map(|_| clock.sleep(ATTEMPT_DELAY)).into();
        let delay = async {
            if delay.await.is_none() {
                pending::<()>().await;
            }
        };
        match select(running.next(), pin!(delay)).await {
            Either::Left((Some(Err(error)), _)) if !is_final(&error) => {
                first_error.get_or_insert(error);
            }
            Either::Left((Some(outcome), _)) => return Some(outcome),
            Either::Left((None, _)) => return first_error.map(Err),
            Either::Right(_) => {}
        }
    }
}
