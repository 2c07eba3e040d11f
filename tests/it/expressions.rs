//! Expressions of the builder, read by the emulator: its parser finds the values that went in, and its lists the records that
//! an evaluation of the same condition finds.

use std::collections::BTreeSet;

use okta_client::{
    OktaClient,
    models::{
        User,
        expression::{Expression, attr, not},
    },
    transport::rate_limit::RateLimitMode,
};
use okta_emulator::Emulator;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;

/// The emulator's own reader of expressions, which it does not export.
#[allow(dead_code, unreachable_pub, reason = "only what reads is used")]
#[path = "../../crates/okta-emulator/src/protocol/filter/lexer.rs"]
mod lexer;
use lexer::{Kind, tokens};

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        // What could end a literal, or hide the end of one.
        r#"["\\() =\x00-\x1f\x7fa-zÄß\u{2028}\u{feff}]{0,16}"#,
        Just(r#"" or id pr or x eq ""#.to_owned()),
        Just(r"\".to_owned()),
        Just(r#"\""#.to_owned()),
        Just(String::new()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_text_goes_in_the_emulator_reads_it_as_one_value(value in any_text(), other in any_text()) {
        let expression = attr("profile.name").eq(&value).and(attr("a").sw(&other).or(attr("b").eq(&other)));
        let kinds: Vec<Kind> = tokens(&expression.to_string()).unwrap().into_iter().map(|token| token.kind).collect();
        let word = |word: &str| Kind::Word(word.to_owned());
        prop_assert_eq!(kinds, [
            word("profile.name"), word("eq"), Kind::Text(value), word("and"), Kind::Open,
            word("a"), word("sw"), Kind::Text(other.clone()), word("or"), word("b"), word("eq"), Kind::Text(other), Kind::Close,
        ]);
    }

    #[test]
    fn whatever_name_goes_in_it_is_one_word_or_refused(name in any_text(), plain in "[a-zA-Z0-9._$:-]{0,12}") {
        for name in [name, plain] {
            let kinds = tokens(&attr(&name).pr().to_string());
            let is_one_word = kinds.is_ok_and(|kinds| {
                kinds.into_iter().map(|token| token.kind).eq([Kind::Word(name.clone()), Kind::Word("pr".to_owned())])
            });
            prop_assert!(is_one_word || attr(&name).pr().check().is_err(), "{:?}", name);
        }
    }
}

#[test]
fn no_reader_accepts_the_text_of_an_invalid_expression() {
    assert!(tokens(&attr("a b").pr().to_string()).is_err());
}

/// A condition, to evaluate without the emulator.
#[derive(Clone, Debug)]
enum Condition {
    Department(&'static str, String),
    Level(&'static str, i64),
    HasCity,
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

#[derive(Clone, Debug)]
struct Person {
    login: String,
    department: String,
    level: i64,
    city: Option<String>,
}

impl Condition {
    fn holds(&self, person: &Person) -> bool {
        match self {
            Self::Department(operator, text) => {
                let (value, text) = (person.department.to_lowercase(), text.to_lowercase());
                match *operator {
                    "eq" => value == text && !value.is_empty(),
                    "sw" => value.starts_with(&text) && !value.is_empty(),
                    _ => value.contains(&text) && !value.is_empty(),
                }
            }
            Self::Level("lt", level) => person.level < *level,
            Self::Level("ge", level) => person.level >= *level,
            Self::Level(_, level) => person.level == *level,
            Self::HasCity => person.city.is_some(),
            Self::And(one, two) => one.holds(person) && two.holds(person),
            Self::Or(one, two) => one.holds(person) || two.holds(person),
        }
    }

    fn expression(&self) -> Expression {
        let department = attr("profile.department");
        let level = attr("profile.careerLevel");
        match self {
            Self::Department("eq", text) => department.eq(text),
            Self::Department("sw", text) => department.sw(text),
            Self::Department(_, text) => department.co(text),
            Self::Level("lt", number) => level.lt(*number),
            Self::Level("ge", number) => level.ge(*number),
            Self::Level(_, number) => level.eq(*number),
            Self::HasCity => attr("profile.city").pr(),
            Self::And(one, two) => one.expression().and(two.expression()),
            Self::Or(one, two) => one.expression().or(two.expression()),
        }
    }
}

const DEPARTMENTS: [&str; 8] = [
    r#"R&D "new""#,
    r"C:\temp\",
    "two\nlines",
    "(all) or id pr",
    "Zürich",
    "Zürich 2",
    r#"" or status pr or "a" eq ""#,
    "plain",
];

fn condition() -> impl Strategy<Value = Condition> {
    let text = prop_oneof![
        prop::sample::select(&DEPARTMENTS[..]).prop_map(str::to_owned),
        prop::sample::select(&["z", "\"", "\\", "\n", "2", "("][..]).prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        (prop::sample::select(&["eq", "sw", "co"][..]), text)
            .prop_map(|(operator, text)| Condition::Department(operator, text)),
        (prop::sample::select(&["lt", "ge", "eq"][..]), 0..6_i64)
            .prop_map(|(operator, level)| Condition::Level(operator, level)),
        Just(Condition::HasCity),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        (any::<bool>(), inner.clone(), inner).prop_map(|(both, one, two)| {
            let (one, two) = (Box::new(one), Box::new(two));
            if both {
                Condition::And(one, two)
            } else {
                Condition::Or(one, two)
            }
        })
    })
}

fn people() -> Vec<Person> {
    let number = |index: usize| i64::try_from(index).unwrap();
    let person = |index: usize| Person {
        login: format!("p{index}@example.com"),
        department: DEPARTMENTS[index % DEPARTMENTS.len()].to_owned(),
        level: number(index) % 5,
        city: index.is_multiple_of(3).then(|| "Köln".to_owned()),
    };
    (0..24).map(person).collect()
}

fn org() -> (OktaClient, Vec<Person>) {
    let people = people();
    let mut org = Emulator::builder().empty().log_events(40).rate_limit(1_000_000);
    for person in &people {
        let mut profile = json!({
            "login": person.login, "email": person.login, "firstName": "P", "lastName": "P",
            "department": person.department, "careerLevel": person.level,
        });
        if let Some(city) = &person.city {
            profile["city"] = json!(city);
        }
        org = org.user(json!({ "profile": profile }));
    }
    let org = org.build().unwrap();
    let builder = OktaClient::builder().org_url(org.org_url()).api_token(org.token());
    (
        builder
            .rate_limit_mode(RateLimitMode::Off)
            .service(org)
            .build()
            .unwrap(),
        people,
    )
}

#[test]
fn a_search_finds_what_its_condition_says() {
    let (okta, people) = org();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let tried = runner.run(&condition(), |condition| {
        let search = okta.users().list().search(condition.expression()).limit(200);
        let users: Vec<User> = runtime.block_on(search.stream().try_collect()).unwrap();
        let found: BTreeSet<String> = users.into_iter().filter_map(|user| user.profile?.login).collect();
        let expected = people.iter().filter(|person| condition.holds(person));
        prop_assert_eq!(
            found,
            expected.map(|person| person.login.clone()).collect(),
            "{}",
            condition.expression()
        );
        Ok(())
    });
    tried.unwrap();
}

#[tokio::test]
async fn a_negated_filter_of_the_log_finds_the_other_events() {
    let (okta, _) = org();
    let found = |filter: Option<Expression>| {
        let list = okta
            .logs()
            .list()
            .since("2000-01-01T00:00:00Z")
            .until("2100-01-01T00:00:00Z");
        let list = match filter {
            Some(filter) => list.filter(filter),
            None => list,
        };
        async move { list.stream().try_collect().await.unwrap().len() }
    };
    let starts = attr("eventType").sw("user.");
    let all = found(None).await;
    let (with, without) = (found(Some(starts.clone())).await, found(Some(not(starts))).await);
    assert_eq!(with + without, all);
    assert!(with > 0, "{with} {without}");
}

#[tokio::test]
async fn an_invalid_expression_is_an_error_before_anything_is_sent() {
    let (okta, _) = org();
    let error = okta
        .users()
        .list()
        .search(attr("id pr or status").eq("x"))
        .await
        .unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("`search`") && message.contains("\"id pr or status\" is not an attribute name"),
        "{message}"
    );
    // Text is sent verbatim, whatever holds it.
    for text in [
        String::from("profile.careerLevel eq 4"),
        "profile.careerLevel eq 4".to_owned(),
    ] {
        assert_eq!(okta.users().list().search(&text).await.unwrap().items.len(), 4);
        assert_eq!(okta.users().list().search(text).await.unwrap().items.len(), 4);
    }
}
