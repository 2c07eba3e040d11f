// Witness: openid-client, with client credentials by `private_key_jwt`, bound to a key by DPoP, with the nonces that the org demands.
import { appendFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";

const client = await import(createRequire(`${process.env.WITNESS_MODULES}/`).resolve("openid-client"));
const ORG = process.env.WITNESS_URL;
const REPORT = process.env.WITNESS_REPORT;
writeFileSync(REPORT, "");
const names = new Set();

// Makes a call, asserts what it gave, and returns it: `check` is true for its value, or a text that the error contains.
async function s(name, call, check) {
    if (names.has(name)) throw new Error(`two steps are called ${name}`);
    names.add(name);
    let value;
    let error;
    try {
        value = await call();
        if (typeof check === "string") error = `expected ${check}, got ${JSON.stringify(value)?.slice(0, 200)}`;
        else if (check && !check(value)) error = `unexpected value ${JSON.stringify(value)?.slice(0, 400)}`;
    } catch (thrown) {
        const text = `${thrown.name}: ${thrown.message} ${thrown.error ?? ""} ${thrown.error_description ?? ""} ${JSON.stringify(thrown.cause?.message ?? thrown.cause ?? "")}`;
        if (typeof check !== "string" || !text.includes(check)) error = text.slice(0, 600);
    }
    appendFileSync(REPORT, JSON.stringify(error ? { name, error } : { name }) + "\n");
    return value;
}

async function api(method, path, body) {
    const response = await fetch(`${ORG}${path}`, {
        method,
        headers: { authorization: `SSWS ${process.env.WITNESS_TOKEN}`, "content-type": "application/json" },
        body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
}

async function register(label, keys, kid, bound) {
    const jwk = await crypto.subtle.exportKey("jwk", keys.publicKey);
    return api("POST", "/api/v1/apps", {
        name: "oidc_client",
        label,
        signOnMode: "OPENID_CONNECT",
        credentials: { oauthClient: { token_endpoint_auth_method: "private_key_jwt" } },
        settings: { oauthClient: {
            grant_types: ["client_credentials"], response_types: ["token"], application_type: "service", dpop_bound_access_tokens: bound,
            jwks: { keys: [{ ...jwk, kid, use: "sig", alg: undefined, key_ops: undefined, ext: undefined }] },
        } },
    });
}

const claims = (token) => JSON.parse(Buffer.from(token.access_token.split(".")[1], "base64url"));
const SCOPES = "okta.users.read okta.groups.read";

// The audience is the token endpoint, which is what the org demands; by itself openid-client names the issuer.
const signed = (key) => client.PrivateKeyJwt(key, {
    [client.modifyAssertion]: (_, payload) => { payload.aud = `${ORG}/oauth2/v1/token`; },
});

for (const [name, path, algorithm] of [["org", "", "oidc"], ["org", "", "oauth2"], ["custom server", "/oauth2/default", "oidc"]]) {
    await s(`discover the ${name} by ${algorithm}`, () => client.discovery(new URL(`${ORG}${path}`), "nobody", undefined, client.None(), { algorithm }), (c) => c.serverMetadata().token_endpoint === `${ORG}${path || "/oauth2"}/v1/token`);
}

// A client with a key, its tokens, and the calls that they are good for.
async function play(bound, kind, parameters) {
    const title = `${bound ? "DPoP" : "Bearer"} ${kind}`;
    const usage = ["sign", "verify"];
    const keys = await crypto.subtle.generateKey(parameters, true, usage);
    const kid = randomUUID();
    const app = await s(`${title}: register`, () => register(`openid-client ${title}`, keys, kid, bound), (a) => a.settings.oauthClient.dpop_bound_access_tokens === bound);
    const id = app.credentials.oauthClient.client_id;
    const authentication = signed({ key: keys.privateKey, kid });
    const config = await s(`${title}: discover`, () => client.discovery(new URL(ORG), id, undefined, authentication), (c) => c.serverMetadata().issuer === ORG);
    const proof = () => bound ? { DPoP: client.getDPoPHandle(config, keys) } : undefined;
    await s(`${title}: without a grant`, () => client.clientCredentialsGrant(config, { scope: SCOPES }, proof()), "consent_required");
    for (const scopeId of SCOPES.split(" ")) {
        await s(`${title}: grant ${scopeId}`, () => api("POST", `/api/v1/apps/${app.id}/grants`, { issuer: ORG, scopeId }), (g) => g.scopeId === scopeId);
    }
    if (bound) await s(`${title}: without a proof`, () => client.clientCredentialsGrant(config, { scope: SCOPES }), "invalid_dpop_proof");
    const handle = proof();
    const token = await s(`${title}: token`, () => client.clientCredentialsGrant(config, { scope: SCOPES }, handle), (t) => t.token_type === (bound ? "dpop" : "bearer") && t.expires_in === 3600);
    await s(`${title}: claims`, () => claims(token), (c) => c.cid === id && c.scp.length === 2 && Boolean(c.cnf?.jkt) === bound);
    const call = (path, method = "GET", given = handle) => client.fetchProtectedResource(config, token.access_token, new URL(`${ORG}${path}`), method, null, undefined, given);
    await s(`${title}: read users`, async () => (await call("/api/v1/users")).json(), (users) => users.length === 3);
    await s(`${title}: read a filtered list`, async () => (await call("/api/v1/users?limit=1&filter=status%20eq%20%22ACTIVE%22")).json(), (users) => users.length === 1);
    await s(`${title}: read groups`, async () => (await call("/api/v1/groups")).json(), (groups) => groups.length === 1);
    await s(`${title}: apps are not granted`, () => call("/api/v1/apps"), "insufficient_scope");
    await s(`${title}: users cannot be written`, () => call("/api/v1/users", "POST"), "insufficient_scope");
    await s(`${title}: a second token`, () => client.clientCredentialsGrant(config, { scope: "okta.users.read" }, handle), (t) => t.scope === "okta.users.read");
    if (bound) {
        await s(`${title}: a token without its proof`, () => call("/api/v1/users", "GET", null), "invalid_token");
        const other = await crypto.subtle.generateKey(parameters, true, usage);
        await s(`${title}: a token with the proof of another key`, () => call("/api/v1/users", "GET", client.getDPoPHandle(config, other)), "invalid_token");
    }
    const stranger = await crypto.subtle.generateKey(parameters, true, usage);
    const wrong = new client.Configuration(config.serverMetadata(), id, undefined, signed({ key: stranger.privateKey, kid }));
    await s(`${title}: a key that is not registered`, () => client.clientCredentialsGrant(wrong, { scope: SCOPES }, proof()), "invalid_client");
    await s(`${title}: an unknown scope`, () => client.clientCredentialsGrant(config, { scope: "no.such.scope" }, proof()), "invalid_scope");
    await s(`${title}: deactivate`, () => api("POST", `/api/v1/apps/${app.id}/lifecycle/deactivate`, {}));
    await s(`${title}: an inactive client`, () => client.clientCredentialsGrant(config, { scope: SCOPES }, proof()), "invalid_client");
}

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
const EC = { name: "ECDSA", namedCurve: "P-256" };
for (const bound of [false, true]) {
    await play(bound, "RS256", RSA);
    await play(bound, "ES256", EC);
}
