//! Stores of checkpoints: how a tail resumes after a restart.

use std::{
    fs::{self, File},
    future::Future,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use okta_transport::BoxError;

use super::checkpoint::Checkpoint;

/// Loads and saves the checkpoint of a [`Tail`](crate::Tail), so that the tail resumes there when the program starts again.
///
/// [`save`](Self::save) is called when all events before the checkpoint were acknowledged, that is, when you have asked for
/// the event after them: once a page, and when the tail is stopped. A program that stores the results of the events in a
/// database implements it there and saves both in one transaction: then no event counts twice, whenever the program dies.
///
/// Write the methods as `async fn`. An `Arc` of a store is a store.
///
/// ```
/// use okta_client::{BoxError, log_tail::{Checkpoint, CheckpointStore}};
/// # struct Pool;
/// # impl Pool {
/// #     async fn get(&self, _key: &str) -> Result<Option<String>, BoxError> { Ok(None) }
/// #     async fn put(&self, _key: &str, _json: String) -> Result<(), BoxError> { Ok(()) }
/// # }
///
/// /// One row of a table.
/// struct Row {
///     pool: Pool,
///     key: String,
/// }
///
/// impl CheckpointStore for Row {
///     async fn load(&self) -> Result<Option<Checkpoint>, BoxError> {
///         let json = self.pool.get(&self.key).await?;
///         Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
///     }
///     async fn save(&self, checkpoint: &Checkpoint) -> Result<(), BoxError> {
///         self.pool.put(&self.key, serde_json::to_string(checkpoint)?).await
///     }
/// }
/// ```
pub trait CheckpointStore: Send + Sync + 'static {
    /// Returns the checkpoint that was saved last; `None` if there is none yet.
    ///
    /// # Errors
    /// Any error: the tail does not start, and returns one with [`Error::is_checkpoint`](crate::Error::is_checkpoint).
    ///
    /// # Cancel safety
    /// The future may be dropped; it is called again then.
    fn load(&self) -> impl Future<Output = Result<Option<Checkpoint>, BoxError>> + Send;

    /// Saves a checkpoint in place of the previous one.
    ///
    /// # Errors
    /// Any error: the tail asks for no further events until saving has succeeded.
    ///
    /// # Cancel safety
    /// The future may be dropped, with the checkpoint saved or not; it is called again then.
    fn save(&self, checkpoint: &Checkpoint) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// The name of this store in errors: the name of its type by default. Return a path or a table, so that the error says
    /// where to look. It goes into logs, so keep passwords out of it.
    fn name(&self) -> String {
        format!("the store `{}`", std::any::type_name::<Self>())
    }
}

impl<T: CheckpointStore> CheckpointStore for Arc<T> {
    fn load(&self) -> impl Future<Output = Result<Option<Checkpoint>, BoxError>> + Send {
        (**self).load()
    }
    fn save(&self, checkpoint: &Checkpoint) -> impl Future<Output = Result<(), BoxError>> + Send {
        (**self).save(checkpoint)
    }
    fn name(&self) -> String {
        (**self).name()
    }
}

/// Stores the checkpoint in memory: it survives a restart of the tail, not of the program. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryCheckpointStore(Arc<Mutex<Option<Checkpoint>>>);

impl MemoryCheckpointStore {
    /// A store without a checkpoint.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl CheckpointStore for MemoryCheckpointStore {
    async fn load(&self) -> Result<Option<Checkpoint>, BoxError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn save(&self, checkpoint: &Checkpoint) -> Result<(), BoxError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(checkpoint.clone());
        Ok(())
    }
}

/// Stores the checkpoint in a file (JSON, about 200 kB at most). The file is replaced as a whole: a reader finds the previous
/// checkpoint or the new one, never a part of one. Use a file for one tail only.
///
/// It writes once a page, on the thread that polls the tail.
#[derive(Clone, Debug)]
pub struct FileCheckpointStore(PathBuf);

impl FileCheckpointStore {
    /// Stores the checkpoint in this file. The file need not exist; its directory must.
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
            Ok(checkpoint) => Ok(Some(checkpoint)),
            Err(error) => {
                let problem = format!("it does not contain a checkpoint of a tail, delete it to start again: {error}");
                Err(problem.into())
            }
        }
    }

    fn write(&self, checkpoint: &Checkpoint) -> Result<(), BoxError> {
        let new = self.beside();
        write_through(&new, &serde_json::to_vec(checkpoint)?)?;
        Ok(fs::rename(&new, &self.0)?)
    }

    fn beside(&self) -> PathBuf {
        let mut name = self.0.as_os_str().to_owned();
        name.push(".new");
        name.into()
    }
}

/// Writes a file so that it survives a loss of power.
fn write_through(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text)?;
    file.sync_all()
}

impl CheckpointStore for FileCheckpointStore {
    async fn load(&self) -> Result<Option<Checkpoint>, BoxError> {
        self.read()
    }

    async fn save(&self, checkpoint: &Checkpoint) -> Result<(), BoxError> {
        self.write(checkpoint)
    }

    fn name(&self) -> String {
        format!("the file `{}`", self.0.display())
    }
}
