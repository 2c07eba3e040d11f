//! Expressions: what is written, and that neither values nor names can add a condition.

use std::time::{Duration, SystemTime};

use okta_models::{
    Timestamp, UserStatus,
    expression::{Expression, attr, not},
};
use proptest::prelude::*;

fn text(expression: impl Into<Expression>) -> String {
    expression.into().into_text().unwrap()
}

#[test]
fn every_operator_and_every_kind_of_value() {
    for (expression, expected) in [
        (attr("a").eq("x"), r#"a eq "x""#),
        (attr("a").ne(String::from("x")), r#"a ne "x""#),
        (attr("a").gt(5), "a gt 5"),
        (attr("a").ge(-5_i64), "a ge -5"),
        (attr("a").lt(u64::MAX), "a lt 18446744073709551615"),
        (attr("a").le(1.5), "a le 1.5"),
        (attr("a").le(0.1_f32), "a le 0.1"),
        (attr("a").eq(1e21), "a eq 1000000000000000000000"),
        (attr("a").eq(true), "a eq true"),
        (attr("a").eq("true"), r#"a eq "true""#),
        (attr("a").sw("x"), r#"a sw "x""#),
        (attr("a").co(String::from("x")), r#"a co "x""#),
        (attr("a").ew("x"), r#"a ew "x""#),
        (attr("a").pr(), "a pr"),
        (attr("a").eq(""), r#"a eq """#),
        (attr("status").eq(UserStatus::LockedOut), r#"status eq "LOCKED_OUT""#),
        (attr("status").eq(UserStatus::from("N\"EW")), r#"status eq "N\"EW""#),
    ] {
        assert_eq!(text(expression), expected);
    }
}

#[test]
fn times_are_written_as_okta_writes_them() {
    let since = r#"a gt "2026-03-27T03:16:15.120Z""#;
    let system = SystemTime::UNIX_EPOCH + Duration::from_nanos(1_774_581_375_120_999_999);
    assert_eq!(text(attr("a").gt(system)), since);
    let instant: jiff::Timestamp = "2026-03-27T03:16:15.12Z".parse().unwrap();
    assert_eq!(text(attr("a").gt(instant)), since);
    for same in ["2026-03-27T03:16:15.120Z", "2026-03-27T04:16:15.12+01:00"] {
        assert_eq!(text(attr("a").gt(same.parse::<Timestamp>().unwrap())), since, "{same}");
    }
    let never: Timestamp = "9999-12-31T23:59:59.999Z".parse().unwrap();
    assert_eq!(text(attr("a").lt(&never)), r#"a lt "9999-12-31T23:59:59.999Z""#);
}

#[test]
fn combinations_have_the_parentheses_they_need() {
    let [a, b, c] = ["a", "b", "c"].map(|name| attr(name).pr());
    let (and, or) = (
        |x: &Expression, y: &Expression| x.clone().and(y),
        |x: &Expression, y: &Expression| x.clone().or(y),
    );
    for (expression, expected) in [
        (and(&and(&a, &b), &c), "a pr and b pr and c pr"),
        (and(&a, &and(&b, &c)), "a pr and b pr and c pr"),
        (or(&or(&a, &b), &c), "a pr or b pr or c pr"),
        (or(&and(&a, &b), &c), "(a pr and b pr) or c pr"),
        (and(&or(&a, &b), &c), "(a pr or b pr) and c pr"),
        (and(&a, &or(&b, &c)), "a pr and (b pr or c pr)"),
        (not(or(&a, &b)), "not (a pr or b pr)"),
        (!and(&a, &b), "not (a pr and b pr)"),
        (and(&not(&a), &b), "not (a pr) and b pr"),
        (and(&a, &Expression::from("b pr or c pr")), "a pr and (b pr or c pr)"),
        (or(&Expression::from("b pr or c pr"), &a), "(b pr or c pr) or a pr"),
        (Expression::from("b pr or c pr"), "b pr or c pr"),
        (attr("x").one_of([1, 2]).and(a.clone()), "(x eq 1 or x eq 2) and a pr"),
        (attr("x").one_of(["1"]).and(a), r#"x eq "1" and a pr"#),
    ] {
        assert_eq!(text(expression), expected);
    }
}

#[test]
fn what_cannot_be_sent_is_said_and_has_a_text_that_no_parser_accepts() {
    let nothing: [&str; 0] = [];
    for (expression, said) in [
        (
            attr("id pr or status").eq("x"),
            "\"id pr or status\" is not an attribute name",
        ),
        (attr("").pr(), "\"\" is not"),
        (attr("a\n").pr(), r#""a\n" is not"#),
        (attr("profile.x").eq("a").and(attr("b\"").pr()), r#""b\"" is not"#),
        (attr("a").eq(f64::NAN), "NaN cannot"),
        (attr("a").eq(f32::INFINITY), "inf cannot"),
        (attr("a").one_of(nothing), "`a` is compared with an empty list"),
        (attr("a").pr().and(" "), "a condition is empty"),
        (not(attr("a b").pr()), "\"a b\" is not"),
    ] {
        let error = expression.check().unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(expression.to_string(), "<invalid expression>");
        assert_eq!(String::from(expression), "<invalid expression>");
    }
    let long = attr("x ".repeat(10_000)).pr().check().unwrap_err().to_string();
    assert!(long.len() < 300, "{long}");
}

#[test]
fn names_of_attributes() {
    for name in [
        "id",
        "profile.firstName",
        "profile.Badge_No",
        "profile._x",
        "debugContext.debugData.requestUri",
        "credentials.signing.kid",
        "urn:okta:custom:user:1.0:x.y",
        "a-b",
        "order",
        "notBefore",
        "profile.and",
    ] {
        assert_eq!(text(attr(name).pr()), format!("{name} pr"));
    }
    for name in [
        ".a",
        "a.",
        "a..b",
        "1a",
        "-a",
        "a b",
        "a(",
        "a)",
        "a\"",
        "a\\",
        "a[b]",
        "a,b",
        "not",
        "AND",
        "Or",
        "ä",
        "a\u{0}",
        "a\u{a0}b",
        "a eq \"1\" or b",
    ] {
        assert!(attr(name).eq("x").check().is_err(), "{name}");
    }
}

/// The value of `a eq "…"` as RFC 7644 reads it, with all of the text used up.
fn parsed(expression: &str) -> Option<String> {
    let mut characters = expression.strip_prefix("a eq \"")?.chars();
    let mut value = String::new();
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then_some(value),
            '\\' => value.push(characters.next()?),
            other => value.push(other),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    // The emulator's parser reads them as well: tests/it/expressions.rs.
    #[test]
    fn a_value_is_one_literal_whatever_its_text(value in any::<String>(), nasty in r#"["\\() a-z\x00-\x1f]{0,12}"#) {
        for value in [value, nasty] {
            let expression = text(attr("a").eq(&value));
            prop_assert_eq!(parsed(&expression), Some(value));
        }
    }

    #[test]
    fn a_name_is_a_name_or_an_error(name in any::<String>(), nasty in r#"[a-c.()" \\=0-9]{0,8}"#) {
        for name in [name, nasty] {
            let expression = attr(&name).pr();
            match expression.into_text() {
                Ok(text) => {
                    prop_assert_eq!(&text, &format!("{name} pr"));
                    prop_assert!(!name.chars().any(|character| character.is_whitespace() || "()\"\\".contains(character)));
                }
                Err(error) => prop_assert!(error.to_string().contains("not an attribute name")),
            }
        }
    }
}
