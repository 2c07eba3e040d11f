//! Which operators and attributes a list allows in its expressions.

/// What a list lets its callers ask.
pub(crate) struct Dialect {
    /// The operators, `pr` included.
    pub(crate) operators: &'static [Operator],
    /// Whether `not` is understood.
    pub(crate) negation: bool,
    /// The attributes that may be named; `None` = all of them.
    pub(crate) attributes: Option<&'static [&'static str]>,
}

/// What `filter` understands, of users as of groups.
pub(crate) const COMPARISONS: &[Operator] = &[
    Operator::Equal,
    Operator::Greater,
    Operator::GreaterOrEqual,
    Operator::Less,
    Operator::LessOrEqual,
];

/// What `search` of users and groups understands, and `filter` of the generic store.
pub(crate) const SEARCH: Dialect = Dialect {
    operators: &[
        Operator::Equal,
        Operator::NotEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::StartsWith,
        Operator::Contains,
        Operator::Present,
    ],
    negation: false,
    attributes: None,
};

/// All of the language, as `filter` of the System Log understands it.
pub(crate) const EVERYTHING: Dialect = Dialect {
    operators: &[
        Operator::Equal,
        Operator::NotEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::StartsWith,
        Operator::Contains,
        Operator::EndsWith,
        Operator::Present,
    ],
    negation: true,
    attributes: None,
};

/// The comparisons of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    StartsWith,
    Contains,
    EndsWith,
    Present,
}

impl Operator {
    /// Operators are not case-sensitive.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "eq" => Self::Equal,
            "ne" => Self::NotEqual,
            "gt" => Self::Greater,
            "ge" => Self::GreaterOrEqual,
            "lt" => Self::Less,
            "le" => Self::LessOrEqual,
            "sw" => Self::StartsWith,
            "co" => Self::Contains,
            "ew" => Self::EndsWith,
            "pr" => Self::Present,
            _ => return None,
        })
    }
}
