//! The response of a list operation.

use std::marker::PhantomData;

use okta_models::json::FromJson;

use super::page::Page;
use crate::{
    error::Error,
    response::{Received, ResponseKind},
};

/// A JSON array that is delivered in pages.
#[derive(Debug)]
pub struct List<T>(PhantomData<fn() -> T>);

impl<T: FromJson + 'static> ResponseKind for List<T> {
    type Output = Page<T>;
    fn read(received: &Received) -> Result<Page<T>, Error> {
        Page::read(received.clone())
    }
}
