// The text that codes are sent with, and its German translation.
let template = models::SmsTemplate::default()
    .name("Code")
    .template("${org.name}: your code is ${code}")
    .translations([("de", "${org.name}: Ihr Code ist ${code}")]);
let template = okta.sms_templates().create(template).await?;
println!("{:?}", template.id);
