-- One report of a process and, if it wants permits, one grant: the steps of src/ledger, which a test compares.
-- KEYS: the scope of the org's bucket; the scope of the caller's part. ARGV: the request as JSON.
local ask = cjson.decode(ARGV[1])
local now = ask.now
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local PRESENT, LEASE, GRACE, PROBE, PROBE_POLL = 15000, 10000, 5000, 2000, 150
local SETTLE, RETURN, UNLIMITED, PLENTY, MEMORY = 1500, 10000, 30000, 1000, 86400000
local MARGIN, LONGEST, LEAST, MANY = 1000, 120000, 8, 9007199254740991

local function load(key, fresh)
    local text = redis.call('GET', key)
    if text then
        local ok, value = pcall(cjson.decode, text)
        if ok and type(value) == 'table' and type(value.leases) == 'table' then return value end
    end
    for name, value in pairs({ limit = 0, remaining = -1, reset = 0, written = 0, opened = 0, settles = 0, closes = 0, length = 0, granted = 0 }) do
        fresh[name] = value
    end
    fresh.others_seen, fresh.leases = false, {}
    return fresh
end
local org = load(KEYS[1], { known = false, used = {} })
local caller = load(KEYS[2], { prober = '', probing_until = 0, unlimited_until = 0 })

local function floor0(value) return value > 0 and value or 0 end
local function is_open(scope) return now < scope.closes end
local function is_of_window(scope, seen) return math.abs(scope.reset - seen.reset) <= 1 end
local function window_end(scope, seen)
    local left = math.min(seen.resets_in, LONGEST)
    return now + left - seen.age + math.min(math.floor(math.max(scope.length, left) / 60), MARGIN)
end
local function see_others(scope, limit, remaining)
    if floor0(limit - remaining) > scope.granted then scope.others_seen = true end
end
local function open(scope, seen)
    scope.length = math.max(scope.length, math.min(seen.resets_in, LONGEST))
    scope.opened, scope.closes = now, window_end(scope, seen)
    scope.reset, scope.written = seen.reset, seen.written
    scope.remaining = math.min(seen.remaining, seen.limit)
    scope.granted, scope.others_seen = 0, false
    for peer, lease in pairs(scope.leases) do
        if now < lease.seen + math.max(PRESENT, LONGEST / 2) then
            if now >= lease.ends then lease.unused = 0 end
            scope.granted = scope.granted + lease.in_flight + lease.unused
            lease.granted = 0
        else
            scope.leases[peer] = nil
        end
    end
    scope.granted = scope.granted + 1
    see_others(scope, seen.limit, seen.remaining)
end
local function learn(scope, seen, is_probe)
    local remaining = math.min(seen.remaining, seen.limit)
    if scope.reset > 0 and is_of_window(scope, seen) then
        scope.remaining = scope.remaining < 0 and remaining or math.min(scope.remaining, remaining)
        scope.written = math.max(scope.written, seen.written)
        local closes = window_end(scope, seen)
        if is_probe and not is_open(scope) then
            scope.closes = closes
        else
            scope.closes = math.min(scope.closes, closes)
        end
        see_others(scope, seen.limit, remaining)
    elseif seen.reset > scope.reset or (seen.written > scope.written and scope.written > 0) then
        open(scope, seen)
        return true
    end
    return false
end
local function report(scope)
    local fresh = #ask.seen > 0
    for peer, lease in pairs(scope.leases) do
        local stays = peer == ask.peer or now < lease.seen + PRESENT or now < lease.ends + GRACE
            or (not fresh and scope.closes > now and lease.unused + lease.in_flight > 0)
        if not stays then scope.leases[peer] = nil end
    end
    local lease = scope.leases[ask.peer]
    local of_window = is_open(scope) and math.abs(scope.reset - ask.window) <= 1
    if ask.was_alone or (ask.sent > 0 and (scope.reset == 0 or (of_window and not lease))) then
        scope.settles = now + RETURN
    end
    lease = lease or { granted = 0, ends = 0 }
    if of_window then lease.granted = math.max(lease.granted, ask.sent) end
    lease.unused, lease.in_flight, lease.seen = ask.unused, ask.in_flight, now
    scope.leases[ask.peer] = lease
end
local function outstanding(scope)
    local sum = 0
    for _, lease in pairs(scope.leases) do sum = sum + lease.unused + lease.in_flight end
    return sum
end
local function peers(scope)
    local count = 0
    for _, lease in pairs(scope.leases) do
        if now < lease.seen + PRESENT then count = count + 1 end
    end
    return count
end
local function others_hold(scope)
    local held = 0
    for peer, lease in pairs(scope.leases) do
        if peer ~= ask.peer and now < lease.ends then held = held + lease.unused end
    end
    return held >= peers(scope)
end
local function part(scope, usable, available)
    if now < scope.settles then
        local equal = math.max(math.floor(usable / math.max(peers(scope), ask.processes, 1)), 1)
        local own = math.min(floor0(equal - scope.leases[ask.peer].granted), available)
        if own > 0 then return own end
        return nil
    end
    local equal = math.max(math.floor(usable / math.max(peers(scope), 1)), 1)
    local own = math.min(floor0(equal - scope.leases[ask.peer].granted), available)
    if now < scope.opened + SETTLE then
        if own > 0 then return own end
        for peer, lease in pairs(scope.leases) do
            if peer ~= ask.peer and now < lease.seen + PRESENT and lease.granted < equal then return nil end
        end
    end
    local active = 0
    for _, lease in pairs(scope.leases) do
        if lease.seen >= scope.opened then active = active + 1 end
    end
    return math.max(own, math.ceil(available / math.max(active, 1)), math.min(available, LEAST))
end
local function settles(scope, usable)
    local count = peers(scope)
    local equal = math.max(math.floor(usable / math.max(count, 1)), 1)
    return count > 1 and scope.leases[ask.peer].granted >= equal and scope.opened + SETTLE or now
end
local function grant(permits, lasts)
    for _, scope in ipairs({ org, caller }) do
        local lease = scope.leases[ask.peer]
        scope.granted = scope.granted + permits
        lease.unused, lease.granted = lease.unused + permits, lease.granted + permits
        lease.ends, lease.seen = now + lasts, now
    end
end

local function observe(seen, is_probe)
    local limit, own = seen.limit, caller.limit
    if not org.known then
        if own > 0 and limit > own then
            org.known, org.limit = true, limit
        elseif own > 0 and limit < own and is_open(caller) then
            org.known, org.limit, caller.limit = true, own, limit
        elseif ask.principal_share then
            org.limit = math.max(org.limit, math.max(math.floor(limit / ask.principal_share), limit))
            org.known = ask.principal_share >= 1
        end
    elseif limit > org.limit then
        org.limit = limit
    end
    local of_org = org.known and limit == org.limit
    local of_caller = not of_org or limit == own
    if of_org then
        if learn(org, seen, is_probe) then org.used = {} end
        if not of_caller and not is_open(caller) then open(caller, seen) end
    end
    if of_caller then
        caller.limit = limit
        learn(caller, seen, is_probe)
        if not is_open(org) or (org.remaining < 0 and seen.reset > org.reset + 1) then
            open(org, seen)
            org.remaining, org.used = -1, {}
        end
        if not of_org and is_of_window(org, seen) then
            local used = floor0(limit - seen.remaining)
            org.used[ask.principal] = math.max(org.used[ask.principal] or 0, used)
        end
    end
    if org.limit < limit then org.limit = limit end
end

local function reserved()
    local share = math.min(math.ceil(org.limit * ask.share), org.limit)
    return math.min(math.max(share, ask.floor), floor0(org.limit - 1))
end
local function org_available()
    if not is_open(org) or org.limit == 0 then return MANY end
    local used = 0
    for _, count in pairs(org.used) do used = used + count end
    local out, by_use = outstanding(org), floor0(org.limit - used)
    local remaining, others = by_use, 0
    if org.remaining >= 0 then
        remaining = math.min(org.remaining, by_use)
        others = floor0(org.limit - org.remaining - used - out)
    end
    local kept = reserved()
    kept = math.max(floor0(kept - others), math.min(ask.floor, kept))
    return floor0(remaining - kept - out)
end
local function caller_available()
    local remaining = caller.remaining >= 0 and caller.remaining or caller.limit
    local kept = caller.others_seen and math.ceil(caller.limit / 30) or 0
    return floor0(remaining - kept - outstanding(caller))
end
local function wait(of_org, of_caller)
    local opens_in = math.max(of_org and org.closes or 0, of_caller and caller.closes or 0) - now
    if (not of_org or others_hold(org)) and (not of_caller or others_hold(caller)) then
        local retry_in = math.min(math.max(math.floor(opens_in / 3), 1000), 3000)
        if retry_in < opens_in then return 'again', 0, retry_in end
    end
    return 'used', 0, math.max(opens_in, 1)
end
local function decide()
    local wanted = math.max(ask.wanted, 1)
    if not is_open(caller) then
        if now < caller.unlimited_until then return 'granted', math.min(wanted, PLENTY), LEASE, 0, 0 end
        if is_open(org) and org_available() == 0 then return wait(true, false) end
        if now < caller.probing_until then return 'again', 0, PROBE_POLL end
        caller.prober, caller.probing_until = ask.peer, now + PROBE
        grant(1, PROBE)
        return 'probe', 1, PROBE
    end
    local of_org, of_caller = org_available(), caller_available()
    if of_org == 0 or of_caller == 0 then return wait(of_org == 0, of_caller == 0) end
    local usable = floor0(org.limit - reserved())
    local caller_usable = caller.limit > 0 and caller.limit or usable
    of_org, of_caller = part(org, usable, of_org), part(caller, caller_usable, of_caller)
    if not of_org or not of_caller then return 'again', 0, SETTLE end
    local permits = math.min(wanted, of_org, of_caller)
    local lasts = math.max(math.min(LEASE, math.min(org.closes, caller.closes) - now), 1)
    grant(permits, lasts)
    local next, used_up, org_left, caller_left = 0, 0, org_available(), caller_available()
    if org_left == 0 or caller_left == 0 then
        local kind, _, millis = wait(org_left == 0, caller_left == 0)
        next, used_up = millis, kind == 'used' and 1 or 0
    else
        next = math.max(settles(org, usable), settles(caller, caller_usable)) - now
    end
    return 'granted', permits, lasts, floor0(next), used_up
end

local is_probe = caller.prober == ask.peer and caller.probing_until > 0
for _, seen in ipairs(ask.seen) do observe(seen, is_probe) end
report(org)
report(caller)
if ask.unlimited and #ask.seen == 0 then caller.unlimited_until = now + UNLIMITED end
if caller.prober == ask.peer and (ask.in_flight == 0 or #ask.seen > 0) then caller.probing_until = 0 end
local reply = { 'noted' }
if ask.wanted then
    local kind, permits, millis, next, used_up = decide()
    reply = { kind, permits, millis, next or 0, used_up or 0, peers(org), peers(caller), org.limit }
end
redis.call('SET', KEYS[1], cjson.encode(org), 'PX', MEMORY)
redis.call('SET', KEYS[2], cjson.encode(caller), 'PX', MEMORY)
return reply
