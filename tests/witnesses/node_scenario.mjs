// What the official SDKs for Node.js do: 7.x and 8.x call everything the same.
import { readFileSync, writeFileSync, appendFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Client } = createRequire(`${process.env.WITNESS_MODULES}/`)("@okta/okta-sdk-nodejs");
const BODIES = JSON.parse(readFileSync(new URL("bodies.json", import.meta.url), "utf8"));
const ORG = process.env.WITNESS_URL;
const REPORT = process.env.WITNESS_REPORT;
writeFileSync(REPORT, "");

// All operations of a client by their names, with arguments by position: first those of the path and the body, then an object of the
// rest. The SDK itself takes one object with all of them.
function connect(token) {
    const client = new Client({ orgUrl: ORG, token });
    const apis = Object.values(client).filter((api) => api && /Api$/.test(api.constructor.name));
    return new Proxy({}, {
        get: (_, name) => (...positional) => {
            const api = apis.find((one) => typeof one[name] === "function");
            if (!api) throw new NotThere(name);
            const code = Object.getPrototypeOf(Object.getPrototypeOf(api))[name]?.toString() ?? "";
            const names = [...(code || api[name].toString()).matchAll(/param\.(\w+)/g)].map((match) => match[1]);
            const rest = positional.length && positional.at(-1)?.[REST] ? positional.pop() : {};
            const named = { ...rest };
            positional.forEach((value, index) => { named[names[index]] = value; });
            return api[name](named);
        },
    });
}

const REST = Symbol("the arguments that have names");
const rest = (value) => Object.defineProperty(value, REST, { value: true });

// The SDK has no such operation: there is no step.
class NotThere extends Error {}

const absent = new Proxy({}, { get: (_, name) => { if (name === "then") return undefined; throw new NotThere(String(name)); } });
const names = new Set();

// Makes a call, asserts what it gave, and returns it.
async function s(name, call, check) {
    if (names.has(name)) throw new Error(`two steps are called ${name}`);
    names.add(name);
    let value = null;
    let error = null;
    try {
        value = await call();
        if (value && typeof value.next === "function" && value[Symbol.asyncIterator]) value = await all(value);
        if (check?.code) error = `expected ${check.code}, got ${JSON.stringify(value)?.slice(0, 200)}`;
        else if (check && !check(value)) error = `unexpected value ${JSON.stringify(value)?.slice(0, 400)}`;
    } catch (thrown) {
        if (thrown instanceof NotThere) return absent;
        if (!(check?.code && (thrown.errorCode ?? thrown.message).includes(check.code))) error = `${thrown.name}: ${thrown.message}`.slice(0, 600);
    }
    appendFileSync(REPORT, JSON.stringify(error ? { name, error } : { name }) + "\n");
    return value;
}

async function all(collection) {
    const items = [];
    for await (const item of collection) {
        if (item === null) break;
        items.push(item);
        if (items.length === 1000) throw new Error("a list without end");
    }
    return items;
}

function body(key, change) {
    const value = structuredClone(BODIES[key]);
    change?.(value);
    return value;
}

const refused = (code) => ({ code });
const status = (wanted) => (got) => got.status === wanted;
const has = (one) => (items) => items.some((item) => item.id === one.id);
const lacks = (one) => (items) => items.every((item) => item.id !== one.id);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const c = connect(process.env.WITNESS_TOKEN);
const stranger = connect("no-such-token");

async function users() {
    const ada = await s("create a user", () => c.createUser(body("user")), status("ACTIVE"));
    const charles = await s("create a staged user", () => c.createUser(body("staged"), rest({ activate: false })), status("STAGED"));
    const mary = await s("create a user with a question", () => c.createUser(body("asked")), (u) => u.credentials.recovery_question.question === "Which engine?");
    await s("the same login twice", () => c.createUser(body("user")), refused("E0000001"));
    await s("get a user by id", () => c.getUser(ada.id), (u) => u.profile.login === "ada@example.com");
    await s("get a user by login", () => c.getUser("ada@example.com"), (u) => u.id === ada.id);
    await s("get me", () => c.getUser("me"), (u) => u.id && u.id !== ada.id);
    await s("get no user", () => c.getUser("00unosuchuser"), refused("E0000007"));
    await s("wrong token", () => stranger.getUser("me"), refused("E0000011"));
    await s("list users", () => c.listUsers(), has(ada));
    await s("list users by page", () => c.listUsers(rest({ limit: 2 })), (items) => items.length >= 6);
    await s("search users", () => c.listUsers(rest({ search: 'profile.lastName eq "Lovelace"' })), (items) => same(items.map((u) => u.id), [ada.id]));
    await s("filter users", () => c.listUsers(rest({ filter: 'status eq "STAGED"' })), (items) => same(items.map((u) => u.id), [charles.id]));
    await s("find users", () => c.listUsers(rest({ q: "Lovel" })), (items) => same(items.map((u) => u.id), [ada.id]));
    await s("sort users", () => c.listUsers(rest({ search: "id pr", sortBy: "profile.login", sortOrder: "desc" })), (items) => items[0].profile.login === "user3@example.com");
    await s("a malformed search", () => c.listUsers(rest({ search: "profile.login eq" })), refused("E0000031"));
    await s("update a user", () => c.updateUser(ada.id, body("nickname")), (u) => u.profile.nickName === "Countess" && u.profile.firstName === "Ada");
    await s("read what was updated", () => c.getUser(ada.id), (u) => u.profile.nickName === "Countess");
    await s("replace a user", () => c.replaceUser(ada.id, body("user", (b) => delete b.credentials)), (u) => u.profile.nickName === undefined);
    await s("suspend a user", () => c.suspendUser(ada.id));
    await s("read a suspended user", () => c.getUser(ada.id), status("SUSPENDED"));
    await s("unsuspend a user", () => c.unsuspendUser(ada.id));
    await s("read an unsuspended user", () => c.getUser(ada.id), status("ACTIVE"));
    await s("unsuspend an active user", () => c.unsuspendUser(ada.id), refused("E0000001"));
    await s("activate a user", () => c.activateUser(charles.id, rest({ sendEmail: false })), (t) => t.activationToken && t.activationUrl);
    await s("read a provisioned user", () => c.getUser(charles.id), status("PROVISIONED"));
    await s("reactivate a user", () => c.reactivateUser(charles.id, rest({ sendEmail: false })), (t) => t.activationToken);
    await s("change a password", () => c.changePassword(mary.id, body("password_change")), (r) => r.provider.type === "OKTA");
    await s("change a recovery question", () => c.changeRecoveryQuestion(mary.id, body("question_change")), (r) => r.recovery_question.question === "Which number?");
    await s("forgot a password", () => c.forgotPassword(mary.id, rest({ sendEmail: false })), (r) => r.resetPasswordUrl.includes("/"));
    await s("expire a password", () => c.expirePassword(mary.id), status("PASSWORD_EXPIRED"));
    await s("expire with a temporary password", () => c.expirePasswordAndGetTemporaryPassword(mary.id), (r) => r.tempPassword);
    await s("reset a password", () => c.generateResetPasswordToken(mary.id, rest({ sendEmail: false })), (r) => r.resetPasswordUrl.includes("/"));
    await s("read a recovering user", () => c.getUser(mary.id), status("RECOVERY"));
    await s("unlock a user who is not locked out", () => c.unlockUser(ada.id), refused("E000"));
    await s("reset factors", () => c.resetFactors(ada.id));
    await s("revoke sessions of a user", () => c.revokeUserSessions(ada.id));
    await s("groups of a user", () => c.listUserGroups(ada.id), (items) => same(items.map((g) => g.profile.name), ["Everyone"]));
    await s("blocks of a user", () => c.listUserBlocks(ada.id), (items) => items.length === 0);
    await s("deactivate a user", () => c.deactivateUser(charles.id));
    await s("read a deactivated user", () => c.getUser(charles.id), status("DEPROVISIONED"));
    await s("delete a user", () => c.deleteUser(charles.id));
    await s("get a deleted user", () => c.getUser(charles.id), refused("E0000007"));
    return [ada, mary];
}

async function groups(ada, mary) {
    const group = await s("create a group", () => c.createGroup(body("group")), (g) => g.type === "OKTA_GROUP");
    const ruled = await s("create another group", () => c.createGroup(body("second_group")), (g) => g.profile.name === "Ruled");
    await s("the same group twice", () => c.createGroup(body("group")), refused("E0000001"));
    await s("get a group", () => c.getGroup(group.id), (g) => g.profile.name === "Engineers");
    await s("list groups", () => c.listGroups(), has(group));
    await s("find groups", () => c.listGroups(rest({ q: "Engin" })), (items) => same(items.map((g) => g.id), [group.id]));
    await s("search groups", () => c.listGroups(rest({ search: 'profile.name eq "Engineers"' })), (items) => same(items.map((g) => g.id), [group.id]));
    await s("filter groups", () => c.listGroups(rest({ filter: 'type eq "BUILT_IN"' })), (items) => items.some((g) => g.profile.name === "Everyone"));
    await s("replace a group", () => c.replaceGroup(group.id, body("group_renamed")), (g) => g.profile.name === "Builders");
    await s("add a member", () => c.assignUserToGroup(group.id, ada.id));
    await s("add another member", () => c.assignUserToGroup(group.id, mary.id));
    await s("list members", () => c.listGroupUsers(group.id), (items) => same(items.map((u) => u.id).sort(), [ada.id, mary.id].sort()));
    await s("list members by page", () => c.listGroupUsers(group.id, rest({ limit: 1 })), (items) => items.length === 2);
    await s("remove a member", () => c.unassignUserFromGroup(group.id, mary.id));
    await s("list the rest of the members", () => c.listGroupUsers(group.id), (items) => same(items.map((u) => u.id), [ada.id]));
    await s("assign an owner", () => c.assignGroupOwner(group.id, ({"id": ada.id, "type": "USER"})), (o) => o.id === ada.id);
    await s("list owners", () => c.listGroupOwners(group.id), has(ada));
    await s("remove an owner", () => c.deleteGroupOwner(group.id, ada.id));
    await s("list no owners", () => c.listGroupOwners(group.id), (items) => items.length === 0);
    const to = (value) => { value.actions.assignUserToGroups.groupIds = [ruled.id]; };
    const rule = await s("create a rule", () => c.createGroupRule(body("rule", to)), status("INACTIVE"));
    await s("get a rule", () => c.getGroupRule(rule.id), (r) => same(r.actions.assignUserToGroups.groupIds, [ruled.id]));
    await s("list rules", () => c.listGroupRules(), has(rule));
    await s("activate a rule", () => c.activateGroupRule(rule.id));
    await s("read an active rule", () => c.getGroupRule(rule.id), status("ACTIVE"));
    await s("members by rule", () => c.listGroupUsers(ruled.id), (items) => same(items.map((u) => u.id), [ada.id]));
    await s("deactivate a rule", () => c.deactivateGroupRule(rule.id));
    await s("replace a rule", () => c.replaceGroupRule(rule.id, body("rule", (b) => (to(b), Object.assign(b, { name: "Renamed" })))), (r) => r.name === "Renamed");
    await s("delete a rule", () => c.deleteGroupRule(rule.id));
    await s("get a deleted rule", () => c.getGroupRule(rule.id), refused("E0000007"));
    return [group, ruled];
}

async function applications(ada, group) {
    const bookmark = await s("create a bookmark", () => c.createApplication(body("bookmark")), status("ACTIVE"));
    await s("create a basic app", () => c.createApplication(body("basic")), (a) => a.settings.app.authURL === "https://example.com/auth.html");
    const oidc = await s("create a web client", () => c.createApplication(body("oidc")), (a) => a.credentials.oauthClient.client_id && a.credentials.oauthClient.client_secret);
    const saml = await s("create a SAML app", () => c.createApplication(body("saml")), (a) => a.settings.signOn.ssoAcsUrl === "https://example.com/sso");
    await s("get an app", () => c.getApplication(bookmark.id), (a) => a.label === "A bookmark");
    await s("get no app", () => c.getApplication("0oanosuchapp"), refused("E0000007"));
    await s("list apps", () => c.listApplications(), has(oidc));
    await s("find apps", () => c.listApplications(rest({ q: "A bookmark" })), (items) => same(items.map((a) => a.id), [bookmark.id]));
    await s("filter apps", () => c.listApplications(rest({ filter: 'status eq "ACTIVE"' })), has(saml));
    await s("replace an app", () => c.replaceApplication(bookmark.id, body("bookmark", (b) => Object.assign(b, { label: "Renamed" }))), (a) => a.label === "Renamed");
    await s("assign a user to an app", () => c.assignUserToApplication(bookmark.id, ({"id": ada.id, "scope": "USER"})), (u) => u.id === ada.id);
    await s("get a user of an app", () => c.getApplicationUser(bookmark.id, ada.id), (u) => u.scope === "USER");
    await s("list users of an app", () => c.listApplicationUsers(bookmark.id), has(ada));
    await s("apps of a user", () => c.listAppLinks(ada.id), (items) => items.some((a) => a.appInstanceId === bookmark.id));
    await s("unassign a user from an app", () => c.unassignUserFromApplication(bookmark.id, ada.id));
    await s("list no users of an app", () => c.listApplicationUsers(bookmark.id), lacks(ada));
    await s("assign a group to an app", () => c.assignGroupToApplication(bookmark.id, group.id, ({"priority": 0})), (a) => a.id === group.id);
    await s("get a group of an app", () => c.getApplicationGroupAssignment(bookmark.id, group.id), (a) => a.id === group.id);
    await s("list groups of an app", () => c.listApplicationGroupAssignments(bookmark.id), has(group));
    await s("apps of a group", () => c.listAssignedApplicationsForGroup(group.id), has(bookmark));
    await s("users by group of an app", () => c.listApplicationUsers(bookmark.id), (items) => same(items.map((u) => u.scope), ["GROUP"]));
    await s("unassign a group from an app", () => c.unassignApplicationFromGroup(bookmark.id, group.id));
    await s("list keys of an app", () => c.listApplicationKeys(saml.id), (items) => items[0].kid && items[0].x5c);
    const key = await s("generate a key", () => c.generateApplicationKey(saml.id, rest({ validityYears: 2 })), (k) => k.kid && k.x5c);
    await s("get a key", () => c.getApplicationKey(saml.id, key.kid), (k) => k.kid === key.kid);
    await s("generate a CSR", () => c.generateCsrForApplication(saml.id, body("csr")), (r) => r);
    const csrs = await s("list CSRs", () => c.listCsrsForApplication(saml.id), (items) => items.length === 1 && items[0].csr);
    await s("revoke a CSR", () => c.revokeCsrFromApplication(saml.id, csrs[0].id));
    const secret = await s("create a secret", () => c.createOAuth2ClientSecret(oidc.id, {}), (r) => r.client_secret);
    await s("list secrets", () => c.listOAuth2ClientSecrets(oidc.id), has(secret));
    await s("deactivate a secret", () => c.deactivateOAuth2ClientSecret(oidc.id, secret.id), status("INACTIVE"));
    await s("delete a secret", () => c.deleteOAuth2ClientSecret(oidc.id, secret.id));
    const grant = await s("grant a scope", () => c.grantConsentToScope(oidc.id, { issuer: ORG, scopeId: "okta.users.read" }), (g) => g.scopeId === "okta.users.read");
    await s("list grants", () => c.listScopeConsentGrants(oidc.id), has(grant));
    await s("revoke a grant", () => c.revokeScopeConsentGrant(oidc.id, grant.id));
    await s("list no grants", () => c.listScopeConsentGrants(oidc.id), (items) => items.length === 0);
    await s("schema of an app's users", () => c.getApplicationUserSchema(saml.id), (r) => r.definitions.base);
    await s("delete an active app", () => c.deleteApplication(bookmark.id), refused("E0000056"));
    await s("deactivate an app", () => c.deactivateApplication(bookmark.id));
    await s("read an inactive app", () => c.getApplication(bookmark.id), status("INACTIVE"));
    await s("activate an app", () => c.activateApplication(bookmark.id));
    await s("deactivate an app again", () => c.deactivateApplication(bookmark.id));
    await s("delete an app", () => c.deleteApplication(bookmark.id));
    await s("get a deleted app", () => c.getApplication(bookmark.id), refused("E0000007"));
    return oidc;
}

async function factors(ada) {
    await s("list no factors", () => c.listFactors(ada.id), (items) => items.length === 0);
    await s("supported factors", () => c.listSupportedFactors(ada.id), (items) => items.map((f) => f.factorType).includes("sms"));
    await s("supported questions", () => c.listSupportedSecurityQuestions(ada.id), (items) => items.map((q) => q.question).includes("disliked_food"));
    const question = await s("enroll a question", () => c.enrollFactor(ada.id, body("factor_question")), status("ACTIVE"));
    const sms = await s("enroll SMS", () => c.enrollFactor(ada.id, body("factor_sms")), status("PENDING_ACTIVATION"));
    await s("activate SMS", () => c.activateFactor(ada.id, sms.id, ({"passCode": "123456"})), status("ACTIVE"));
    await s("get a factor", () => c.getFactor(ada.id, sms.id), status("ACTIVE"));
    await s("enroll an authenticator app", () => c.enrollFactor(ada.id, body("factor_totp")), status("PENDING_ACTIVATION"));
    await s("verify a question", () => c.verifyFactor(ada.id, question.id, ({"answer": "mayonnaise"})), (r) => r.factorResult === "SUCCESS");
    await s("list factors", () => c.listFactors(ada.id), (items) => [question.id, sms.id].every((id) => items.some((f) => f.id === id)));
    await s("remove a factor", () => c.unenrollFactor(ada.id, question.id));
    await s("list the rest of the factors", () => c.listFactors(ada.id), lacks(question));
}

async function policies(group) {
    const of = (value) => { value.conditions.people.groups.include = [group.id]; };
    for (const kind of ["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "ACCESS_POLICY", "PROFILE_ENROLLMENT", "IDP_DISCOVERY"]) {
        await s(`list policies ${kind}`, () => c.listPolicies(kind), (items) => items.length > 0 && items.every((p) => p.type === kind));
    }
    for (const [name, ruleKey] of [["policy_sign_on", "rule_sign_on"], ["policy_password", "rule_password"]]) {
        const policy = await s(`create ${name}`, () => c.createPolicy(body(name, of)), (p) => p.priority === 1 && !p.system);
        await s(`get ${name}`, () => c.getPolicy(policy.id), (p) => same(p.conditions.people.groups.include, [group.id]));
        await s(`replace ${name}`, () => c.replacePolicy(policy.id, body(name, (b) => (of(b), Object.assign(b, { description: "Other" })))), (p) => p.description === "Other");
        const rule = await s(`create a rule of ${name}`, () => c.createPolicyRule(policy.id, body(ruleKey)), status("ACTIVE"));
        await s(`get a rule of ${name}`, () => c.getPolicyRule(policy.id, rule.id), (r) => r.name === BODIES[ruleKey]["name"]);
        await s(`list rules of ${name}`, () => c.listPolicyRules(policy.id), has(rule));
        await s(`deactivate a rule of ${name}`, () => c.deactivatePolicyRule(policy.id, rule.id));
        await s(`read an inactive rule of ${name}`, () => c.getPolicyRule(policy.id, rule.id), status("INACTIVE"));
        await s(`delete a rule of ${name}`, () => c.deletePolicyRule(policy.id, rule.id));
        await s(`deactivate ${name}`, () => c.deactivatePolicy(policy.id));
        await s(`read inactive ${name}`, () => c.getPolicy(policy.id), status("INACTIVE"));
        await s(`delete ${name}`, () => c.deletePolicy(policy.id));
        await s(`get deleted ${name}`, () => c.getPolicy(policy.id), refused("E0000007"));
    }
}

async function zonesAndOrigins() {
    await s("list zones", () => c.listNetworkZones(), (items) => items.map((z) => z.name).includes("LegacyIpZone"));
    const zone = await s("create a zone", () => c.createNetworkZone(body("zone")), (z) => z.gateways[0].value === "192.0.2.0/24" && !z.system);
    await s("get a zone", () => c.getNetworkZone(zone.id), (z) => z.name === "Office");
    await s("replace a zone", () => c.replaceNetworkZone(zone.id, body("zone", (b) => Object.assign(b, { name: "Home" }))), (z) => z.name === "Home");
    await s("delete an active zone", () => c.deleteNetworkZone(zone.id), refused("E000"));
    await s("deactivate a zone", () => c.deactivateNetworkZone(zone.id), status("INACTIVE"));
    await s("activate a zone", () => c.activateNetworkZone(zone.id), status("ACTIVE"));
    await s("deactivate a zone again", () => c.deactivateNetworkZone(zone.id), status("INACTIVE"));
    await s("delete a zone", () => c.deleteNetworkZone(zone.id));
    await s("get a deleted zone", () => c.getNetworkZone(zone.id), refused("E0000007"));
    const origin = await s("create an origin", () => c.createTrustedOrigin(body("origin")), status("ACTIVE"));
    await s("get an origin", () => c.getTrustedOrigin(origin.id), (o) => o.origin === "https://site.example.com");
    await s("list origins", () => c.listTrustedOrigins(), has(origin));
    await s("deactivate an origin", () => c.deactivateTrustedOrigin(origin.id), status("INACTIVE"));
    await s("delete an origin", () => c.deleteTrustedOrigin(origin.id));
}

async function hooks() {
    const event = await s("create an event hook", () => c.createEventHook(body("event_hook")), (h) => h.verificationStatus === "UNVERIFIED");
    await s("get an event hook", () => c.getEventHook(event.id), (h) => same(h.events.items, ["user.lifecycle.create"]));
    await s("list event hooks", () => c.listEventHooks(), has(event));
    await s("verify an event hook", () => c.verifyEventHook(event.id), (h) => h.verificationStatus === "VERIFIED");
    await s("deactivate an event hook", () => c.deactivateEventHook(event.id), status("INACTIVE"));
    await s("delete an event hook", () => c.deleteEventHook(event.id));
    const inline = await s("create an inline hook", () => c.createInlineHook(body("inline_hook")), status("ACTIVE"));
    await s("get an inline hook", () => c.getInlineHook(inline.id), (h) => h.name === "Asks");
    await s("list inline hooks", () => c.listInlineHooks(rest({ type: "com.okta.import.transform" })), has(inline));
    await s("deactivate an inline hook", () => c.deactivateInlineHook(inline.id), status("INACTIVE"));
    await s("delete an inline hook", () => c.deleteInlineHook(inline.id));
}

async function servers() {
    await s("list servers", () => c.listAuthorizationServers(), (items) => items.map((a) => a.name).includes("default"));
    const server = await s("create a server", () => c.createAuthorizationServer(body("server")), (a) => a.issuer === `${ORG}/oauth2/${a.id}`);
    await s("get a server", () => c.getAuthorizationServer(server.id), (a) => a.credentials.signing.kid);
    await s("replace a server", () => c.replaceAuthorizationServer(server.id, body("server", (b) => Object.assign(b, { description: "Lends books" }))), (a) => a.description === "Lends books");
    await s("list keys of a server", () => c.listAuthorizationServerKeys(server.id), (items) => items.map((k) => k.status).includes("ACTIVE"));
    await s("rotate keys of a server", () => c.rotateAuthorizationServerKeys(server.id, ({"use": "sig"})), (items) => items.length >= 2);
    await s("list scopes", () => c.listOAuth2Scopes(server.id), (items) => items.map((i) => i.name).includes("openid"));
    const scope = await s("create a scope", () => c.createOAuth2Scope(server.id, body("scope")), (r) => r.name === "books:read" && !r.system);
    await s("get a scope", () => c.getOAuth2Scope(server.id, scope.id), (r) => r.displayName === "Read books");
    await s("replace a scope", () => c.replaceOAuth2Scope(server.id, scope.id, body("scope", (b) => Object.assign(b, { description: "Other" }))), (r) => r.description === "Other");
    const claim = await s("create a claim", () => c.createOAuth2Claim(server.id, body("claim")), (r) => r.value === '"west"');
    await s("get a claim", () => c.getOAuth2Claim(server.id, claim.id), (r) => same(r.conditions.scopes, ["books:read"]));
    await s("list claims", () => c.listOAuth2Claims(server.id), has(claim));
    const policy = await s("create a server's policy", () => c.createAuthorizationServerPolicy(server.id, body("server_policy")), status("ACTIVE"));
    await s("get a server's policy", () => c.getAuthorizationServerPolicy(server.id, policy.id), (p) => same(p.conditions.clients.include, ["ALL_CLIENTS"]));
    await s("list a server's policies", () => c.listAuthorizationServerPolicies(server.id), has(policy));
    const rule = await s("create a rule of a server's policy", () => c.createAuthorizationServerPolicyRule(server.id, policy.id, body("server_rule")), (r) => r.actions.token.accessTokenLifetimeMinutes === 60);
    await s("get a rule of a server's policy", () => c.getAuthorizationServerPolicyRule(server.id, policy.id, rule.id), (r) => r.name === "Everyone");
    await s("list rules of a server's policy", () => c.listAuthorizationServerPolicyRules(server.id, policy.id), has(rule));
    await s("deactivate a rule of a server's policy", () => c.deactivateAuthorizationServerPolicyRule(server.id, policy.id, rule.id));
    await s("delete a rule of a server's policy", () => c.deleteAuthorizationServerPolicyRule(server.id, policy.id, rule.id));
    await s("delete a server's policy", () => c.deleteAuthorizationServerPolicy(server.id, policy.id));
    await s("delete a claim", () => c.deleteOAuth2Claim(server.id, claim.id));
    await s("get a deleted claim", () => c.getOAuth2Claim(server.id, claim.id), refused("E0000007"));
    await s("delete a scope", () => c.deleteOAuth2Scope(server.id, scope.id));
    await s("deactivate a server", () => c.deactivateAuthorizationServer(server.id));
    await s("read an inactive server", () => c.getAuthorizationServer(server.id), status("INACTIVE"));
    await s("delete a server", () => c.deleteAuthorizationServer(server.id));
    await s("get a deleted server", () => c.getAuthorizationServer(server.id), refused("E0000007"));
}

async function identityProviders() {
    const idp = await s("create an identity provider", () => c.createIdentityProvider(body("idp")), status("ACTIVE"));
    await s("get an identity provider", () => c.getIdentityProvider(idp.id), (i) => i.name === "Partner");
    await s("list identity providers", () => c.listIdentityProviders(), has(idp));
    await s("find identity providers", () => c.listIdentityProviders(rest({ q: "Part" })), has(idp));
    const key = await s("generate a key of an identity provider", () => c.generateIdentityProviderSigningKey(idp.id, rest({ validityYears: 2 })), (k) => k.kid);
    await s("list keys of an identity provider", () => c.listIdentityProviderSigningKeys(idp.id), (items) => items.map((k) => k.kid).includes(key.kid));
    await s("deactivate an identity provider", () => c.deactivateIdentityProvider(idp.id), status("INACTIVE"));
    await s("activate an identity provider", () => c.activateIdentityProvider(idp.id), status("ACTIVE"));
    await s("delete an identity provider", () => c.deleteIdentityProvider(idp.id));
    await s("get a deleted identity provider", () => c.getIdentityProvider(idp.id), refused("E0000007"));
}

async function schemas(ada, mary) {
    await s("user schema", () => c.getUserSchema("default"), (r) => r.definitions.base.properties.login !== undefined);
    await s("group schema", () => c.getGroupSchema(), (r) => r.definitions.base);
    await s("add an attribute", () => c.updateUserProfile("default", body("schema_attribute")), (r) => r.definitions.custom.properties.shoeSize);
    await s("read an attribute", () => c.getUserSchema("default"), (r) => r.definitions.custom.properties.shoeSize.title === "Shoe size");
    await s("write an attribute", () => c.updateUser(ada.id, ({"profile": {"shoeSize": "38"}})), (u) => u.profile.shoeSize === "38");
    await s("write an unknown attribute", () => c.updateUser(ada.id, ({"profile": {"hatSize": "38"}})), refused("E0000001"));
    const kind = await s("create a user type", () => c.createUserType(body("user_type")), (t) => t.name === "contractor" && !t.default);
    await s("get a user type", () => c.getUserType(kind.id), (t) => t.displayName === "Contractor");
    await s("list user types", () => c.listUserTypes(), (items) => items.length === 2);
    await s("delete a user type", () => c.deleteUserType(kind.id));
    await s("define linked objects", () => c.createLinkedObjectDefinition(body("linked_object")), (r) => r.primary.name === "manager");
    await s("list linked objects", () => c.listLinkedObjectDefinitions(), (items) => same(items.map((i) => i.associated.name), ["subordinate"]));
    await s("link users", () => c.setLinkedObjectForUser(mary.id, "manager", ada.id));
    await s("list links of a user", () => c.listLinkedObjectsForUser(mary.id, "manager"), (items) => items.length === 1);
    await s("unlink users", () => c.deleteLinkedObjectForUser(mary.id, "manager"));
    await s("undefine linked objects", () => c.deleteLinkedObjectDefinition("manager"));
    await s("list mappings", () => c.listProfileMappings(), (items) => Array.isArray(items));
}

async function roles(ada, group) {
    const role = await s("assign a role to a user", () => c.assignRoleToUser(ada.id, ({"type": "HELP_DESK_ADMIN"})), (r) => r.label === "Help Desk Administrator");
    const ident = role;
    await s("list roles of a user", () => c.listAssignedRolesForUser(ada.id), (items) => items.some((r) => r.id === ident.id));
    await s("target a group", () => c.assignGroupTargetToUserRole(ada.id, ident.id, group.id));
    await s("list targets", () => c.listGroupTargetsForRole(ada.id, ident.id), has(group));
    await s("unassign a role from a user", () => c.unassignRoleFromUser(ada.id, ident.id));
    await s("list no roles of a user", () => c.listAssignedRolesForUser(ada.id), (items) => items.length === 0);
    await s("assign a role to a group", () => c.assignRoleToGroup(group.id, ({"type": "READ_ONLY_ADMIN"})), (r) => r.label === "Read-only Administrator");
    const given = await s("list roles of a group", () => c.listGroupAssignedRoles(group.id), (items) => items.length === 1);
    await s("unassign a role from a group", () => c.unassignRoleFromGroup(group.id, given[0].id));
    const custom = await s("create a role", () => c.createRole(body("custom_role")), (r) => r.label === "Reader");
    await s("permissions of a role", () => c.listRolePermissions(custom.id), (r) => same(r.permissions.map((p) => p.label), ["okta.users.read"]));
    await s("list roles", () => c.listRoles(), (r) => r.roles.map((i) => i.id).includes(custom.id));
    const kit = await s("create a resource set", () => c.createResourceSet(body("resource_set", (b) => Object.assign(b, { resources: [`${ORG}/api/v1/users`] }))), (r) => r.label === "All users");
    await s("resources of a set", () => c.listResourceSetResources(kit.id), (r) => r.resources.length === 1);
    await s("list resource sets", () => c.listResourceSets(), (r) => r.resource_sets.some((i) => i.id === kit.id));
    await s("bind", () => c.createResourceSetBinding(kit.id, ({"role": custom.id, "members": [`${ORG}/api/v1/users/${ada.id}`]})));
    await s("list bindings", () => c.listBindings(kit.id), (r) => r.roles.length === 1);
    await s("unbind", () => c.deleteBinding(kit.id, custom.id));
    await s("delete a resource set", () => c.deleteResourceSet(kit.id));
    await s("delete a role", () => c.deleteRole(custom.id));
}

async function theRest(ada) {
    await s("logs", () => c.listLogEvents(rest({ filter: 'eventType eq "user.lifecycle.create"', sortOrder: "DESCENDING", limit: 10 })), (items) => items.length > 0 && items.every((e) => e.eventType === "user.lifecycle.create"));
    await s("logs of a target", () => c.listLogEvents(rest({ filter: `target.id eq "${ada.id}"` })), (items) => items.length > 0);
    await s("no session", () => c.getSession("nosuchsession"), refused("E0000007"));
    await s("org settings", () => c.getOrgSettings(), status("ACTIVE"));
    await s("contact types", () => c.getOrgContactTypes(), (items) => items.length === 2);
    const brands = await s("brands", () => c.listBrands(), (items) => items.length === 1);
    await s("themes", () => c.listBrandThemes(brands[0].id), (items) => items.length === 1);
    await s("email templates", () => c.listEmailTemplates(brands[0].id), (items) => items.length > 5);
    await s("authenticators", () => c.listAuthenticators(), (items) => items.some((a) => a.key === "okta_password"));
    await s("features", () => c.listFeatures(), (items) => items.length > 0);
    await s("API tokens", () => c.listApiTokens(), (items) => items.length === 1);
    const behavior = await s("create a behavior", () => c.createBehaviorDetectionRule(body("behavior")), status("ACTIVE"));
    await s("list behaviors", () => c.listBehaviorDetectionRules(), has(behavior));
    await s("delete a behavior", () => c.deleteBehaviorDetectionRule(behavior.id));
    const template = await s("create an SMS template", () => c.createSmsTemplate(body("sms_template")), (t) => t.name === "Code");
    await s("list SMS templates", () => c.listSmsTemplates(), has(template));
    await s("delete an SMS template", () => c.deleteSmsTemplate(template.id));
    const realm = await s("create a realm", () => c.createRealm(body("realm")), (r) => r.profile.name === "Cars");
    await s("list realms", () => c.listRealms(), has(realm));
    await s("delete a realm", () => c.deleteRealm(realm.id));
}

async function tidy(ada, mary, group) {
    await s("delete a group", () => c.deleteGroup(group.id));
    await s("get a deleted group", () => c.getGroup(group.id), refused("E0000007"));
    for (const [name, user] of [["Ada", ada], ["Mary", mary]]) {
        await s(`deactivate ${name}`, () => c.deleteUser(user.id));
        await s(`delete ${name}`, () => c.deleteUser(user.id));
        await s(`get deleted ${name}`, () => c.getUser(user.id), refused("E0000007"));
    }
}

// Plays all of it.
export async function play() {
    const [ada, mary] = await users();
    const [group] = await groups(ada, mary);
    await applications(ada, group);
    await factors(ada);
    await policies(group);
    await zonesAndOrigins();
    await hooks();
    await servers();
    await identityProviders();
    await schemas(ada, mary);
    await roles(ada, group);
    await theRest(ada);
    await tidy(ada, mary, group);
}
