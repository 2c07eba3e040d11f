//! x
fn main() {
    match okta_codegen::tmp(std::path::Path::new("../shared/openapi/management-2026.06.3.yaml")) {
        Ok(x) => println!("{x}"),
        Err(e) => println!("{e}"),
    }
}
