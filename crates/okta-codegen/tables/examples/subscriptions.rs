# given: user
// Which emails an administrator gets.
okta.subscriptions().unsubscribe_user(user_id, models::NotificationType::AppImport).await?;
let mut subscriptions = okta.subscriptions().list_for_user(user_id).stream();
while let Some(subscription) = subscriptions.try_next().await? {
    println!("{:?}: {:?}", subscription.notification_type, subscription.status);
}
