//! What one source turned out to hold.

use crate::error::{Problem, Warning};
use crate::loader::layer::Layer;
use crate::loader::unsupported::Found;

/// What one source turned out to hold.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) layer: Layer,
    pub(super) warnings: Vec<Warning>,
    pub(super) unsupported: Vec<Found>,
    /// Why (parts of) the source could not be read.
    pub(super) problems: Vec<Problem>,
}
