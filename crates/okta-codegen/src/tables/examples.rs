//! `examples/GROUP.rs`: the example on the page of each group of operations, compiled and run as a test of okta-client.
//!
//! A file is the part that a reader sees: statements in an `async fn` that has the client `okta`, the prelude of okta-client and a
//! fresh org with three users. A line that begins with `# ` is compiled and not shown. What several examples start from is written
//! once, in `examples/given/NAME.rs`, and the line `# given: NAME` puts it there, not shown.

use std::path::Path;

use indexmap::IndexMap;

use super::folder;
use crate::error::{Error, Result};

const GIVEN: &str = "# given: ";

/// Reads the examples of all groups in `folder`, by group.
pub(crate) fn read(folder: &Path) -> Result<IndexMap<String, String>> {
    let given = folder::read(&folder.join("given"), "rs")?;
    let examples = folder::read(folder, "rs")?;
    expand(examples, &given.into_iter().collect())
}

/// Puts what is given into each example.
fn expand(examples: Vec<(String, String)>, given: &IndexMap<String, String>) -> Result<IndexMap<String, String>> {
    let mut errors: Vec<Error> = given
        .keys()
        .filter(|name| {
            let line = format!("{GIVEN}{name}");
            !examples.iter().any(|(_, text)| text.lines().any(|found| found == line))
        })
        .map(|name| {
            Error::table(
                format!("examples/given/{name}.rs"),
                "no example is given this: delete the file",
            )
        })
        .collect();
    let mut expanded = IndexMap::new();
    for (group, text) in examples {
        let mut code = String::new();
        for line in text.lines() {
            match line.strip_prefix(GIVEN) {
                None => code.extend([line, "\n"]),
                Some(name) => match given.get(name) {
                    Some(lines) => lines.lines().for_each(|line| code.extend(["# ", line, "\n"])),
                    None => errors.push(Error::table(
                        format!("examples/{group}.rs"),
                        format!("`{line}`: there is no file examples/given/{name}.rs"),
                    )),
                },
            }
        }
        expanded.insert(group, code);
    }
    Error::all(errors)?;
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<const N: usize>(texts: [(&str, &str); N]) -> impl Iterator<Item = (String, String)> {
        texts.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned()))
    }

    #[test]
    fn what_is_given_is_compiled_and_not_shown() {
        let given = texts([("pet", "let pet = okta.pets();\nlet id = pet.id;\n")]).collect();
        let examples = texts([("pets", "# given: pet\nokta.feed(id);\n")]).collect();
        let expanded = expand(examples, &given).unwrap();
        assert_eq!(
            expanded.get("pets").map(String::as_str),
            Some("# let pet = okta.pets();\n# let id = pet.id;\nokta.feed(id);\n")
        );
    }

    #[test]
    fn what_is_not_there_and_what_no_example_needs_are_errors() {
        let given = texts([("pet", "")]).collect();
        let error = expand(texts([("cats", "# given: cat\n")]).collect(), &given)
            .unwrap_err()
            .to_string();
        assert!(error.contains("examples/cats.rs: `# given: cat`"), "{error}");
        assert!(error.contains("examples/given/pet.rs: no example"), "{error}");
    }
}
