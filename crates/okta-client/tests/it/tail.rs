//! The System Log as it grows: nothing is lost, nothing comes twice, whatever happens on the way.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{StreamExt, future};
use http::{Request, Response};
use okta_client::{
    Body, BoxError, OktaClient, OrgUrl, Tail,
    log_tail::{Checkpoint, CheckpointStore, FileCheckpointStore, MemoryCheckpointStore},
};

use crate::virtual_clock::VirtualClock;

const START: &str = "/api/v1/logs?since=2026-11-26T00%3A00%3A00Z&limit=1000";

/// What one request is answered with.
pub(crate) enum Reply {
    Page {
        next: Option<&'static str>,
        body: &'static str,
    },
    Status(u16, &'static [(&'static str, &'static str)]),
    Reset,
}

pub(crate) fn page(next: &'static str, body: &'static str) -> Reply {
    Reply::Page { next: Some(next), body }
}

/// What was asked, and after how many seconds.
pub(crate) type Asked = Arc<Mutex<Vec<(u64, String)>>>;

/// A client that is answered with these, one after another, and what it asked at which time.
pub(crate) fn answering(replies: Vec<Reply>, clock: &VirtualClock) -> (OktaClient, Asked) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let replies = Arc::new(Mutex::new(VecDeque::from(replies)));
    let (noted, clock) = (asked.clone(), clock.clone());
    let service = tower::service_fn(move |request: Request<Body>| {
        let path = request.uri().path_and_query().unwrap().to_string();
        noted.lock().unwrap().push((clock.passed().as_secs(), path));
        let reply = replies.lock().unwrap().pop_front();
        async move {
            let mut response = Response::builder();
            match reply {
                Some(Reply::Page { next, body }) => {
                    if let Some(next) = next {
                        response = response.header("link", format!(r#"<{next}>; rel="next""#));
                    }
                    Ok(response.body(Body::from(body))?)
                }
                Some(Reply::Status(status, headers)) => {
                    for (name, value) in headers {
                        response = response.header(*name, *value);
                    }
                    Ok(response.status(status).body(Body::empty())?)
                }
                Some(Reply::Reset) => Err::<_, BoxError>("connection reset".into()),
                None => future::pending().await,
            }
        }
    });
    let org_url = OrgUrl::parse("https://acme.okta.com").unwrap();
    (OktaClient::from_service(org_url, service), asked)
}

pub(crate) fn tail(okta: &OktaClient, clock: &VirtualClock) -> Tail {
    okta.logs().tail("2026-11-26T00:00:00Z").clock(Arc::new(clock.clone()))
}

pub(crate) async fn uuid(tail: &mut Tail) -> String {
    tail.try_next().await.unwrap().unwrap().uuid.unwrap()
}

/// Runs a future for so many turns; what has not happened then does not happen.
pub(crate) async fn turns<F: Future>(count: usize, future: F) -> Option<F::Output> {
    let time = async {
        for _ in 0..count {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        output = future => Some(output),
        () = time => None,
    }
}

#[tokio::test]
async fn f13_an_interval_without_end_is_no_reason_to_panic() {
    let clock = VirtualClock::new();
    let (okta, _) = answering(vec![page("/api/v1/logs?after=2", r#"[{"uuid":"1"}]"#)], &clock);
    let mut tail = okta
        .logs()
        .tail("2026-11-26")
        .clock(Arc::new(clock.clone()))
        .poll_interval(Duration::MAX);
    assert_eq!(uuid(&mut tail).await, "1");
    assert!(turns(50, tail.try_next()).await.is_none());
}

#[tokio::test]
async fn it_asks_at_once_while_pages_are_full_and_every_five_seconds_where_it_has_caught_up() {
    let clock = VirtualClock::new();
    let (okta, asked) = answering(
        vec![
            page("/api/v1/logs?after=2", r#"[{"uuid":"1"},{"uuid":"2"}]"#),
            page("/api/v1/logs?after=3", r#"[{"uuid":"3"}]"#),
            page("/api/v1/logs?after=3", "[]"),
            page("/api/v1/logs?after=3", "[]"),
            page("/api/v1/logs?after=5", r#"[{"uuid":"4"},{"uuid":"5"}]"#),
            page("/api/v1/logs?after=6", r#"[{"uuid":"6"}]"#),
        ],
        &clock,
    );
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00token")
        .clock(Arc::new(clock.clone()))
        .service(okta.service().clone())
        .build()
        .unwrap();
    let mut tail = okta.logs().list().since("2026-11-26").limit(2).tail();
    for expected in ["1", "2", "3", "4", "5", "6"] {
        assert_eq!(uuid(&mut tail).await, expected);
    }
    let asked: Vec<_> = asked
        .lock()
        .unwrap()
        .iter()
        .map(|(at, path)| (*at, path.rsplit('=').next().unwrap().to_owned()))
        .collect();
    let expected = [(0, "2"), (0, "2"), (5, "3"), (10, "3"), (15, "3"), (15, "5")];
    assert_eq!(asked, expected.map(|(at, after)| (at, after.to_owned())));
}

#[tokio::test]
async fn failures_that_pass_are_waited_out_and_others_are_errors_it_goes_on_behind() {
    let clock = VirtualClock::new();
    let (okta, asked) = answering(
        vec![
            Reply::Reset,
            Reply::Status(503, &[]),
            Reply::Status(429, &[("retry-after", "17")]),
            Reply::Status(
                429,
                &[
                    ("x-rate-limit-limit", "60"),
                    ("x-rate-limit-remaining", "0"),
                    // Rounding adds a second to the 19.
                    ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
                    ("x-rate-limit-reset", "1000000019"),
                ],
            ),
            Reply::Status(403, &[]),
            page("/api/v1/logs?after=1", r#"[{"uuid":"1"},null,{"uuid":"2"}]"#),
            page("/api/v1/logs?after=2", r#"[{"uuid":"3"},{"uuid":"#),
            page("/api/v1/logs?after=2", r#"[{"uuid":"3"},{"uuid":"4"}]"#),
        ],
        &clock,
    );
    let mut tail = tail(&okta, &clock);
    assert_eq!(tail.try_next().await.unwrap_err().status().unwrap(), 403);
    assert_eq!(uuid(&mut tail).await, "1");
    let undecodable = tail.try_next().await.unwrap_err();
    assert_eq!(
        (undecodable.item_position(), &undecodable.body().unwrap()[..]),
        (Some(1), &b"null"[..])
    );
    assert_eq!(uuid(&mut tail).await, "2");
    assert_eq!(uuid(&mut tail).await, "3");
    assert!(tail.try_next().await.unwrap_err().is_decode(), "the page broke off");
    assert_eq!(
        uuid(&mut tail).await,
        "4",
        "and what was read of it does not come again"
    );
    let asked: Vec<_> = asked.lock().unwrap().iter().map(|(at, _)| *at).collect();
    assert_eq!(asked, [0, 1, 3, 20, 40, 56, 61, 62]);
    assert_eq!(clock.slept().len(), 7);
}

#[tokio::test]
async fn a_link_that_leads_away_is_an_error_and_not_followed() {
    let clock = VirtualClock::new();
    let (okta, asked) = answering(
        vec![
            page("https://evil.example/api/v1/logs?after=1", r#"[{"uuid":"1"}]"#),
            page("/api/v1/logs?after=2", r#"[{"uuid":"1"},{"uuid":"2"}]"#),
        ],
        &clock,
    );
    let mut tail = tail(&okta, &clock);
    assert_eq!(uuid(&mut tail).await, "1");
    assert!(tail.try_next().await.unwrap_err().is_paging());
    assert_eq!(uuid(&mut tail).await, "2");
    assert!(asked.lock().unwrap().iter().all(|(_, path)| path == START));
}

#[tokio::test]
async fn a_page_without_a_link_is_asked_for_again_after_a_while() {
    let clock = VirtualClock::new();
    let reply = |body| Reply::Page { next: None, body };
    let (okta, asked) = answering(
        vec![reply(r#"[{"uuid":"1"}]"#), reply(r#"[{"uuid":"1"},{"uuid":"2"}]"#)],
        &clock,
    );
    let mut tail = tail(&okta, &clock).poll_interval(Duration::from_secs(30));
    assert_eq!(uuid(&mut tail).await, "1");
    assert_eq!(uuid(&mut tail).await, "2");
    assert_eq!(*asked.lock().unwrap(), [(0, START.to_owned()), (30, START.to_owned())]);
}

#[tokio::test]
async fn stopping_it_ends_any_wait_and_saves_what_was_acknowledged() {
    let clock = VirtualClock::new();
    let (okta, _) = answering(
        vec![page(
            "/api/v1/logs?after=9",
            r#"[{"uuid":"1"},{"uuid":"2"},{"uuid":"3"}]"#,
        )],
        &clock,
    );
    let directory = tempfile::tempdir().unwrap();
    let store = FileCheckpointStore::new(directory.path().join("position"));
    let mut first = tail(&okta, &clock).store(store.clone());
    assert_eq!(uuid(&mut first).await, "1");
    assert_eq!(uuid(&mut first).await, "2");
    first.stop_handle().stop();
    assert!(first.try_next().await.unwrap().is_none());
    assert!(first.try_next().await.unwrap().is_none());

    let (okta, asked) = answering(
        vec![page(
            "/api/v1/logs?after=9",
            r#"[{"uuid":"1"},{"uuid":"2"},{"uuid":"3"}]"#,
        )],
        &clock,
    );
    let mut second = tail(&okta, &clock).store(store);
    assert_eq!(uuid(&mut second).await, "3", "over a restart too");
    let stop = second.stop_handle();
    let waiting = async {
        turns(9, future::pending::<()>()).await;
        stop.stop();
    };
    let (event, ()) = tokio::join!(second.try_next(), waiting);
    assert!(
        event.unwrap().is_none(),
        "while it waits for a response that does not come"
    );
    assert_eq!(asked.lock().unwrap().len(), 2);
    let files: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(files, ["position"]);
}

#[tokio::test]
async fn looking_in_again_and_again_does_not_begin_the_request_anew() {
    let clock = VirtualClock::new();
    let (okta, asked) = answering(vec![], &clock);
    let mut tail = tail(&okta, &clock);
    for _ in 0..5 {
        assert!(turns(3, tail.try_next()).await.is_none());
    }
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_store_that_fails_is_an_error_that_names_it_and_nothing_is_passed_over() {
    let clock = VirtualClock::new();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("position");
    std::fs::write(&path, "garbage").unwrap();
    let (okta, asked) = answering(
        vec![
            page("/api/v1/logs?after=1", r#"[{"uuid":"1"}]"#),
            page("/api/v1/logs?after=2", r#"[{"uuid":"2"}]"#),
        ],
        &clock,
    );
    let mut broken = tail(&okta, &clock).store(FileCheckpointStore::new(&path));
    for _ in 0..2 {
        let error = broken.try_next().await.unwrap_err();
        assert!(error.is_checkpoint() && !error.is_invalid_request(), "{error}");
        let error = format!("{error:#}");
        let named = format!("cannot be loaded from the file `{}`;", path.display());
        assert!(error.contains(": it does not contain a checkpoint"), "{error}");
        assert!(
            error.contains(&named) && error.contains("delete it to start again"),
            "{error}"
        );
    }
    assert!(asked.lock().unwrap().is_empty());
    let folder = directory.path().join("folder");
    let mut events = tail(&okta, &clock).store(FileCheckpointStore::new(folder.join("position")));
    assert_eq!(uuid(&mut events).await, "1");
    let error = events.try_next().await.unwrap_err();
    assert!(error.is_checkpoint() && error.status().is_none(), "{error}");
    assert!(error.to_string().contains("cannot be saved in the file"), "{error}");
    assert_eq!(asked.lock().unwrap().len(), 1, "nothing further is asked for");
    std::fs::create_dir(&folder).unwrap();
    assert_eq!(uuid(&mut events).await, "2");
    assert!(folder.join("position").exists());
}

/// A database that is down.
struct Down;

impl CheckpointStore for Down {
    async fn load(&self) -> Result<Option<Checkpoint>, BoxError> {
        Ok(None)
    }
    async fn save(&self, _: &Checkpoint) -> Result<(), BoxError> {
        let refused = std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "no route to the database");
        Err(refused.into())
    }
}

#[tokio::test]
async fn a_store_of_ones_own_is_named_by_its_type_and_its_error_stays_to_be_asked() {
    let clock = VirtualClock::new();
    let (okta, _) = answering(vec![page("/api/v1/logs?after=1", r#"[{"uuid":"1"}]"#)], &clock);
    let mut events = tail(&okta, &clock).store(Arc::new(Down));
    assert_eq!(uuid(&mut events).await, "1");
    let error = events.try_next().await.unwrap_err();
    assert!(error.is_checkpoint() && !error.is_interrupted() && !error.is_connect());
    assert_eq!(
        format!("{error:#}"),
        format!(
            "listLogEvents (GET /api/v1/logs) failed: the checkpoint of the tail cannot be saved in the store `{}`; no event \
             is lost: fix the store, then ask for the next event again: no route to the database",
            std::any::type_name::<Down>()
        )
    );
    let behind = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
    let cause = behind.filter_map(|error| error.downcast_ref::<std::io::Error>()).next();
    assert_eq!(cause.unwrap().kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_tail_does_not_go_with_an_end() {
    let clock = VirtualClock::new();
    let (okta, asked) = answering(vec![], &clock);
    let descending = okta_client::models::LogSortOrder::Descending;
    for list in [
        okta.logs().list().until("2026-11-27T00:00:00Z"),
        okta.logs().list().sort_order(descending),
    ] {
        let mut tail = list.tail().clock(Arc::new(clock.clone()));
        assert!(
            tail.try_next()
                .await
                .unwrap_err()
                .to_string()
                .contains("leave out `until`")
        );
    }
    assert!(asked.lock().unwrap().is_empty());
}

const EVENTS: usize = 100_000;

/// A log that grows with time, behind a network where everything fails.
fn troubled_log(clock: &VirtualClock, seed: u64) -> OktaClient {
    let random = Arc::new(Mutex::new(fastrand::Rng::with_seed(seed)));
    let clock = clock.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        let mut random = random.lock().unwrap();
        let after = request.uri().query().unwrap_or_default().split('&');
        let after = after.filter_map(|part| part.strip_prefix("after=")).next();
        let after: usize = after.map_or(0, |after| after.parse().unwrap());
        // A third is there at first, the rest comes by and by.
        let there = (EVENTS / 3 + usize::try_from(clock.passed().as_secs()).unwrap() * 100).min(EVENTS);
        let fault = random.u8(0..20);
        // Some pages begin with what came on the page before, some come again as a whole.
        let first = match fault {
            0 => after.saturating_sub(random.usize(1..1000)),
            1 => after.saturating_sub(1000),
            _ => after,
        };
        let last = (first + 1000).min(there).max(first);
        let mut body = String::from("[");
        for number in first..last {
            body.push_str(if number == first { "" } else { "," });
            body.push_str(&format!(r#"{{"uuid":"{number:08}"}}"#));
        }
        body.push(']');
        if fault == 2 {
            body.truncate(random.usize(0..body.len()));
        }
        let turns = random.usize(0..4);
        let response = Response::builder();
        let response = match fault {
            3 => Err(BoxError::from("connection reset by peer")),
            4 => Ok(response
                .status(429)
                .header("retry-after", "7")
                .body(Body::empty())
                .unwrap()),
            5 => Ok(response.status(503).body(Body::empty()).unwrap()),
            _ => {
                let link = format!(r#"<https://acme.okta.com/api/v1/logs?after={last}&limit=1000>; rel="next""#);
                Ok(response.header("link", link).body(Body::from(body)).unwrap())
            }
        };
        async move {
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            response
        }
    });
    OktaClient::from_service(OrgUrl::parse("https://acme.okta.com").unwrap(), service)
}

/// What a program keeps: events and the position of the tail, in one transaction.
#[derive(Clone, Default)]
struct Database(Arc<Mutex<Tables>>);

#[derive(Default)]
struct Tables {
    /// What was acknowledged, but not kept yet.
    uncommitted: Vec<usize>,
    committed: Vec<usize>,
    position: Option<Checkpoint>,
    saves: usize,
}

impl Database {
    fn has_all(&self) -> bool {
        let tables = self.0.lock().unwrap();
        tables.committed.len() + tables.uncommitted.len() >= EVENTS
    }
}

impl CheckpointStore for Database {
    async fn load(&self) -> Result<Option<Checkpoint>, BoxError> {
        Ok(self.0.lock().unwrap().position.clone())
    }

    async fn save(&self, position: &Checkpoint) -> Result<(), BoxError> {
        tokio::task::yield_now().await;
        let mut tables = self.0.lock().unwrap();
        tables.saves += 1;
        if tables.saves.is_multiple_of(17) {
            return Err("the database is busy".into());
        }
        let uncommitted = std::mem::take(&mut tables.uncommitted);
        tables.committed.extend(uncommitted);
        // As it would come back from the disk.
        let saved = serde_json::to_string(position)?;
        tables.position = Some(serde_json::from_str(&saved)?);
        Ok(())
    }
}

#[tokio::test]
async fn of_a_hundred_thousand_events_none_is_lost_and_none_comes_twice() {
    for seed in 0..3 {
        let clock = VirtualClock::new();
        let okta = troubled_log(&clock, seed);
        let mut random = fastrand::Rng::with_seed(seed + 1000);
        let database = Database::default();
        let mut kills = 0;
        'program: loop {
            // The program starts, and dies after so many events, or in the middle of something.
            let mut events = tail(&okta, &clock).store(database.clone());
            let life = random.usize(0..6_000);
            for _ in 0..life {
                let patience = if random.u16(0..2_000) == 0 {
                    random.usize(0..6)
                } else {
                    usize::MAX
                };
                match turns(patience, events.try_next()).await {
                    None => break,
                    Some(Ok(Some(event))) => {
                        let number = event.uuid.unwrap().parse().unwrap();
                        database.0.lock().unwrap().uncommitted.push(number);
                    }
                    Some(Ok(None)) => panic!("it was not stopped"),
                    // A page that broke off, or a database that was busy.
                    Some(Err(error)) => assert!(error.is_decode() || format!("{error:#}").contains("busy"), "{error}"),
                }
                if database.has_all() {
                    events.stop_handle().stop();
                    while events.try_next().await.is_err() {}
                    break 'program;
                }
            }
            kills += 1;
            database.0.lock().unwrap().uncommitted.clear();
        }
        assert!(kills > 20, "{kills} kills");
        let tables = database.0.lock().unwrap();
        let is_all = tables.committed.iter().copied().eq(0..EVENTS);
        assert!(is_all, "seed {seed}: {} events", tables.committed.len());
    }
}

#[tokio::test]
async fn it_is_a_stream_too_and_one_that_is_dropped_goes_on_where_it_was_saved() {
    let clock = VirtualClock::new();
    let okta = troubled_log(&clock, 9);
    let store = MemoryCheckpointStore::new();
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let events = tail(&okta, &clock).store(store.clone()).into_stream();
        let some: Vec<_> = events
            .filter_map(|event| future::ready(event.ok()))
            .take(2_500)
            .collect()
            .await;
        numbers.push(
            some.into_iter()
                .map(|event| event.uuid.unwrap().parse::<usize>().unwrap()),
        );
    }
    let [first, second] = numbers.try_into().unwrap_or_else(|_| panic!("two streams"));
    assert!(first.eq(0..2_500));
    let second: Vec<_> = second.collect();
    assert!(second[0] <= 2_500 && second[0] > 1_000, "from {} on", second[0]);
    assert!(second.iter().copied().eq(second[0]..second[0] + 2_500));
}
