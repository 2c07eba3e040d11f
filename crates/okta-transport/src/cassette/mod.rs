//! Cassettes: files of exchanges that are recorded from a real org once and replayed without an org.

pub(crate) mod cassette_error;
mod clean_text;
mod exchange;
mod file;
mod json;
mod mismatch;
mod org_host;
pub(crate) mod record_layer;
pub(crate) mod recorder;
pub(crate) mod redaction;
pub(crate) mod replay;

pub use cassette_error::{CassetteError, ReplayError};
pub use record_layer::{Record, RecordFuture, RecordLayer};
pub use recorder::{Recorded, Recorder};
pub use redaction::{CassetteField, CassettePlace, Redaction};
pub use replay::Replay;
