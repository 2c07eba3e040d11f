//! The order of policies, and of the rules of one.

use std::{collections::BTreeSet, error::Error as StdError, fmt, mem, time::Duration};

use okta_models::{Policy, PolicyRule, PolicyType};
use okta_transport::{CallOptions, cache::CacheMode};
use serde_json::Value;

use crate::{
    api::policies::Policies,
    client::OktaClient,
    error::{Error, write_chain},
    wait::WaitError,
};

/// How long Okta may take until the list shows the new order.
const SETTLING: Duration = Duration::from_secs(30);
const PRIORITY: &str = "priority";

impl Policies {
    /// Moves policies of one type into this order, the first one to the top; policies that are not named follow in the
    /// order they have.
    ///
    /// Okta shifts the priorities of others with each change, and refuses or loses changes that are made at the same time. So
    /// the policies are moved one after the other from the top down, each is read before it is changed, and none is sent that
    /// has its place already. In the end the list is read until it shows the order, for 30 seconds at most. The result is the
    /// number of policies that were moved: 0 if the order was right.
    ///
    /// ```no_run
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let moved = okta.policies().reorder(&["00p3", "00p1", "00p2"]).await?;
    /// println!("{moved} policies were moved");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ReorderError`]: a call failed, an id is unknown or named twice, or the list shows another order.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the policies that were moved where they are. Call it again with the same ids.
    pub async fn reorder<I: AsRef<str> + Sync>(&self, ids: &[I]) -> Result<usize, ReorderError> {
        let ids = distinct(ids)?;
        let Some(id) = ids.first() else { return Ok(0) };
        let first = self.get(*id).with_options(fresh()).await?;
        let Some(kind) = first.r#type().cloned() else {
            return Err(ReorderError::Unlisted { id: (*id).to_owned() });
        };
        reorder(&PoliciesOfType { policies: self, kind }, &ids).await
    }

    /// Moves the rules of a policy into this order, as [`reorder`](Self::reorder) does with policies.
    ///
    /// # Errors
    /// As [`reorder`](Self::reorder).
    ///
    /// # Cancel safety
    /// As [`reorder`](Self::reorder).
    pub async fn reorder_rules<I: AsRef<str> + Sync>(
        &self,
        policy_id: impl Into<String>,
        ids: &[I],
    ) -> Result<usize, ReorderError> {
        let policy_id = policy_id.into();
        let policies = self;
        reorder(&RulesOfPolicy { policies, policy_id }, &distinct(ids)?).await
    }
}

/// What has an order: the calls that read and change it.
trait Ordered {
    type Item: Prioritized;
    async fn list(&self) -> Result<Vec<Self::Item>, Error>;
    async fn get(&self, id: &str) -> Result<Self::Item, Error>;
    async fn replace(&self, id: &str, item: Self::Item) -> Result<(), Error>;
    fn client(&self) -> &OktaClient;
}

/// What has a place in an order.
trait Prioritized {
    fn id(&self) -> Option<&str>;
    fn priority(&self) -> Option<i64>;
    fn set_priority(&mut self, priority: i64);
}

struct PoliciesOfType<'a> {
    policies: &'a Policies,
    kind: PolicyType,
}

struct RulesOfPolicy<'a> {
    policies: &'a Policies,
    policy_id: String,
}

// `#[inline]`: the models of all kinds of policies are compiled by those who order policies, not by everyone.

impl Ordered for PoliciesOfType<'_> {
    type Item = Policy;
    #[inline]
    async fn list(&self) -> Result<Vec<Policy>, Error> {
        let list = self.policies.list(self.kind.clone()).with_options(fresh());
        list.stream().try_collect().await
    }
    #[inline]
    async fn get(&self, id: &str) -> Result<Policy, Error> {
        self.policies.get(id).with_options(fresh()).await
    }
    #[inline]
    async fn replace(&self, id: &str, item: Policy) -> Result<(), Error> {
        self.policies.replace(id, item).await.map(drop)
    }
    #[inline]
    fn client(&self) -> &OktaClient {
        &self.policies.0
    }
}

impl Ordered for RulesOfPolicy<'_> {
    type Item = PolicyRule;
    #[inline]
    async fn list(&self) -> Result<Vec<PolicyRule>, Error> {
        let list = self.policies.list_rules(&*self.policy_id).with_options(fresh());
        list.stream().try_collect().await
    }
    #[inline]
    async fn get(&self, id: &str) -> Result<PolicyRule, Error> {
        self.policies.get_rule(&*self.policy_id, id).with_options(fresh()).await
    }
    #[inline]
    async fn replace(&self, id: &str, item: PolicyRule) -> Result<(), Error> {
        self.policies.replace_rule(&*self.policy_id, id, item).await.map(drop)
    }
    #[inline]
    fn client(&self) -> &OktaClient {
        &self.policies.0
    }
}

macro_rules! prioritized {
    ($type:ident) => {
        impl Prioritized for $type {
            #[inline]
            fn id(&self) -> Option<&str> {
                $type::id(self).map(String::as_str)
            }
            #[inline]
            fn priority(&self) -> Option<i64> {
                self.get(PRIORITY).ok().flatten()
            }
            #[inline]
            fn set_priority(&mut self, priority: i64) {
                self.set(PRIORITY, Value::from(priority));
            }
        }
    };
}
prioritized!(Policy);
prioritized!(PolicyRule);

/// Orders are read as they are now, not as a cache has them.
fn fresh() -> CallOptions {
    CallOptions::new().cache(CacheMode::Refresh)
}

fn distinct<I: AsRef<str>>(ids: &[I]) -> Result<Vec<&str>, ReorderError> {
    let mut known = BTreeSet::new();
    let ids = ids.iter().map(AsRef::as_ref);
    ids.map(|id| {
        let is_new = known.insert(id);
        is_new
            .then_some(id)
            .ok_or_else(|| ReorderError::Repeated { id: id.to_owned() })
    })
    .collect()
}

async fn reorder<O: Ordered>(ordered: &O, ids: &[&str]) -> Result<usize, ReorderError> {
    let listed = ordered.list().await?;
    if let Some(id) = ids.iter().find(|id| listed.iter().all(|item| item.id() != Some(id))) {
        return Err(ReorderError::Unlisted { id: (*id).to_owned() });
    }
    // Some orders begin at 0, others at 1.
    let top = listed.iter().filter_map(O::Item::priority).min().unwrap_or(1);
    let mut moved = 0;
    for (id, priority) in ids.iter().zip(top..) {
        // Each change shifts others, so what was read before it is of no use.
        let mut item = ordered.get(id).await?;
        if item.priority() != Some(priority) {
            item.set_priority(priority);
            ordered.replace(id, item).await?;
            moved += 1;
        }
    }
    let mut found: Vec<String> = Vec::new();
    let wait = ordered.client().wait().deadline(SETTLING);
    let is_as_wanted = |order: &Vec<String>| {
        found.clone_from(order);
        order.iter().zip(ids).filter(|(found, wanted)| found == wanted).count() == ids.len()
    };
    let settled = wait
        .until(|| async { ordered.list().await.map(in_order) }, is_as_wanted)
        .await;
    match settled {
        Ok(_) => Ok(moved),
        Err(WaitError::Failed(error)) => Err(error.into()),
        Err(WaitError::Expired {
            last_error: Some(error),
            ..
        }) if found.is_empty() => Err(error.into()),
        Err(WaitError::Expired { .. }) => Err(ReorderError::Differs {
            wanted: ids.iter().map(|id| (*id).to_owned()).collect(),
            found: mem::take(&mut found),
        }),
    }
}

/// The ids by priority; those that have none last.
fn in_order<T: Prioritized>(mut items: Vec<T>) -> Vec<String> {
    items.sort_by_key(|item| item.priority().unwrap_or(i64::MAX));
    items.iter().filter_map(|item| item.id().map(str::to_owned)).collect()
}

/// Why policies or rules are not in the order that was asked for.
#[non_exhaustive]
pub enum ReorderError {
    /// A call failed. What was moved before it stays there; the same call can be made again.
    Call(Error),
    /// An id was given twice. Nothing was changed.
    #[non_exhaustive]
    Repeated {
        /// The id.
        id: String,
    },
    /// An id is not in the list: it is unknown, of another type, or of another policy. Nothing was changed.
    #[non_exhaustive]
    Unlisted {
        /// The id.
        id: String,
    },
    /// Every change was accepted, but the list shows another order, because another client changes it at the same time, for
    /// example.
    #[non_exhaustive]
    Differs {
        /// The ids that were to be at the top, in this order.
        wanted: Vec<String>,
        /// All ids as the list shows them.
        found: Vec<String>,
    },
}

impl From<Error> for ReorderError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for ReorderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(_) => {
                f.write_str("the order was not set, or only a part of it; call again with the same ids")?
            }
            Self::Repeated { id } => write!(f, "`{id}` is named twice in the order: name it once")?,
            Self::Unlisted { id } => write!(
                f,
                "`{id}` is not in the list that is to be ordered: name policies of one type, or rules of one policy"
            )?,
            Self::Differs { wanted, found } => write!(
                f,
                "the order is {} instead of {}: look for another program or administrator that changes it, then call again",
                found.join(", "),
                wanted.join(", "),
            )?,
        }
        if f.alternate() {
            write_chain(f, self.source())
        } else {
            Ok(())
        }
    }
}

impl fmt::Debug for ReorderError {
    /// The text with its causes: a `main` that returns the error shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl StdError for ReorderError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }
}
