//! `docs/AREA.toml`: what operations, parameters, members and values mean, in our own words.

use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;

use super::folder;
use crate::error::{Error, Result};

/// The texts of one area.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AreaDocs {
    /// The area, which is the file's name. `common` is the file of what no area owns.
    #[serde(skip)]
    pub(crate) area: String,
    /// By operation id.
    pub(crate) operations: IndexMap<String, String>,
    /// By `operationId.parameter`, or by `parameter` for all operations of the area.
    pub(crate) parameters: IndexMap<String, String>,
    /// By `Schema.member`; see [`places`].
    pub(crate) members: IndexMap<String, String>,
    /// By `EnumSchema.VALUE`; see [`places`].
    pub(crate) values: IndexMap<String, String>,
}

impl AreaDocs {
    /// The table's name in messages.
    pub(crate) fn table(&self) -> String {
        format!("docs/{}.toml", self.area)
    }
}

/// The schemas and the member that a key of `members` or `values` names: `A.x`, or `A|B.x` for one text at both. The schema `*`
/// stands for every schema that has no other text for the member.
pub(crate) fn places(key: &str) -> Option<(impl Iterator<Item = &str>, &str)> {
    let (schemas, member) = key.split_once('.')?;
    Some((schemas.split('|').map(str::trim), member))
}

/// Reads the tables of all areas in `folder`, sorted by area.
pub(crate) fn read(folder: &Path) -> Result<Vec<AreaDocs>> {
    let files = folder::read(folder, "toml")?;
    files.iter().map(|(area, text)| parse(area, text)).collect()
}

/// Reads the table of an area, and checks that each text is made of sentences.
pub(crate) fn parse(area: &str, text: &str) -> Result<AreaDocs> {
    let parsed: AreaDocs =
        toml::from_str(text).map_err(|error| Error::table(format!("docs/{area}.toml"), error.to_string()))?;
    let docs = AreaDocs {
        area: area.to_owned(),
        ..parsed
    };
    let sections = [&docs.operations, &docs.parameters, &docs.members, &docs.values];
    let errors = sections.into_iter().flatten().filter_map(|(key, text)| {
        let is_sentence = text.ends_with('.') && !text.starts_with(|first: char| first.is_ascii_lowercase());
        (!is_sentence || text.contains('\n')).then(|| {
            Error::table(
                docs.table(),
                format!("`{key}`: the text is not one line of sentences: {text:?}"),
            )
        })
    });
    Error::all(errors.collect())?;
    Ok(docs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_one_schema_or_several() {
        let (schemas, member) = places("A|B.x.y").unwrap();
        assert_eq!((schemas.collect::<Vec<_>>(), member), (vec!["A", "B"], "x.y"));
        assert!(places("A").is_none());
    }

    #[test]
    fn texts_are_sentences_in_one_line() {
        for text in ["no capital.", "No full stop", "Two\\nlines."] {
            let error = parse("pets", &format!("[operations]\nlistPets = \"{text}\"")).unwrap_err();
            assert!(error.to_string().starts_with("docs/pets.toml: `listPets`: "), "{error}");
        }
        assert!(parse("pets", "[values]\n\"A.B\" = \"Asleep.\"\n\"A.C\" = \"`x` is set.\"").is_ok());
        let error = parse("pets", "[other]").unwrap_err().to_string();
        assert!(error.starts_with("docs/pets.toml: "), "{error}");
    }
}
