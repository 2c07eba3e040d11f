//! Custom domains and e-mail domains.

use okta_models::{
    DnsRecordTypeDomains, DomainResponse, DomainValidationStatus, EmailDomainDnsRecordType,
    EmailDomainResponseWithEmbedded,
};
use serde_json::json;

use crate::support::{at, read, read_page};

// Okta's Python SDK: a type of records and a status that its lists lacked.
#[test]
fn a_domain_with_a_caa_record_that_failed_to_verify_decodes() {
    let domain: DomainResponse = read(json!({
        "id": "OcD1", "domain": "login.example.com", "validationStatus": "FAILED_TO_VERIFY",
        "dnsRecords": [
            {"recordType": "CAA", "fqdn": "example.com", "values": ["letsencrypt.org"], "expiration": null},
            {"recordType": "SVCB", "fqdn": "login.example.com", "values": []}
        ],
    }));
    assert_eq!(domain.validation_status, Some(DomainValidationStatus::FailedToVerify));
    let [caa, svcb] = &at!(domain.dns_records)[..] else {
        panic!("{domain:?}");
    };
    assert_eq!(caa.record_type, Some(DnsRecordTypeDomains::Caa));
    assert_eq!(at!(caa.values), &["letsencrypt.org"]);
    assert_eq!(svcb.record_type, Some(DnsRecordTypeDomains::from("SVCB")));
}

// okta-sdk-python 3.3.0 lost `id` and `domain`; recordings have the record type in lower case.
#[test]
fn an_email_domain_keeps_its_id_its_domain_and_the_case_of_its_records() {
    let domains: Vec<EmailDomainResponseWithEmbedded> = read_page(json!([{
        "id": "OeD1", "domain": "mail.example.com", "displayName": "IT", "userName": "noreply", "validationStatus": "POLLING",
        "dnsValidationRecords": [{"recordType": "cname", "fqdn": "mail._domainkey.example.com", "verificationValue": "v-1"}],
    }]));
    let [domain] = &domains[..] else {
        panic!("{domains:?}");
    };
    assert_eq!(
        (domain.id.as_deref(), domain.domain.as_deref()),
        (Some("OeD1"), Some("mail.example.com"))
    );
    let record = &at!(domain.dns_validation_records)[0];
    assert_eq!(record.record_type, Some(EmailDomainDnsRecordType::Cname));
    assert_eq!(record.verification_value.as_deref(), Some("v-1"));
}
