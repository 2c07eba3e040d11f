//! What is watched during a run, and what is said of it in the end.

use std::{
    fmt::Write as _,
    fs,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use serde_json::json;
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::{
    clock::{now, since},
    ledger::{Balance, Ledger},
    org::Org,
};

/// A longer time without any call that ends is a standstill, if the server has not asked for a wait.
const STANDSTILL: Duration = Duration::from_secs(2);
/// The share of calls that may fail: those of writes whose outcome is unknown, of malformed JSON and of HTML.
const MOST_FAILED: f64 = 0.12;
/// What memory may grow by after the first quarter: the books grow with the calls.
const GROWTH: f64 = 1.25;

/// Watches progress and memory while the run lasts.
pub(crate) struct Watch {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Measured>,
}

/// What was watched.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measured {
    longest_standstill: Duration,
    standstills: u64,
    memory_after_a_quarter: u64,
    memory_at_the_end: u64,
    memory_peak: u64,
}

impl Watch {
    pub(crate) fn start(ledger: Arc<Ledger>, orgs: Vec<Arc<Org>>, duration: Duration) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self {
            stop,
            task: tokio::spawn(watch(ledger, orgs, duration, stopped)),
        }
    }

    pub(crate) async fn stop(self) -> Measured {
        let _ = self.stop.send(());
        self.task.await.unwrap_or_default()
    }
}

async fn watch(
    ledger: Arc<Ledger>,
    orgs: Vec<Arc<Org>>,
    duration: Duration,
    mut stopped: oneshot::Receiver<()>,
) -> Measured {
    let mut measured = Measured::default();
    let start = now();
    let (mut ended, mut last) = (0, start);
    let mut ticks = interval(Duration::from_millis(50));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stands = false;
    loop {
        tokio::select! {
            _ = &mut stopped => return measured,
            _ = ticks.tick() => {}
        }
        let is_over = since(start) > duration;
        let progress = ledger.ended();
        if progress != ended || orgs.iter().any(|org| org.window.is_waiting_demanded()) || is_over {
            (ended, last, stands) = (progress, now(), false);
        } else {
            let standstill = since(last);
            measured.longest_standstill = measured.longest_standstill.max(standstill);
            if standstill > STANDSTILL && !stands {
                stands = true;
                measured.standstills += 1;
            }
        }
        let memory = resident_kib();
        measured.memory_peak = measured.memory_peak.max(memory);
        measured.memory_at_the_end = memory;
        if since(start) < duration / 4 {
            measured.memory_after_a_quarter = memory;
        }
    }
}

/// The resident memory of this process, server included; 0 where the system does not say.
fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// Callers that did not end as they should.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Callers {
    pub(crate) panicked: u64,
    /// Still in a call long after the end.
    pub(crate) stuck: u64,
}

/// The figures of a run.
pub(crate) struct Report {
    seconds: u64,
    begun: u64,
    succeeded: u64,
    failed: u64,
    failures: Vec<(String, u64)>,
    unfinished: Vec<&'static str>,
    callers: Callers,
    balance: Balance,
    measured: Measured,
    is_timed: bool,
}

impl Report {
    pub(crate) fn new(
        ledger: &Ledger,
        measured: Measured,
        callers: Callers,
        duration: Duration,
        is_timed: bool,
    ) -> Self {
        Self {
            seconds: duration.as_secs(),
            begun: ledger.begun.load(Relaxed),
            succeeded: ledger.succeeded.load(Relaxed),
            failed: ledger.failed.load(Relaxed),
            failures: ledger.failures(),
            unfinished: ledger.unfinished(),
            callers,
            balance: ledger.balance(),
            measured,
            is_timed,
        }
    }

    /// What must not be, and is.
    pub(crate) fn faults(&self) -> Vec<String> {
        let balance = &self.balance;
        let grown = self.measured.memory_at_the_end as f64 / (self.measured.memory_after_a_quarter.max(1)) as f64;
        [
            (balance.without_outcome, "calls without an outcome"),
            (balance.doubled, "creates carried out twice"),
            (balance.succeeded_but_not_done, "creates reported as done that were not"),
            (balance.events_lost, "events of the log lost"),
            (balance.events_doubled, "events of the log seen twice"),
            (self.callers.panicked, "callers that panicked"),
            (self.callers.stuck, "callers stuck in a call"),
            (
                if self.is_timed { self.measured.standstills } else { 0 },
                "standstills of more than 2 s that the server did not ask for",
            ),
            (
                u64::from(self.is_timed && self.measured.memory_after_a_quarter > 0 && grown > GROWTH),
                "growing memory",
            ),
            (u64::from(self.succeeded == 0), "no call that succeeded"),
            (
                u64::from(self.failed as f64 > MOST_FAILED * self.begun as f64),
                "share of failed calls beyond what the faults explain",
            ),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect()
    }

    pub(crate) fn json(&self) -> String {
        let (balance, measured) = (&self.balance, &self.measured);
        let report = json!({
            "seconds": self.seconds, "begun": self.begun, "succeeded": self.succeeded, "failed": self.failed,
            "failures": self.failures, "unfinished": self.unfinished,
            "lost": balance.without_outcome, "creates": balance.creates, "carried_out": balance.carried_out,
            "doubled": balance.doubled, "succeeded_but_not_done": balance.succeeded_but_not_done,
            "events_written": balance.events_written, "events_lost": balance.events_lost,
            "events_doubled": balance.events_doubled, "panics": self.callers.panicked, "stuck": self.callers.stuck, "standstills": measured.standstills,
            "longest_standstill_ms": measured.longest_standstill.as_millis() as u64,
            "memory_after_a_quarter_kib": measured.memory_after_a_quarter,
            "memory_at_the_end_kib": measured.memory_at_the_end, "memory_peak_kib": measured.memory_peak,
            "faults": self.faults(),
        });
        format!("{report}\n")
    }

    pub(crate) fn text(&self) -> String {
        let (balance, measured) = (&self.balance, &self.measured);
        let mut text = String::new();
        for (what, figure) in [
            ("seconds", self.seconds.to_string()),
            (
                "calls begun / succeeded / failed",
                format!("{} / {} / {}", self.begun, self.succeeded, self.failed),
            ),
            ("calls without an outcome", balance.without_outcome.to_string()),
            (
                "creates / carried out / twice",
                format!("{} / {} / {}", balance.creates, balance.carried_out, balance.doubled),
            ),
            (
                "creates reported as done that were not",
                balance.succeeded_but_not_done.to_string(),
            ),
            (
                "log events written / lost / twice",
                format!(
                    "{} / {} / {}",
                    balance.events_written, balance.events_lost, balance.events_doubled
                ),
            ),
            (
                "longest standstill",
                format!("{:?} ({} over 2 s)", measured.longest_standstill, measured.standstills),
            ),
            (
                "resident memory at a quarter / end / peak",
                format!(
                    "{} / {} / {} KiB",
                    measured.memory_after_a_quarter, measured.memory_at_the_end, measured.memory_peak
                ),
            ),
        ] {
            let _ = writeln!(text, "{what}: {figure}");
        }
        for (failure, count) in &self.failures {
            let _ = writeln!(text, "failed {count} times: {failure}");
        }
        for what in &self.unfinished {
            let _ = writeln!(text, "not finished: {what}");
        }
        for fault in self.faults() {
            let _ = writeln!(text, "FAULT: {fault}");
        }
        text
    }
}
