// Failed sign-ins of a day, oldest first.
let mut events = okta
    .logs()
    .list()
    .since("2026-01-01T00:00:00Z")
    .until("2026-01-02T00:00:00Z")
    .filter(attr("eventType").eq("user.session.start").and(attr("outcome.result").eq("FAILURE")))
    .limit(1_000)
    .stream();
while let Some(event) = events.try_next().await? {
    println!("{:?} {:?}", event.published, event.display_message);
}
