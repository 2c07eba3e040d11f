//! The query of a URL.

/// The decoded query, in the order sent.
#[derive(Clone)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        Self {
            pairs: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        }
    }

    /// Appends the pairs of another query.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.pairs.extend(other.pairs.iter().cloned());
    }

    /// The first value of a parameter; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The same query with one parameter replaced or added.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        match changed.pairs.iter_mut().find(|(known, _)| known == name) {
            Some(pair) => pair.1 = value.to_owned(),
            None => changed.pairs.push((name.to_owned(), value.to_owned())),
        }
        changed
    }

    /// The same query without one parameter.
    pub(crate) fn without(&self, name: &str) -> Self {
        let kept = self.pairs.iter().filter(|(known, _)| known != name);
        Self {
            pairs: kept.cloned().collect(),
        }
    }

    /// The encoded form, `?` included unless there is nothing to say.
    pub(crate) fn encode(&self) -> String {
        if self.pairs.is_empty() {
            return String::new();
        }
        url::form_urlencoded::Serializer::for_suffix(String::from("?"), 1)
            .extend_pairs(&self.pairs)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_its_order_and_encodes_as_a_form() {
        let query = Query::parse("filter=status+eq+%22ACTIVE%22&limit=2&empty=");
        assert_eq!(query.get("filter"), Some("status eq \"ACTIVE\""));
        assert_eq!(query.get("empty"), None);
        assert_eq!(
            query.with("after", "x,y").with("limit", "3").encode(),
            "?filter=status+eq+%22ACTIVE%22&limit=3&empty=&after=x%2Cy"
        );
        assert_eq!(Query::parse("").encode(), "");
    }
}
