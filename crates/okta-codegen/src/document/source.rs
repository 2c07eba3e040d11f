//! Reading the document, and checking that it is the one that the tables were reviewed against.

use std::{fs, io, path::Path};

use sha2::{Digest, Sha256};

use super::Node;
use crate::{
    error::{Error, Result},
    tables::Spec,
};

/// Reads the document at `path`, which has to be the one that `spec` names.
pub(crate) fn read(path: &Path, spec: &Spec) -> Result<Node> {
    let bytes = fs::read(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Error::DocumentAbsent {
            path: path.to_owned(),
            version: spec.version.clone(),
        },
        _ => Error::File {
            path: path.to_owned(),
            action: "read",
            source,
        },
    })?;
    let found = sha256(&bytes);
    if found != spec.sha256 {
        return Err(Error::OtherDocument {
            path: path.to_owned(),
            expected: spec.sha256.clone(),
            found,
            version: spec.version.clone(),
        });
    }
    let document = parse(&bytes).map_err(|source| Error::Yaml {
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    let version = document
        .get("info")
        .and_then(|info| info.get("version"))
        .and_then(Node::as_str);
    if version != Some(&spec.version) {
        return Err(Error::table(
            "spec.toml",
            format!(
                "`version` is {:?}, but the document says {:?}",
                spec.version,
                version.unwrap_or("nothing")
            ),
        ));
    }
    Ok(document)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Parses YAML into the tree. No budget: the hash has shown that the document is the reviewed one.
pub(crate) fn parse(bytes: &[u8]) -> std::result::Result<Node, serde_saphyr::Error> {
    let options = serde_saphyr::options! {
        budget: None,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    serde_saphyr::from_slice_with_options(bytes, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_looks_like_something_else_stays_text() {
        let node =
            parse(b"a: 2026.06.3\nb: 2021-06-14T14:45:46Z\nc: 'yes'\nd: no\ne: '200'\nf: 007\ng: 1_0\n").unwrap();
        for (name, text) in [
            ("a", "2026.06.3"),
            ("b", "2021-06-14T14:45:46Z"),
            ("c", "yes"),
            ("d", "no"),
            ("e", "200"),
            ("f", "007"),
            ("g", "1_0"),
        ] {
            assert_eq!(node.get(name).and_then(Node::as_str), Some(text), "member {name}");
        }
    }

    #[test]
    fn members_keep_their_order() {
        let node = parse(b"z: 1\na: 2\nm: {y: true, b: null}\n").unwrap();
        assert_eq!(node.to_string(), "{z: 1, a: 2, m: {y: true, b: null}}");
    }

    #[test]
    fn another_document_is_refused_before_it_is_parsed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("other.yaml");
        fs::write(&path, "{ this is: [no YAML").unwrap();
        let spec = Spec {
            version: "1".into(),
            sha256: "00".into(),
            ..Spec::default()
        };
        let error = read(&path, &spec).unwrap_err().to_string();
        assert!(
            error.contains("is not the reviewed document") && error.contains("spec.toml says 00"),
            "{error}"
        );
    }

    #[test]
    fn an_absent_document_says_where_to_get_it() {
        let error = read(Path::new("/nonexistent/management.yaml"), &Spec::default()).unwrap_err();
        assert!(matches!(error, Error::DocumentAbsent { .. }));
        assert!(error.to_string().contains("--document"), "{error}");
    }
}
