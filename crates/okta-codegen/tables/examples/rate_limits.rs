// Warns at 80 % of a limit, so that there is time to react.
let threshold = models::RateLimitWarningThresholdRequest::new(80);
let threshold = okta.rate_limits().replace_warning_threshold(threshold).await?;
assert_eq!(threshold.warning_threshold, Some(80));
