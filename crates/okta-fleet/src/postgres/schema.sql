-- What is known of one scope of a rate limit: see the crate's ledger.
CREATE TABLE IF NOT EXISTS okta_fleet_scope (
    key text PRIMARY KEY,
    state text NOT NULL,
    used_at timestamptz NOT NULL
);
-- Who leads, and what it has saved.
CREATE TABLE IF NOT EXISTS okta_fleet_epoch (
    name text PRIMARY KEY,
    epoch bigint NOT NULL,
    holder text NOT NULL,
    held_until timestamptz NOT NULL,
    value bytea
);
