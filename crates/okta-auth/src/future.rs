use std::{future::Future, pin::Pin};

/// A boxed future, as a [`Clock`](crate::Clock) returns it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
