//! The main use, end to end: what the quickstart shows, asserted.

use futures_util::TryStreamExt;
use http::{Method, StatusCode};
use okta_client::models::{
    CreateUserRequest, GroupProfile, GroupRequest, PasswordCredential, UpdateUserRequest, UserCredentialsWritable,
    UserProfile, UserStatus,
};
use serde_json::{Value, json};

use crate::org::Org;

fn profile(name: &str) -> UserProfile {
    let login = format!("{name}@example.com");
    UserProfile::default()
        .first_name(name)
        .last_name("Tester")
        .email(login.clone())
        .login(login)
}

fn create(name: &str) -> CreateUserRequest {
    CreateUserRequest::new(profile(name))
}

#[tokio::test]
async fn a_user_lives_from_creation_to_deletion() {
    let org = Org::start(0).await;
    let okta = org.client();

    let user = okta
        .users()
        .create(
            CreateUserRequest::new(profile("ann").with("badgeId", "B-1").with("isVIP", true)).credentials(
                UserCredentialsWritable::default().password(PasswordCredential::default().value("Tr0ub4dor&3")),
            ),
        )
        .activate(false)
        .await
        .unwrap();
    assert_eq!(user.status, Some(UserStatus::Staged));
    let id = user.id.unwrap();

    let change = UpdateUserRequest::default().profile(UserProfile::default().nick_name("Annie"));
    let profile = okta.users().update(&id, change).await.unwrap().profile.unwrap();
    assert_eq!(profile.nick_name.as_deref(), Some("Annie"));
    assert_eq!(profile.first_name.as_deref(), Some("ann"));
    assert_eq!(profile.get::<String>("badgeId").unwrap().as_deref(), Some("B-1"));
    assert_eq!(profile.get::<bool>("isVIP").unwrap(), Some(true));

    let mut clearing = UserProfile::default();
    clearing.set_null("nickName");
    let profile = okta
        .users()
        .update(&id, UpdateUserRequest::default().profile(clearing))
        .await
        .unwrap()
        .profile
        .unwrap();
    assert_eq!(profile.nick_name, None, "an explicit null clears the attribute");
    assert_eq!(
        profile.get::<String>("badgeId").unwrap().as_deref(),
        Some("B-1"),
        "and leaves the others"
    );

    okta.users().activate(&id).await.unwrap();
    okta.users().suspend(&id).await.unwrap();
    assert_eq!(
        okta.users().get("ann@example.com").await.unwrap().status,
        Some(UserStatus::Suspended)
    );
    okta.users().unsuspend(&id).await.unwrap();
    okta.users().deactivate(&id).await.unwrap();
    okta.users().delete(&id).await.unwrap();
    assert!(okta.users().get(&id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_group_has_members_until_they_leave() {
    let org = Org::start(0).await;
    let okta = org.client();
    let user = okta.users().create(create("ann")).await.unwrap().id.unwrap();
    let profile = GroupProfile::default().name("Testers").with("costCentre", 42);
    let group = okta.groups().create(GroupRequest::new(profile)).await.unwrap();
    let id = group.id.unwrap();
    assert_eq!(group.profile.unwrap().get::<i64>("costCentre").unwrap(), Some(42));

    okta.groups().assign_user(&id, &user).await.unwrap();
    let members = okta.groups().list_users(&id).stream().try_collect().await.unwrap();
    assert_eq!(
        members.iter().map(|user| user.id.as_deref()).collect::<Vec<_>>(),
        [Some(&*user)]
    );
    let groups: Vec<_> = okta
        .users()
        .list_groups(&user)
        .await
        .unwrap()
        .into_iter()
        .filter_map(|group| group.id)
        .collect();
    assert!(groups.contains(&id), "{groups:?}");

    okta.groups().unassign_user(&id, &user).await.unwrap();
    assert_eq!(okta.groups().list_users(&id).await.unwrap().items.len(), 0);
    okta.groups().delete(&id).await.unwrap();
}

#[tokio::test]
async fn a_list_is_walked_page_by_page_and_item_by_item() {
    let org = Org::start(7).await;
    let okta = org.client();

    let first = okta.users().list().limit(3).await.unwrap();
    assert_eq!((first.items.len(), first.has_next()), (3, true));
    let second = first.next().await.unwrap().unwrap();
    let third = second.next().await.unwrap().unwrap();
    assert!(!third.has_next() && third.next().await.unwrap().is_none());
    let by_page: Vec<_> = [first, second, third]
        .into_iter()
        .flatten()
        .map(|user| user.id)
        .collect();

    let by_item: Vec<_> = okta
        .users()
        .list()
        .limit(3)
        .stream()
        .map_ok(|user| user.id)
        .try_collect()
        .await
        .unwrap();
    let by_pages: Vec<_> = okta
        .users()
        .list()
        .limit(2)
        .pages()
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    assert_eq!(by_item, by_page);
    assert_eq!(
        by_pages.into_iter().flatten().map(|user| user.id).collect::<Vec<_>>(),
        by_page
    );
}

#[tokio::test]
async fn users_are_searched_for_and_filtered() {
    let org = Org::start(5).await;
    let okta = org.client();
    okta.users()
        .create(CreateUserRequest::new(profile("ann").with("badgeId", "B-1")))
        .await
        .unwrap();
    let search = okta.users().list().search(r#"profile.badgeId eq "B-1""#).await.unwrap();
    assert_eq!(search.items.len(), 1);
    let filter = okta
        .users()
        .list()
        .filter(r#"profile.login eq "ann@example.com""#)
        .await
        .unwrap();
    assert_eq!(filter.items[0].id, search.items[0].id);
    let query = okta.users().list().q("ann").await.unwrap();
    assert_eq!(query.items[0].id, search.items[0].id);
    let error = okta.users().list().search("profile.badgeId equals").await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST), "{error}");
}

#[tokio::test]
async fn what_was_done_stands_in_the_system_log() {
    let org = Org::start(0).await;
    let okta = org.client();
    let id = okta.users().create(create("ann")).await.unwrap().id.unwrap();
    let events = okta
        .logs()
        .list()
        .filter(r#"eventType eq "user.lifecycle.create""#)
        .stream()
        .try_collect()
        .await
        .unwrap();
    let targets: Vec<_> = events.iter().flat_map(|event| event.target.iter().flatten()).collect();
    assert!(
        targets.iter().any(|target| target.id.as_deref() == Some(&id)),
        "{targets:?}"
    );
    assert!(
        events
            .iter()
            .all(|event| event.published.is_some() && event.uuid.is_some())
    );
}

#[tokio::test]
async fn the_response_around_a_value_is_there_to_be_had() {
    let org = Org::start(1).await;
    let okta = org.client();
    let response = okta.users().list().send().await.unwrap();
    assert_eq!(response.status, StatusCode::OK);
    assert!(response.request_id().is_some_and(|id| !id.is_empty()));
    let limit = response.rate_limit().unwrap();
    assert!(limit.limit >= limit.remaining && limit.reset > 0, "{limit:?}");
}

#[tokio::test]
async fn endpoints_without_a_method_are_called_through_the_same_stack() {
    let org = Org::start(3).await;
    let okta = org.client();
    let body = json!({"profile": profile("raw")});
    let answer = okta
        .request(Method::POST, "/api/v1/users?activate=false")
        .json(&body)
        .await
        .unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.rate_limit().is_some());
    let user: Value = answer.json().unwrap();
    assert_eq!(user["status"], "STAGED");

    let address = format!("{}/api/v1/users/{}", org.url(), user["id"].as_str().unwrap());
    let user: okta_client::models::User = okta.request(Method::GET, &address).await.unwrap().json().unwrap();
    assert_eq!(user.profile.unwrap().login.as_deref(), Some("raw@example.com"));

    let users: Vec<Value> = okta
        .request(Method::GET, "/api/v1/users")
        .with_query("limit", 2)
        .stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(users.len(), 4);

    let error = okta.request(Method::GET, "/api/v1/users/unknown").await.unwrap_err();
    assert!(error.is_not_found() && error.operation().is_none(), "{error}");
}

#[tokio::test]
async fn one_client_serves_many_tasks() {
    let org = Org::start(3).await;
    let okta = org.client();
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let okta = okta.clone();
            tokio::spawn(async move { okta.users().list().await.map(|page| page.items.len()) })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), 3);
    }
}
