//! Finding users and groups; paging.

use okta_emulator::Emulator;
use serde_json::json;

use crate::support::{Org, encode, profile};

async fn people() -> Org {
    let org = Org::with_any_attribute();
    for (name, department, level) in [("Ada", "Maths", 9), ("Blaise", "Maths", 7), ("Charles", "Engines", 8)] {
        let mut body = json!({ "profile": profile(name) });
        body["profile"]["department"] = json!(department);
        body["profile"]["careerLevel"] = json!(level);
        org.post("/api/v1/users", body).await;
    }
    org
}

impl Org {
    async fn names(&self, parameter: &str, expression: &str) -> Vec<String> {
        self.listed(
            &format!("/api/v1/users?{parameter}={}", encode(expression)),
            "/profile/firstName",
        )
        .await
    }
}

#[tokio::test]
async fn search_understands_every_attribute() {
    let org = people().await;
    for (search, names) in [
        (r#"profile.department eq "maths""#, &["Ada", "Blaise"][..]),
        (
            r#"profile.department eq "Maths" and profile.careerLevel gt 8"#,
            &["Ada"],
        ),
        (
            r#"profile.careerLevel lt 8 or profile.firstName sw "cha""#,
            &["Blaise", "Charles"],
        ),
        (r#"profile.email co "LAISE@""#, &["Blaise"]),
        (
            r#"profile.department pr and (profile.firstName eq "Ada" or profile.firstName eq "Charles")"#,
            &["Ada", "Charles"],
        ),
        (r#"profile.Department pr"#, &[]),
        (
            r#"status eq "PROVISIONED" and profile.department ne "Maths""#,
            &["Charles"],
        ),
        (
            r#"created gt "2000-01-01T00:00:00.000Z" and profile.department eq "Engines""#,
            &["Charles"],
        ),
        (r#"lastUpdated lt "2000-01-01T00:00:00.000Z""#, &[]),
    ] {
        assert_eq!(org.names("search", search).await, names, "{search}");
    }
    let id = org.get("/api/v1/users/ada").await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(org.names("search", &format!("id eq \"{id}\"")).await, ["Ada"]);
}

#[tokio::test]
async fn bad_expressions_are_refused_with_the_place() {
    let org = Org::new();
    for search in [
        "profile.name is \"x\"",
        "status eq ACTIVE",
        "(status eq \"x\"",
        "not (status eq \"x\")",
        "id ew \"x\"",
    ] {
        let path = format!("/api/v1/users?search={}", encode(search));
        let causes = org.get(&path).await.refused(400, "E0000031");
        assert_eq!(causes[0], "Invalid search syntax.", "{search}");
        assert!(causes[1].contains("character"), "{search}: {}", causes[1]);
    }
    // `filter` knows a few attributes only.
    let causes = org
        .get(&format!(
            "/api/v1/users?filter={}",
            encode("profile.department eq \"x\"")
        ))
        .await
        .refused(400, "E0000031");
    assert!(causes[1].contains("profile.department"));
    org.get(&format!("/api/v1/groups?search={}", encode("type is \"x\"")))
        .await
        .refused(400, "E0000031");
    org.get(&format!("/api/v1/groups?filter={}", encode("profile.name eq \"x\"")))
        .await
        .refused(400, "E0000031");
}

#[tokio::test]
async fn a_filter_finds_by_the_usual_attributes() {
    let org = people().await;
    assert_eq!(
        org.names("filter", r#"profile.login eq "ada@example.com""#).await,
        ["Ada"]
    );
    assert_eq!(org.names("filter", r#"status eq "PROVISIONED""#).await.len(), 3);
}

#[tokio::test]
async fn a_simple_query_looks_at_how_names_begin() {
    let org = people().await;
    assert_eq!(org.names("q", "bla").await, ["Blaise"]);
    assert_eq!(org.names("q", "DOE").await.len(), 3);
    assert_eq!(org.names("q", "laise").await.len(), 0);
    // One short page, and no link to another.
    let many = Org::with_users(30);
    let reply = many.get("/api/v1/users?q=user").await;
    assert_eq!(reply.json().as_array().unwrap().len(), 10);
    assert_eq!(reply.link("next"), None);
}

#[tokio::test]
async fn deactivated_users_are_left_out_unless_asked_for() {
    let org = people().await;
    org.act("/api/v1/users/ada/lifecycle/deactivate").await;
    let all = org.listed("/api/v1/users", "/profile/firstName").await;
    assert_eq!(all, ["Org", "Blaise", "Charles"]);
    assert_eq!(org.names("filter", r#"status eq "DEPROVISIONED""#).await, ["Ada"]);
    assert_eq!(org.names("search", r#"profile.firstName eq "Ada""#).await, ["Ada"]);
    assert_eq!(org.names("q", "Ada").await.len(), 0);
    assert_eq!(org.names("filter", r#"profile.firstName eq "Ada""#).await.len(), 0);
}

#[tokio::test]
async fn results_can_be_sorted_and_then_paged() {
    let org = people().await;
    let sorted = async |order: &str| {
        let search = encode("profile.careerLevel pr");
        let path = format!("/api/v1/users?limit=2&search={search}&sortBy=profile.careerLevel{order}");
        assert_eq!(org.pages(&path).await.len(), 2);
        org.listed(&path, "/profile/firstName").await
    };
    assert_eq!(sorted("").await, ["Blaise", "Charles", "Ada"]);
    assert_eq!(sorted("&sortOrder=asc").await, ["Blaise", "Charles", "Ada"]);
    assert_eq!(sorted("&sortOrder=DESC").await, ["Ada", "Charles", "Blaise"]);
    let search = encode("status pr");
    let path = format!("/api/v1/users?search={search}&sortBy=status&sortOrder=sideways");
    org.get(&path).await.refused(400, "E0000001");
    // Without the attribute come last, whatever the order.
    let path = format!("/api/v1/users?search={search}&sortBy=profile.department&sortOrder=desc");
    assert_eq!(org.listed(&path, "/profile/firstName").await.last().unwrap(), "Org");
}

#[tokio::test]
async fn pages_are_linked_by_two_header_lines() {
    let org = Org::with_users(5);
    let reply = org.get("/api/v1/users?limit=2").await;
    let lines: Vec<&str> = reply
        .headers
        .get_all("link")
        .iter()
        .map(|line| line.to_str().unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[0],
        "<https://emulator.okta.example/api/v1/users?limit=2>; rel=\"self\""
    );
    assert!(lines[1].ends_with(">; rel=\"next\""));
    let pages = org.pages("/api/v1/users?limit=2").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    let exact = org.pages("/api/v1/users?limit=5").await;
    assert_eq!(exact.len(), 1);
}

#[tokio::test]
async fn links_keep_the_rest_of_the_query() {
    let org = Org::with_users(3);
    let filter = "status eq \"ACTIVE\"";
    let reply = org
        .get(&format!("/api/v1/users?filter={}&limit=1", encode(filter)))
        .await;
    let next = reply.link("next").unwrap();
    assert!(next.contains("?filter=status+eq+%22ACTIVE%22&limit=1&after="), "{next}");
    assert_eq!(org.get(&next).await.json()[0]["profile"]["login"], "user2@example.com");
}

#[tokio::test]
async fn a_walk_survives_deletions() {
    let org = Org::with_users(4);
    let next = org.get("/api/v1/users?limit=2").await.link("next").unwrap();
    for _ in 0..2 {
        org.delete("/api/v1/users/user2").await;
    }
    let rest = org.get(&next).await.json();
    assert_eq!(rest[0]["profile"]["login"], "user3@example.com");
}

#[tokio::test]
async fn limits_are_bounded_and_cursors_checked() {
    let org = Org::with_users(201);
    assert_eq!(org.get("/api/v1/users").await.json().as_array().unwrap().len(), 200);
    let reply = org.get("/api/v1/users?limit=5000").await;
    assert_eq!(reply.json().as_array().unwrap().len(), 200);
    assert!(reply.link("self").unwrap().ends_with("?limit=200"));
    assert_eq!(
        org.get("/api/v1/users?limit=0").await.json().as_array().unwrap().len(),
        200
    );
    org.get("/api/v1/users?limit=many").await.refused(400, "E0000001");
    org.get("/api/v1/users?after=made-up").await.refused(400, "E0000029");
}

#[tokio::test]
async fn groups_are_found_alike() {
    let mut builder = Emulator::builder();
    for (name, floor) in [("Readers", 2), ("Writers", 3), ("Reviewers", 1)] {
        builder = builder.group(json!({ "profile": { "name": name, "floor": floor } }));
    }
    let org = Org {
        emulator: builder.build().unwrap(),
    };
    let names = async |query: String| org.listed(&format!("/api/v1/groups?{query}"), "/profile/name").await;
    assert_eq!(names("q=re".to_owned()).await, ["Readers", "Reviewers"]);
    let search = encode("profile.floor ge 1");
    assert_eq!(
        names(format!("search={search}&sortBy=profile.floor&sortOrder=desc&limit=2")).await,
        ["Writers", "Readers", "Reviewers"]
    );
    assert_eq!(
        names(format!("filter={}", encode("type eq \"BUILT_IN\""))).await,
        ["Everyone"]
    );
    assert_eq!(
        names(format!(
            "search={}",
            encode("type eq \"OKTA_GROUP\" and profile.name sw \"w\"")
        ))
        .await,
        ["Writers"]
    );
    assert_eq!(names("limit=1".to_owned()).await.len(), 4);
}

#[tokio::test]
async fn an_index_finds_what_a_scan_finds() {
    let org = Org::with_users(50);
    org.create("Ada", None).await;
    let shared = json!({ "profile": { "firstName": "Two", "lastName": "Doe", "login": "two@example.com", "email": "Ada@Example.com" } });
    let two = org.post("/api/v1/users", shared).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let logins = async |query: &str| org.listed(&format!("/api/v1/users?{query}"), "/profile/login").await;
    for (expression, expected) in [
        ("profile.login eq \"USER7@example.com\"", vec!["user7@example.com"]),
        (
            "profile.email eq \"ada@example.com\"",
            vec!["ada@example.com", "two@example.com"],
        ),
        (
            "profile.email eq \"ada@example.com\" and profile.firstName eq \"Two\"",
            vec!["two@example.com"],
        ),
        (
            "profile.login eq \"two@example.com\" or profile.login eq \"user3@example.com\"",
            vec!["user3@example.com", "two@example.com"],
        ),
        (
            "profile.login eq \"two@example.com\" or profile.firstName eq \"Ada\" and profile.lastName eq \"Doe\"",
            vec!["ada@example.com", "two@example.com"],
        ),
        ("profile.login eq \"absent@example.com\"", vec![]),
        (&format!("id eq \"{two}\""), vec!["two@example.com"]),
    ] {
        let expression = encode(expression);
        assert_eq!(logins(&format!("search={expression}")).await, expected);
        assert_eq!(logins(&format!("filter={expression}")).await, expected);
        assert_eq!(
            logins(&format!("search={expression}&limit=1")).await,
            expected,
            "page by page"
        );
    }
    // The index follows changes.
    let renamed = json!({ "profile": { "login": "three@example.com", "email": "three@example.com" } });
    org.post(&format!("/api/v1/users/{two}"), renamed).await;
    assert!(
        logins(&format!("search={}", encode("profile.login eq \"two@example.com\"")))
            .await
            .is_empty()
    );
    assert_eq!(
        logins(&format!("search={}", encode("profile.email eq \"three@example.com\""))).await,
        ["three@example.com"]
    );
    assert_eq!(org.get("/api/v1/users/THREE").await.json()["id"], two.as_str());

    let group = org.create_group("Readers").await;
    for expression in ["profile.name eq \"readers\"", &format!("id eq \"{group}\"")] {
        let path = format!("/api/v1/groups?search={}", encode(expression));
        assert_eq!(org.listed(&path, "/id").await, [group.as_str()]);
    }
}
