// Adds a domain, then prints the DNS records to make before `verify`.
let request = models::DomainRequest::new(models::DomainCertificateSourceType::OktaManaged, "login.example.com");
let domain = okta.custom_domains().create(request).await?;
for record in domain.dns_records.iter().flatten() {
    println!("{:?} {:?} {:?}", record.record_type, record.fqdn, record.values);
}
