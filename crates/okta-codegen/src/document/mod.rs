//! The document as it is written: reading it, checking that it is the reviewed one, and correcting its known faults.

mod node;
mod patch;
mod pointer;
mod source;

pub(crate) use node::Node;
pub(crate) use patch::apply;
#[cfg(test)]
pub(crate) use source::parse;
pub(crate) use source::read;
