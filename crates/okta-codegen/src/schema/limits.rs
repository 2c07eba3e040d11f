//! What a schema allows of a value beyond its type. The client enforces none of it; the documentation says it.

use crate::document::Node;

/// The limits of a value. Numbers stand as the document writes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Limits {
    /// The least and the greatest number.
    pub(crate) number: Range,
    /// The fewest and the most characters of a text.
    pub(crate) length: Range,
    /// The fewest and the most items of a list.
    pub(crate) items: Range,
    /// The regular expression that a text matches.
    pub(crate) pattern: Option<String>,
}

/// The two ends of what is allowed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Range {
    pub(crate) least: Option<String>,
    pub(crate) most: Option<String>,
}

impl Limits {
    /// The limits that stand at a schema.
    pub(crate) fn parse(node: &Node) -> Self {
        let text = |name: &str| match node.get(name)? {
            Node::Text(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let range = |least: &str, most: &str| Range {
            least: text(least),
            most: text(most),
        };
        Self {
            number: range("minimum", "maximum"),
            length: range("minLength", "maxLength"),
            items: range("minItems", "maxItems"),
            pattern: text("pattern"),
        }
    }

    /// Adds what another schema in the same place says.
    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in [
            (&mut self.number.least, &other.number.least),
            (&mut self.number.most, &other.number.most),
            (&mut self.length.least, &other.length.least),
            (&mut self.length.most, &other.length.most),
            (&mut self.items.least, &other.items.least),
            (&mut self.items.most, &other.items.most),
            (&mut self.pattern, &other.pattern),
        ] {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
    }

    /// The limits as phrases: `1 to 200`, `at most 100 characters`. The document gives texts and lists a `maximum` too, which
    /// means nothing there.
    pub(crate) fn phrases(&self, is_number: bool) -> Vec<String> {
        let mut phrases: Vec<String> = [
            is_number.then(|| self.number.phrase("", "")).flatten(),
            self.length.phrase(" character", " characters"),
            self.items.phrase(" item", " items"),
        ]
        .into_iter()
        .flatten()
        .collect();
        // A long expression explains nothing.
        let pattern = self.pattern.as_ref();
        if let Some(pattern) = pattern.filter(|pattern| pattern.len() <= 40 && !pattern.contains('`')) {
            phrases.push(format!("matches `{pattern}`"));
        }
        phrases
    }
}

impl Range {
    fn phrase(&self, one: &str, many: &str) -> Option<String> {
        let unit = |count: &str| if count == "1" { one } else { many };
        match (self.least.as_deref(), self.most.as_deref()) {
            (Some(least), Some(most)) if least == most => Some(format!("exactly {most}{}", unit(most))),
            (Some("0"), Some(most)) if !many.is_empty() => Some(format!("at most {most}{}", unit(most))),
            (Some(least), Some(most)) => Some(format!("{least} to {most}{many}")),
            (None, Some(most)) => Some(format!("at most {most}{}", unit(most))),
            (Some("0"), None) if !many.is_empty() => None,
            (Some(least), None) => Some(format!("at least {least}{}", unit(least))),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(yaml: &str) -> Vec<String> {
        Limits::parse(&crate::testing::node(yaml)).phrases(true)
    }

    #[test]
    fn limits_are_phrases() {
        assert_eq!(phrases("{minimum: 1, maximum: 200}"), ["1 to 200"]);
        assert_eq!(phrases("{minimum: 0}"), ["at least 0"]);
        assert_eq!(phrases("{maxLength: 1}"), ["at most 1 character"]);
        assert_eq!(phrases("{minLength: 0, maxLength: 255}"), ["at most 255 characters"]);
        assert_eq!(phrases("{minLength: 36, maxLength: 36}"), ["exactly 36 characters"]);
        assert_eq!(phrases("{minItems: 1}"), ["at least 1 item"]);
        assert_eq!(
            phrases("{pattern: '^[a-z]+$', minLength: 2}"),
            ["at least 2 characters", "matches `^[a-z]+$`"]
        );
        assert_eq!(phrases("{minItems: 0}"), Vec::<String>::new());
    }

    #[test]
    fn what_stands_at_the_member_comes_before_what_it_refers_to() {
        let mut limits = Limits::parse(&crate::testing::node("{maximum: 5}"));
        limits.add(&Limits::parse(&crate::testing::node("{minimum: 1, maximum: 9}")));
        assert_eq!(limits.phrases(true), ["1 to 5"]);
        assert_eq!(limits.phrases(false), Vec::<String>::new());
    }
}
