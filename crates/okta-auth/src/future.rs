use std::{future::Future, pin::Pin};

/// A boxed future, so that [`Authenticator`](crate::Authenticator) can be used as `dyn Authenticator`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
