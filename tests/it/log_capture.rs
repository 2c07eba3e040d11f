//! All that is logged on this thread, at every level.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tracing::{Dispatch, subscriber::DefaultGuard};

pub(crate) struct LogCapture {
    written: Written,
    _guard: DefaultGuard,
    /// While there is only one subscriber, tracing asks the thread that comes to a place first, which may be another
    /// test's, whether anybody wants to know of it, and remembers that.
    _second: Dispatch,
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl LogCapture {
    /// Captures until it is dropped.
    pub(crate) fn begin() -> Self {
        let written = Written::default();
        let subscriber = || {
            tracing_subscriber::fmt()
                .with_max_level(tracing::level_filters::LevelFilter::TRACE)
                .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
                .with_ansi(false)
                .with_writer({
                    let written = written.clone();
                    move || written.clone()
                })
                .finish()
        };
        Self {
            _second: Dispatch::new(subscriber()),
            _guard: tracing::subscriber::set_default(subscriber()),
            written,
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.written.0.lock().unwrap().clone()).unwrap()
    }
}
