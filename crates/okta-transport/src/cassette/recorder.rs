use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::logging::ErrorSummary;

use super::{cassette_error::CassetteError, exchange::Exchange, file, record_layer::RecordLayer, redaction::Redaction};

/// Gathers exchanges and writes them into a cassette: a file that [`Replay`](super::Replay) answers from.
///
/// Put its [`layer`](Self::layer) into a stack, make the calls, and [`finish`](Self::finish). Exchanges stand in the
/// file in the order in which their requests began. Secrets are hidden as soon as an exchange is complete, so that no
/// file and no memory keeps them (see [`Redaction`]).
///
/// ```
/// use http::{Request, Response};
/// use okta_config::OrgUrl;
/// use okta_transport::{Body, BoxError, HttpService, Recorder, Replay};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// # let directory = tempfile::tempdir()?;
/// # let cassette = directory.path().join("me.json");
/// # let org = tower::service_fn(|_| async { Ok::<_, BoxError>(Response::new(Body::from("{\"id\":\"00u1\"}"))) });
/// let org_url = OrgUrl::parse("https://acme.okta.com")?;
/// let request = || Request::get("https://acme.okta.com/api/v1/users/me").body(Body::empty());
///
/// // Once, against an org:
/// let recorder = Recorder::create(&cassette)?;
/// let service = HttpService::builder(&org_url).attempt_layer(recorder.layer()).service(org).build()?;
/// service.send(request()?).await?;
/// recorder.finish()?;
///
/// // Ever after, without one:
/// let replay = Replay::open(&cassette)?;
/// let service = HttpService::builder(&org_url).service(replay.clone()).build()?;
/// let answer = service.send(request()?).await?.into_body().collect().await?;
/// assert_eq!(answer, "{\"id\":\"00u1\"}");
/// assert!(replay.unused().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Recorder(Arc<Tape>);

/// What a [`Recorder`] has written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// How many exchanges stand in the file.
    pub exchanges: usize,
    /// The exchanges that do not, each with the reason: there was no answer, or nobody read it to its end.
    pub skipped: Vec<String>,
}

impl Recorder {
    /// Records into a file at `path`, hiding what [`Redaction::new`] hides. A file that is there is replaced, but not
    /// before the first [`finish`](Self::finish).
    ///
    /// # Errors
    ///
    /// [`CassetteError::Write`] if `path` is a directory, or in none that exists.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, CassetteError> {
        Self::create_with(path, Redaction::new())
    }

    /// Records into a file at `path`, hiding what `redaction` hides.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create).
    pub fn create_with(path: impl Into<PathBuf>, redaction: Redaction) -> Result<Self, CassetteError> {
        let path = path.into();
        file::check(&path)?;
        Ok(Self(Arc::new(Tape {
            path,
            redaction,
            slots: Mutex::default(),
        })))
    }

    /// A layer that records what passes through it.
    ///
    /// Put it around each attempt, without credentials: then every attempt is recorded and retries can be replayed too.
    #[must_use]
    pub fn layer(&self) -> RecordLayer {
        RecordLayer::new(Arc::clone(&self.0))
    }

    /// Writes all exchanges that are complete by now. May be called more than once: the file always holds all of them.
    ///
    /// It writes on the calling thread and waits for the disk. Without this call the file is written when the recorder
    /// and its layers are gone, and an error then becomes a `tracing` event only.
    ///
    /// # Errors
    ///
    /// [`CassetteError::Write`] if the file could not be written; a file that was there is as it was.
    pub fn finish(&self) -> Result<Recorded, CassetteError> {
        self.0.write()
    }
}

/// The exchanges of one recorder, and where they go.
pub(super) struct Tape {
    path: PathBuf,
    pub(super) redaction: Redaction,
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    in_order: Vec<Slot>,
    /// Whether there is something the file does not have.
    unwritten: bool,
}

enum Slot {
    Open(String),
    Recorded(Box<Exchange>),
    Skipped(String),
}

impl Tape {
    /// A place for an exchange that begins now. Its name tells what it was, should it never end.
    pub(super) fn begin(&self, name: String) -> usize {
        let mut slots = self.slots();
        slots.in_order.push(Slot::Open(name));
        slots.in_order.len() - 1
    }

    /// The exchange is complete. Whatever goes wrong in making it fit for the file is nothing to the call.
    pub(super) fn complete(&self, place: usize, exchange: impl FnOnce(&Redaction) -> Result<Exchange, &'static str>) {
        match catch_unwind(AssertUnwindSafe(|| exchange(&self.redaction))) {
            Ok(Ok(exchange)) => self.fill(place, |_| Slot::Recorded(Box::new(exchange))),
            Ok(Err(reason)) => self.skip(place, reason),
            Err(_) => self.skip(place, "the function that rewrites texts has panicked"),
        }
    }

    /// The exchange cannot be recorded.
    pub(super) fn skip(&self, place: usize, reason: &'static str) {
        tracing::warn!(target: "okta_transport::cassette", reason, "an exchange is not recorded");
        self.fill(place, |name| Slot::Skipped(format!("{name}: {reason}")));
    }

    fn fill(&self, place: usize, slot: impl FnOnce(&str) -> Slot) {
        let mut slots = self.slots();
        slots.unwritten = true;
        if let Some(open) = slots.in_order.get_mut(place)
            && let Slot::Open(name) = open
        {
            *open = slot(name);
        }
    }

    fn write(&self) -> Result<Recorded, CassetteError> {
        let mut slots = self.slots();
        let mut exchanges = Vec::new();
        let mut skipped = Vec::new();
        for slot in &slots.in_order {
            match slot {
                Slot::Recorded(exchange) => exchanges.push(&**exchange),
                Slot::Skipped(what) => skipped.push(what.clone()),
                Slot::Open(name) => skipped.push(format!("{name}: it has not ended yet")),
            }
        }
        file::write(&self.path, &exchanges)?;
        let recorded = Recorded {
            exchanges: exchanges.len(),
            skipped,
        };
        slots.unwritten = false;
        Ok(recorded)
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        if !self.slots().unwritten {
            return;
        }
        let path = self.path.display().to_string();
        match self.write() {
            Ok(_) => tracing::debug!(
                target: "okta_transport::cassette",
                path,
                "cassette written when its recorder was dropped"
            ),
            Err(error) => {
                // Of the cause only the kind: its text is not ours.
                let cause = ErrorSummary::of(&error);
                tracing::error!(target: "okta_transport::cassette", %cause, "{error}: its exchanges are lost");
            }
        }
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tape").field("path", &self.path).finish_non_exhaustive()
    }
}
