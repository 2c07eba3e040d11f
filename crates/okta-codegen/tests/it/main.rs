//! The generator as it is called.

use std::path::PathBuf;

use okta_codegen::{Error, Generator, workspace_root};

#[test]
fn an_absent_document_is_an_error_that_says_what_to_do() {
    let generator = Generator::new(workspace_root(), Some(PathBuf::from("/nonexistent/management.yaml")));
    for error in [generator.check().unwrap_err(), generator.generate().unwrap_err()] {
        assert!(matches!(error, Error::DocumentAbsent { .. }), "{error}");
        assert!(error.to_string().contains("management-minimal.yaml"), "{error}");
    }
}

#[test]
fn another_document_is_an_error_that_names_the_hash() {
    let generator = Generator::new(workspace_root(), Some(workspace_root().join("Cargo.toml")));
    let error = generator.check().unwrap_err().to_string();
    assert!(
        error.contains("is not the reviewed document: its SHA-256 is "),
        "{error}"
    );
}
