//! The response of a list operation.

use std::marker::PhantomData;

use super::{
    item_format::{ItemFormat, Model},
    page::Page,
};
use crate::{
    error::Error,
    response::{Received, ResponseKind},
};

/// A JSON array that is delivered in pages.
#[derive(Debug)]
pub struct List<T, F = Model>(PhantomData<fn() -> (T, F)>);

impl<T: 'static, F: ItemFormat<T>> ResponseKind for List<T, F> {
    type Output = Page<T, F>;
    fn read(received: &Received) -> Result<Page<T, F>, Error> {
        Page::read(received.clone())
    }
}
