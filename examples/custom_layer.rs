//! Your own layer, which counts and times requests: once around whole calls, once around every attempt.
//!
//! The outer one sees the calls of your program; the inner one sees the requests that were sent for them, retries included. The
//! extensions of a request say which operation it is for.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use http::{Request, Response};
use okta_client::{
    Body,
    transport::{Clock, OperationRef, TokioClock},
};
use okta_examples::{Org, Outcome};
use tower::{Layer, Service, ServiceExt};

/// How many requests there were, and how long they took, by operation and status.
#[derive(Clone, Debug, Default)]
struct Metrics(Arc<Mutex<Rows>>);

type Rows = BTreeMap<(&'static str, String), (u32, Duration)>;

impl Metrics {
    fn add(&self, operation: &'static str, outcome: String, took: Duration) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, sum) = rows.entry((operation, outcome)).or_default();
        *count += 1;
        *sum += took;
    }

    fn print(&self, title: &str) {
        println!("{title}");
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for ((operation, outcome), (count, took)) in &*rows {
            println!("  {operation:<12} {outcome:<4} {count} in {took:.1?}");
        }
    }
}

impl<S> Layer<S> for Metrics {
    type Service = Measured<S>;

    fn layer(&self, inner: S) -> Measured<S> {
        Measured {
            inner,
            metrics: self.clone(),
        }
    }
}

#[derive(Clone, Debug)]
struct Measured<S> {
    inner: S,
    metrics: Metrics,
}

impl<S, B> Service<Request<Body>> for Measured<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    /// Always ready: the call waits for the inner service.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let operation = OperationRef::of(request.extensions()).map_or("raw call", |operation| operation.id);
        let Self { inner, metrics } = self.clone();
        Box::pin(async move {
            let began = TokioClock.now();
            let response = inner.oneshot(request).await;
            let outcome = match &response {
                Ok(response) => response.status().as_u16().to_string(),
                Err(_) => "none".to_owned(),
            };
            metrics.add(operation, outcome, TokioClock.now() - began);
            response
        })
    }
}

#[tokio::main]
async fn main() -> Outcome {
    let (calls, attempts) = (Metrics::default(), Metrics::default());
    let org = Org::find().await?;
    let okta = org
        .builder()?
        .layer(calls.clone())
        .attempt_layer(attempts.clone())
        // The transport is a network that drops the second request.
        .attempt_layer(drop_the_second())
        .build()?;

    for _ in 0..3 {
        okta.users().list().limit(1).await?;
    }
    if let Err(error) = okta.users().get("unknown").await
        && !error.is_not_found()
    {
        return Err(error.into());
    }
    calls.print("calls");
    attempts.print("attempts");
    Ok(())
}

/// A network that fails sometimes, to show a retry.
fn drop_the_second() -> impl Layer<okta_client::HttpService, Service = okta_client::HttpService> + Send + Sync {
    tower::layer::layer_fn(|inner: okta_client::HttpService| {
        let sent = Arc::new(std::sync::atomic::AtomicU32::new(0));
        okta_client::HttpService::new(tower::service_fn(move |request: Request<Body>| {
            let (inner, number) = (inner.clone(), sent.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
            async move {
                if number == 1 {
                    return Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into());
                }
                inner.oneshot(request).await
            }
        }))
    })
}
