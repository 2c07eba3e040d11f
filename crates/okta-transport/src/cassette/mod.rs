//! Exchanges in a file: recorded from a real org once, and replayed without any ever after.

mod cassette_error;
mod clean_text;
mod exchange;
mod file;
mod json;
mod mismatch;
mod org_host;
mod record_layer;
mod recorder;
mod redaction;
mod replay;

pub use cassette_error::{CassetteError, ReplayError};
pub use record_layer::{Record, RecordFuture, RecordLayer};
pub use recorder::{Recorded, Recorder};
pub use redaction::{CassetteField, CassettePlace, Redaction};
pub use replay::Replay;
