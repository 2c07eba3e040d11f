//! ARCHITECTURE.md lists every place of requests and responses that is any JSON, with the reason; the generator knows them.

use std::{collections::BTreeMap, fmt::Write};

use okta_tests::golden;

const FREE_FORM: &str = include_str!("../../crates/okta-codegen/snapshot/free_form.txt");

#[test]
fn the_list_of_free_form_types_is_that_of_the_generator() {
    let mut operations = String::new();
    let mut members: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in FREE_FORM
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (place, what) = line.split_once(": ").unwrap();
        match place.split_once(' ') {
            Some((operation, position)) => writeln!(operations, "- {position} of `{operation}`: {what}").unwrap(),
            None => {
                let (_, reason) = what.split_once(", ").unwrap();
                members.entry(reason).or_default().push(format!("`{place}`"));
            }
        }
    }
    let mut text = format!("Whole request and response bodies:\n\n{operations}\nMembers:\n\n");
    for (reason, places) in members {
        text.push_str(&wrapped(&format!("- {reason}: {}", places.join(", "))));
    }
    golden::check_section("ARCHITECTURE.md", "free-form", &text);
}

/// An item of a list in lines of up to 120 characters.
fn wrapped(item: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in item.split(' ') {
        let separator = match width {
            0 => "",
            width if width + word.len() < 120 => " ",
            _ => "\n  ",
        };
        width = if separator.len() > 1 {
            2
        } else {
            width + separator.len()
        } + word.len();
        text.push_str(separator);
        text.push_str(word);
    }
    text + "\n"
}
