//! How many of the document's operations have a visible effect: what is written is read back, what is deleted is gone, and what is
//! only read has content.
//!
//! `elsewhere.txt` lists the others, with the reason. `cargo test -p okta-replay --test breadth -- --nocapture` prints
//! the counts.

mod document;
mod verdict;
mod walk;

use std::collections::BTreeMap;

use verdict::Verdict;
use walk::Walk;

/// How many operations have to have a visible effect.
const LEAST: usize = 700;

#[tokio::test(flavor = "current_thread")]
async fn operations_have_a_visible_effect() {
    let mut walk = Walk::new();
    let ids: Vec<String> = walk.operations.iter().map(|operation| operation.id.clone()).collect();
    let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
    // Reading changes nothing, so one org is enough for all of it.
    walk.prepare().await;
    let mut is_whole = true;
    for read in [true, false] {
        for id in &ids {
            let operation = walk.take(id);
            if (operation.method == "GET") == read {
                let takes_away = operation.method == "DELETE" || operation.path.contains("/lifecycle/");
                if takes_away || !is_whole || operation.path.contains("/credentials/") && !read {
                    walk.prepare().await;
                }
                is_whole = !takes_away;
                let verdict = verdict::of(&mut walk, &operation).await;
                verdicts.insert(id.clone(), verdict);
            }
        }
    }
    let count = |wanted: fn(&Verdict) -> bool| verdicts.values().filter(|verdict| wanted(verdict)).count();
    let counts: [(&str, fn(&Verdict) -> bool); 5] = [
        ("written and read back", |verdict| matches!(verdict, Verdict::ReadBack)),
        ("deleted and gone", |verdict| matches!(verdict, Verdict::Gone)),
        ("seen to have happened", |verdict| matches!(verdict, Verdict::Seen)),
        ("noted in the System Log", |verdict| matches!(verdict, Verdict::Noted)),
        ("read, with content", |verdict| matches!(verdict, Verdict::Content)),
    ];
    for (what, wanted) in counts {
        println!("{what}: {}", count(wanted));
    }
    let table = document::file("tests/replay/tests/breadth/elsewhere.txt");
    let listed: BTreeMap<&str, &str> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .collect();
    let mut wrong = Vec::new();
    for (id, verdict) in &verdicts {
        match (verdict, listed.contains_key(id.as_str())) {
            (Verdict::Nothing(what), false) => wrong.push(format!("{id}: {what}")),
            (Verdict::Nothing(_), true) | (_, false) => {}
            (_, true) => wrong.push(format!("{id} is listed, but has a visible effect")),
        }
    }
    assert!(wrong.is_empty(), "{} operations:\n{}", wrong.len(), wrong.join("\n"));
    let good = count(|verdict| !matches!(verdict, Verdict::Nothing(_)));
    assert_eq!(verdicts.len(), 732);
    assert!(good >= LEAST, "{good} of {}", verdicts.len());
}
