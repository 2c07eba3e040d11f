//! What errors say of the library that is compiled in.

/// Whether there is a library.
pub(crate) const IS_THERE: bool = cfg!(all(
    feature = "private-key",
    any(feature = "aws-lc-rs", feature = "ring")
));

/// How an error ends that says what cannot be done.
#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
pub(crate) const LIMIT: &str = "with aws-lc-rs";

/// How an error ends that says what cannot be done.
#[cfg(all(feature = "private-key", not(feature = "aws-lc-rs"), feature = "ring"))]
pub(crate) const LIMIT: &str = "with ring: enable the feature `aws-lc-rs`";

/// How an error ends that says what cannot be done.
#[cfg(not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))))]
pub(crate) const LIMIT: &str = "in this build: enable the features `private-key` and `aws-lc-rs` (or `ring`)";

/// The keys that can be signed with.
#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
pub(crate) const SUPPORTED: &str = "use an RSA key of 2048 to 8192 bits or an EC key on P-256, P-384 or P-521";

/// The keys that can be signed with.
#[cfg(all(feature = "private-key", not(feature = "aws-lc-rs"), feature = "ring"))]
pub(crate) const SUPPORTED: &str = "use an RSA key of 2048 to 4096 bits or an EC key on P-256 or P-384 with its public half, \
                                    or enable the feature `aws-lc-rs`";

/// The keys that can be signed with.
#[cfg(not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))))]
pub(crate) const SUPPORTED: &str = "enable the features `private-key` and `aws-lc-rs` (or `ring`)";
