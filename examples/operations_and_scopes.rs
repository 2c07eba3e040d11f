//! The operations as data: found by id, by request, by tag, by scope.
//!
//! ```text
//! cargo run --example operations_and_scopes
//! ```

use http::Method;
use okta_client::operations;
use okta_examples::Outcome;

fn main() -> Outcome {
    println!("{} operations", operations().len());

    let operation = operations().by_id("createUser").ok_or("there is no createUser")?;
    println!(
        "{}: {} {} with {:?}",
        operation.id, operation.method, operation.path_template, operation.scopes
    );

    // For example, a line of an access log.
    let called = operations().by_path(&Method::GET, "/api/v1/users/00u1/groups?limit=2");
    println!("called: {}", called.ok_or("no operation has this path")?.id);

    for operation in operations().with_tag("UserSessions") {
        println!("of sessions: {}", operation.id);
    }
    let allowed = operations().with_scope("okta.logs.read").map(|operation| operation.id);
    println!("okta.logs.read allows {:?}", allowed.collect::<Vec<_>>());
    Ok(())
}
