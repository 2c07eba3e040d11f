//! The README's table is the table.

use okta_config::Setting;

#[test]
fn the_readme_lists_every_setting_with_all_its_names_and_its_default() {
    let readme = include_str!("../../README.md");
    for setting in Setting::ALL {
        let code = |names: &[&str]| {
            names
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let default = setting
            .default_value()
            .map(|value| format!("`{value}`"))
            .unwrap_or_default();
        let row = format!(
            "| {} | {} | {default} |",
            code(setting.keys()),
            code(setting.variables())
        );
        let row = row.replace("  ", " ");
        assert!(readme.contains(&row), "the README has no row\n{row}");
    }
}
