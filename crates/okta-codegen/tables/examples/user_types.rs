// A type of users with a separate profile, such as contractors.
let contractor = okta.user_types().create(models::UserType::new("Contractor", "contractor")).await?;
println!("{:?}", contractor.id);
