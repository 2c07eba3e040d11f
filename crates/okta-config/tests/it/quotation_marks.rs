//! Quotation marks that `--env-file` of docker and systemd leave around a value.

use okta_config::Setting;

use crate::samples::{surround, value};
use crate::sandbox::{bare, error};

#[test]
fn b24_quotation_marks_that_an_env_file_leaves_on_are_refused_with_that_reason() {
    for &setting in Setting::ALL {
        let text = match setting {
            Setting::PrivateKey => "/run/secrets/okta.pem".to_owned(),
            other => value(other, 0),
        };
        for quoted in [
            format!("\"{text}\""),
            format!("'{text}'"),
            format!(" \"{text}\" # of the test org"),
            format!("\u{201c}{text}\u{201d}"),
        ] {
            let variables = [(setting.variables()[0], quoted.as_str())];
            let error = error(surround(bare(), setting).environment(variables));
            let problem = error
                .problems()
                .iter()
                .find(|problem| problem.setting() == Some(setting));
            let problem = problem.unwrap_or_else(|| panic!("{quoted}: {error}"));
            assert!(problem.to_string().contains(setting.variables()[0]), "{problem}");
            assert!(problem.message().contains("is in quotation marks"), "{problem}");
            assert!(problem.remedy().contains("--env-file"), "{problem}");
            if setting.is_secret() {
                assert!(!error.to_string().contains(&text), "{error}");
            }
        }
    }
}

#[test]
fn b24_quotation_marks_around_pem_and_within_a_value_do_no_harm() {
    let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let quoted = format!("\"{}\"", pem.replace('\n', "\\n"));
    surround(bare(), Setting::PrivateKey)
        .environment([("OKTA_CLIENT_PRIVATEKEY", quoted)])
        .load()
        .unwrap();
    for (setting, text) in [
        (Setting::UserAgent, "acme/1 (\"test\")"),
        (Setting::ProxyPassword, "a\"b'c"),
    ] {
        surround(bare(), setting)
            .environment([(setting.variables()[0], text)])
            .load()
            .unwrap();
    }
    surround(bare(), Setting::ProxyPassword)
        .set(Setting::ProxyPassword, "\"on purpose\"")
        .load()
        .unwrap();
}
