use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use http_body_util::BodyExt;

/// Reads the body of a response that nobody will see to its end, because only then can its connection be used again.
///
/// One that is long, or of unknown length, would cost more than a new connection and is dropped. So is one that is not
/// there once `patience`, which is asked for only if there is something to wait for, has come to its end.
pub(crate) async fn drain<B, P>(body: B, patience: impl FnOnce() -> P)
where
    B: http_body::Body,
    P: Future<Output = ()>,
{
    const WORTH_READING: u64 = 64 * 1024;
    if body.size_hint().upper().is_none_or(|length| length > WORTH_READING) {
        return;
    }
    let mut reading = pin!(body.collect());
    // Whether it ends well does not matter.
    let read = poll_fn(|context| Poll::Ready(reading.as_mut().poll(context).is_ready())).await;
    if read {
        return;
    }
    let mut patience = pin!(patience());
    poll_fn(|context| {
        if reading.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        patience.as_mut().poll(context)
    })
    .await;
}
