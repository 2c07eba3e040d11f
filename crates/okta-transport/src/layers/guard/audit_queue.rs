use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use tokio::sync::{mpsc, oneshot};

use super::audit_record::AuditRecord;

pub(super) type Sink = Box<dyn FnMut(&AuditRecord) + Send>;

/// Hands records to a sink on a separate thread, so that a sink which blocks or panics does not harm a call. The
/// thread ends when the queue and its clones are dropped and the last record is handed over.
#[derive(Clone, Debug)]
pub(super) struct AuditQueue {
    entries: mpsc::Sender<Entry>,
    lost: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Entry {
    Record(Box<AuditRecord>),
    /// Says when all records before it were handed over.
    Flush(oneshot::Sender<()>),
}

impl AuditQueue {
    pub(super) fn start(capacity: usize, sink: Sink) -> Self {
        let capacity = capacity.clamp(1, tokio::sync::Semaphore::MAX_PERMITS);
        let (entries, queue) = mpsc::channel(capacity);
        let lost = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&lost);
        let thread = thread::Builder::new().name("okta-audit".into());
        // Without a thread, the queue is closed and each record counts as lost.
        if let Err(error) = thread.spawn(move || hand_over(queue, sink, &counter)) {
            tracing::error!(%error, "cannot start the audit thread; all audit records are lost");
        }
        Self { entries, lost }
    }

    pub(super) fn push(&self, record: AuditRecord) {
        if self.entries.try_send(Entry::Record(Box::new(record))).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(super) async fn flush(&self) {
        let (done, all_done) = oneshot::channel();
        if self.entries.send(Entry::Flush(done)).await.is_ok() {
            all_done.await.ok();
        }
    }
}

fn hand_over(mut queue: mpsc::Receiver<Entry>, mut sink: Sink, lost: &AtomicU64) {
    while let Some(entry) = queue.blocking_recv() {
        match entry {
            Entry::Record(record) => {
                if catch_unwind(AssertUnwindSafe(|| sink(&record))).is_err() {
                    lost.fetch_add(1, Ordering::Relaxed);
                }
            }
            Entry::Flush(done) => {
                done.send(()).ok();
            }
        }
    }
}
