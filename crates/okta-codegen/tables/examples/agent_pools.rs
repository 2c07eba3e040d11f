// Every pool whose agents do not all work, with the agents of it.
let mut pools = okta.agent_pools().list().limit_per_pool_type(5).stream();
while let Some(pool) = pools.try_next().await? {
    if pool.operational_status != Some(models::OperationalStatus::Operational) {
        println!("{:?}: {:?} of its agents", pool.name, pool.disrupted_agents);
    }
}
