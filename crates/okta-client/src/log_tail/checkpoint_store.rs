//! Stores of checkpoints: how a tail resumes after a restart.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use okta_auth::BoxFuture;

use okta_transport::BoxError;

use super::checkpoint::Checkpoint;

/// Loads and saves the checkpoint of a [`Tail`](crate::Tail), so that the tail resumes there when the program starts again.
///
/// [`save`](Self::save) is called when all events before the checkpoint were acknowledged, that is, when you have asked for
/// the event after them: once a page, and when the tail is stopped. A program that stores the results of the events in a
/// database implements it there and saves both in one transaction: then no event counts twice, whenever the program dies.
pub trait CheckpointStore: Send + 'static {
    /// Returns the checkpoint that was saved last; `None` if there is none yet.
    ///
    /// # Errors
    /// Any error: the tail does not start, and returns one with [`Error::is_checkpoint`](crate::Error::is_checkpoint).
    ///
    /// # Cancel safety
    /// The future may be dropped; it is called again then.
    fn load(&mut self) -> BoxFuture<'_, Result<Option<Checkpoint>, BoxError>>;

    /// Saves a checkpoint in place of the previous one.
    ///
    /// # Errors
    /// Any error: the tail asks for no further events until saving has succeeded.
    ///
    /// # Cancel safety
    /// The future may be dropped, with the checkpoint saved or not; it is called again then.
    fn save<'a>(&'a mut self, position: &'a Checkpoint) -> BoxFuture<'a, Result<(), BoxError>>;

    /// The name of this store in errors: the name of its type by default. Return a path or a table, so that the error says
    /// where to look. It goes into logs, so keep passwords out of it.
    fn name(&self) -> String {
        format!("the store `{}`", std::any::type_name::<Self>())
    }
}

/// Stores the checkpoint in memory: it survives a restart of the tail, not of the program. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryCheckpointStore(Arc<Mutex<Option<Checkpoint>>>);

impl MemoryCheckpointStore {
    /// A store without a position.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl CheckpointStore for MemoryCheckpointStore {
    fn load(&mut self) -> BoxFuture<'_, Result<Option<Checkpoint>, BoxError>> {
        let position = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async move { Ok(position) })
    }

    fn save<'a>(&'a mut self, position: &'a Checkpoint) -> BoxFuture<'a, Result<(), BoxError>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(position.clone());
        Box::pin(async { Ok(()) })
    }
}

/// Keeps the position in a file (JSON, some 200 kB at most), which is replaced as a whole: who reads it finds the position
/// before or the one after, never half of one. One tail a file.
///
/// It writes once a page and does not leave that to another thread.
#[derive(Clone, Debug)]
pub struct FileCheckpointStore(PathBuf);

impl FileCheckpointStore {
    /// Keeps the position in this file, which need not be there yet; its directory must.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    fn read(&self) -> Result<Option<Checkpoint>, BoxError> {
        let text = match fs::read(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match serde_json::from_slice(&text) {
            Ok(position) => Ok(Some(position)),
            Err(error) => Err(format!("it holds no position of a tail, delete it to start again: {error}").into()),
        }
    }

    fn write(&self, position: &Checkpoint) -> Result<(), BoxError> {
        let new = self.beside();
        write_through(&new, &serde_json::to_vec(position)?)?;
        Ok(fs::rename(&new, &self.0)?)
    }

    fn beside(&self) -> PathBuf {
        let mut name = self.0.as_os_str().to_owned();
        name.push(".new");
        name.into()
    }
}

/// Writes a file so that it outlives a loss of power.
fn write_through(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text)?;
    file.sync_all()
}

impl CheckpointStore for FileCheckpointStore {
    fn load(&mut self) -> BoxFuture<'_, Result<Option<Checkpoint>, BoxError>> {
        Box::pin(async { self.read() })
    }

    fn save<'a>(&'a mut self, position: &'a Checkpoint) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async { self.write(position) })
    }

    fn name(&self) -> String {
        format!("the file `{}`", self.0.display())
    }
}
