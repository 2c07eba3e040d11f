//! The order of policies and rules, against a service that shifts priorities as Okta does.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use http::{Method, Request, Response};
use okta_client::{Body, BoxError, OktaClient, ReorderError};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::script::builder;

/// The policies (or rules) of an org in their order; the first one has the priority `top`.
#[derive(Clone)]
struct Org {
    order: Arc<Mutex<Vec<String>>>,
    top: usize,
    /// What was changed, and to which priority.
    changed: Arc<Mutex<Vec<(String, usize)>>>,
    under_way: Arc<AtomicUsize>,
    /// Whether the next change is refused.
    is_reconciling: Arc<AtomicBool>,
    /// How many lists still show the order of the beginning.
    stale: Arc<Mutex<(usize, Vec<String>)>>,
    is_stubborn: bool,
}

impl Org {
    fn new(ids: &[&str], top: usize) -> Self {
        Self {
            order: Arc::new(Mutex::new(ids.iter().map(|id| (*id).to_owned()).collect())),
            top,
            changed: Arc::default(),
            under_way: Arc::default(),
            is_reconciling: Arc::new(AtomicBool::new(true)),
            stale: Arc::default(),
            is_stubborn: false,
        }
    }

    fn client(&self) -> OktaClient {
        let org = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let org = org.clone();
            async move { org.answer(request).await }
        });
        builder().service(service).build().unwrap()
    }

    async fn answer(self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let (parts, body) = request.into_parts();
        let id = parts.uri.path().rsplit('/').next().unwrap().to_owned();
        if parts.method == Method::PUT && self.is_reconciling.swap(false, Ordering::SeqCst) {
            let body = r#"{"errorCode":"E0000239","errorSummary":"Policy priorities are being reconciled."}"#;
            return Ok(Response::builder().status(423).body(Body::from(body))?);
        }
        if parts.method == Method::PUT {
            assert_eq!(self.under_way.fetch_add(1, Ordering::SeqCst), 0, "one after the other");
            tokio::task::yield_now().await;
            let body: Value = serde_json::from_slice(&body.collect().await?)?;
            assert_eq!(body["name"], format!("the name of {id}"), "nothing is lost");
            let priority = usize::try_from(body["priority"].as_u64().unwrap())?;
            self.changed.lock().unwrap().push((id.clone(), priority));
            if !self.is_stubborn {
                let mut order = self.order.lock().unwrap();
                order.retain(|other| *other != id);
                order.insert(priority - self.top, id.clone());
            }
            self.under_way.fetch_sub(1, Ordering::SeqCst);
        }
        let order = self.order.lock().unwrap().clone();
        let record = |order: &[String], id: &str| {
            let place = order.iter().position(|known| known == id)?;
            Some(
                json!({"id": id, "type": "ACCESS_POLICY", "name": format!("the name of {id}"), "priority": place + self.top}),
            )
        };
        let answer = if id == "policies" || id == "rules" {
            let stale = &mut *self.stale.lock().unwrap();
            let shown = if stale.0 > 0 && !self.changed.lock().unwrap().is_empty() {
                stale.0 -= 1;
                stale.1.clone()
            } else {
                order
            };
            // Lists need not be in the order of the priorities.
            let records = shown.iter().rev().filter_map(|id| record(&shown, id));
            Some(records.collect())
        } else {
            record(&order, &id)
        };
        Ok(match answer {
            Some(answer) => Response::new(Body::from(answer.to_string())),
            None => Response::builder().status(404).body(Body::empty())?,
        })
    }

    fn order(&self) -> String {
        self.order.lock().unwrap().join(" ")
    }
}

#[tokio::test(start_paused = true)]
async fn policies_are_moved_from_the_top_down_one_after_the_other() {
    for top in [0, 1] {
        let org = Org::new(&["a", "b", "c", "d", "default"], top);
        let okta = org.client();
        let order = tokio::spawn(async move { okta.policies().reorder(&["d", "a", "c"]).await });
        assert_eq!(order.await.unwrap().unwrap(), 2);
        assert_eq!(org.order(), "d a c b default");
        let changed = org.changed.lock().unwrap().clone();
        assert_eq!(changed, [("d".to_owned(), top), ("c".to_owned(), top + 2)]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_right_is_left_alone() {
    let org = Org::new(&["a", "b", "c"], 1);
    let okta = org.client();
    assert_eq!(okta.policies().reorder(&["a", "b"]).await.unwrap(), 0);
    assert_eq!(okta.policies().reorder::<&str>(&[]).await.unwrap(), 0);
    assert_eq!(
        okta.policies().reorder_rules("00p1", &["a", "b", "c"]).await.unwrap(),
        0
    );
    assert!(org.changed.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_order_of_rules_comes_about() {
    let ids = ["a", "b", "c", "d"];
    for code in 0..256_usize {
        let places = [code % 4, code / 4 % 4, code / 16 % 4, code / 64];
        let wanted = places.map(|place| ids[place]);
        let org = Org::new(&ids, 1);
        let okta = org.client();
        let result = okta.policies().reorder_rules("00p1", &wanted).await;
        if wanted
            .iter()
            .all(|id| wanted.iter().filter(|other| *other == id).count() == 1)
        {
            result.unwrap();
            assert_eq!(org.order(), wanted.join(" "));
        } else {
            assert!(matches!(result, Err(ReorderError::Repeated { .. })));
            assert_eq!(org.order(), ids.join(" "), "nothing was changed");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_lags_is_read_again_and_an_order_that_differs_is_named() {
    let mut org = Org::new(&["a", "b"], 1);
    let start = Instant::now();
    *org.stale.lock().unwrap() = (2, vec!["a".to_owned(), "b".to_owned()]);
    let okta = org.client();
    assert_eq!(okta.policies().reorder(&["b", "a"]).await.unwrap(), 1);
    let passed = start.elapsed().as_secs_f64();
    assert!(
        (3.0..4.0).contains(&passed),
        "after 0, 1 and 3 seconds, and a 423: {passed}"
    );

    org.is_stubborn = true;
    let okta = org.client();
    let error = okta.policies().reorder(&["a", "b"]).await.unwrap_err();
    let ReorderError::Differs { wanted, found, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (wanted.join(" "), found.join(" ")),
        ("a b".to_owned(), "b a".to_owned())
    );
    assert!(
        error.to_string().starts_with("the order is b, a instead of a, b"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_unknown_id_changes_nothing() {
    let org = Org::new(&["a", "b"], 1);
    let okta = org.client();
    let error = okta.policies().reorder(&["b", "x"]).await.unwrap_err();
    assert!(
        matches!(&error, ReorderError::Unlisted { id, .. } if id == "x"),
        "{error}"
    );
    let error = okta.policies().reorder(&["x"]).await.unwrap_err();
    assert!(
        matches!(&error, ReorderError::Call(error) if error.is_not_found()),
        "{error}"
    );
    assert!(org.changed.lock().unwrap().is_empty());
}
