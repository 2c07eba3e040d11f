// The form of a registration: its fields in their order.
let element = models::UiElement::default()
    .r#type("Control")
    .scope("#/properties/email")
    .label("Work email");
let form = models::UiSchemaObject::default().label("Sign up").button_label("Continue").elements([element]);
let form = okta.ui_schemas().create(models::CreateUiSchema::default().ui_schema(form)).await?;
println!("{:?}", form.id);
