use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use http_body_util::BodyExt;

/// Reads the body of a response that the caller does not see to its end, because only then can its connection be used
/// again.
///
/// One that is long, or of unknown length, would cost more than a new connection and is dropped. So is one that is not
/// complete when `timeout` ends; `timeout` is called only if the body is not complete already.
pub(crate) async fn drain<B, P>(body: B, timeout: impl FnOnce() -> P)
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
    let mut timeout = pin!(timeout());
    poll_fn(|context| {
        if reading.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        timeout.as_mut().poll(context)
    })
    .await;
}
