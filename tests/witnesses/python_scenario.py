"""What both Python SDKs do, in the words of 3.x; `okta_python_2.py` says how 2.x says it.

`c` is a client, `stranger` one with a token that the org does not know, `body` makes a body out of `bodies.json`, `model` one out of a dict.
"""
import copy
import json
import pathlib

BODIES = json.loads((pathlib.Path(__file__).parent / "bodies.json").read_text())


def body(kind, key, change=None):
    """A body as the SDK's own model."""
    value = copy.deepcopy(BODIES[key])
    if change:
        change(value)
    return model(kind, value)


def status(wanted):
    return lambda got: word(got.status) == wanted


def word(value):
    return getattr(value, "value", value)


def read(value, name):
    return value[name] if isinstance(value, dict) else getattr(value, name)


def custom(profile, name):
    """A custom attribute, which 3.x keeps apart and 2.x does not."""
    return profile.additional_properties[name] if "additional_properties" in vars(profile) else getattr(profile, name)


def chain(key):
    """The certificates of a key, which 2.x spells in its own way."""
    return key.x_5_c if hasattr(key, "x_5_c") else key.x5c


def has(one):
    return lambda items: any(item.id == one.id for item in items)


def lacks(one):
    return lambda items: all(item.id != one.id for item in items)


def users():
    ada = s("create a user", lambda: c.create_user(body("CreateUserRequest", "user")), status("ACTIVE"))
    charles = s("create a staged user", lambda: c.create_user(body("CreateUserRequest", "staged"), activate=False), status("STAGED"))
    mary = s("create a user with a question", lambda: c.create_user(body("CreateUserRequest", "asked")), lambda u: u.credentials.recovery_question.question == "Which engine?")
    s("the same login twice", lambda: c.create_user(body("CreateUserRequest", "user")), refused="E0000001")
    s("get a user by id", lambda: c.get_user(ada.id), lambda u: u.profile.login == "ada@example.com")
    s("get a user by login", lambda: c.get_user("ada@example.com"), lambda u: u.id == ada.id)
    s("get me", lambda: c.get_user("me"), lambda u: u.id and u.id != ada.id)
    s("get no user", lambda: c.get_user("00unosuchuser"), refused="E0000007")
    s("wrong token", lambda: stranger.get_user("me"), refused="E0000011")
    s("list users", lambda: c.list_users(), has(ada))
    s("list users by page", lambda: c.list_users(limit=2), lambda items: len(items) == 2)
    s("search users", lambda: c.list_users(search='profile.lastName eq "Lovelace"'), lambda items: [u.id for u in items] == [ada.id])
    s("filter users", lambda: c.list_users(filter='status eq "STAGED"'), lambda items: [u.id for u in items] == [charles.id])
    s("find users", lambda: c.list_users(q="Lovel"), lambda items: [u.id for u in items] == [ada.id])
    s("sort users", lambda: c.list_users(search="id pr", sort_by="profile.login", sort_order="desc"), lambda items: items[0].profile.login == "user3@example.com")
    s("a malformed search", lambda: c.list_users(search="profile.login eq"), refused="E0000031")
    s("update a user", lambda: c.update_user(ada.id, body("UpdateUserRequest", "nickname")), lambda u: u.profile.nick_name == "Countess" and u.profile.first_name == "Ada")
    s("read what was updated", lambda: c.get_user(ada.id), lambda u: u.profile.nick_name == "Countess")
    s("replace a user", lambda: c.replace_user(ada.id, body("UpdateUserRequest", "user", lambda b: b.pop("credentials"))), lambda u: u.profile.nick_name is None)
    s("suspend a user", lambda: c.suspend_user(ada.id))
    s("read a suspended user", lambda: c.get_user(ada.id), status("SUSPENDED"))
    s("unsuspend a user", lambda: c.unsuspend_user(ada.id))
    s("read an unsuspended user", lambda: c.get_user(ada.id), status("ACTIVE"))
    s("unsuspend an active user", lambda: c.unsuspend_user(ada.id), refused="E0000001")
    s("activate a user", lambda: c.activate_user(charles.id, send_email=False), lambda t: t.activation_token and t.activation_url)
    s("read a provisioned user", lambda: c.get_user(charles.id), status("PROVISIONED"))
    s("reactivate a user", lambda: c.reactivate_user(charles.id, send_email=False), lambda t: t.activation_token)
    s("change a password", lambda: c.change_password(mary.id, body("ChangePasswordRequest", "password_change")), lambda r: word(r.provider.type) == "OKTA")
    s("change a recovery question", lambda: c.change_recovery_question(mary.id, body("UserCredentials", "question_change")), lambda r: r.recovery_question.question == "Which number?")
    s("forgot a password", lambda: c.forgot_password(mary.id, send_email=False), lambda r: "/" in r.reset_password_url)
    s("expire a password", lambda: c.expire_password(mary.id), status("PASSWORD_EXPIRED"))
    s("expire with a temporary password", lambda: c.expire_password_with_temp_password(mary.id), lambda r: bool(r.temp_password))
    s("reset a password", lambda: c.reset_password(mary.id, send_email=False), lambda r: "/" in r.reset_password_url)
    s("read a recovering user", lambda: c.get_user(mary.id), status("RECOVERY"))
    s("unlock a user who is not locked out", lambda: c.unlock_user(ada.id), refused="E000")
    s("reset factors", lambda: c.reset_factors(ada.id))
    s("revoke sessions of a user", lambda: c.revoke_user_sessions(ada.id))
    s("groups of a user", lambda: c.list_user_groups(ada.id), lambda items: [g.profile.actual_instance.name if hasattr(g.profile, "actual_instance") else g.profile.name for g in items] == ["Everyone"])
    s("blocks of a user", lambda: c.list_user_blocks(ada.id), lambda items: items == [])
    s("deactivate a user", lambda: c.deactivate_user(charles.id))
    s("read a deactivated user", lambda: c.get_user(charles.id), status("DEPROVISIONED"))
    s("delete a user", lambda: c.delete_user(charles.id))
    s("get a deleted user", lambda: c.get_user(charles.id), refused="E0000007")
    return ada, mary


def name_of(group):
    profile = group.profile
    return getattr(profile, "actual_instance", profile).name


def groups(ada, mary):
    group = s("create a group", lambda: c.add_group(body("AddGroupRequest", "group")), lambda g: word(g.type) == "OKTA_GROUP")
    ruled = s("create another group", lambda: c.add_group(body("AddGroupRequest", "second_group")), lambda g: name_of(g) == "Ruled")
    s("the same group twice", lambda: c.add_group(body("AddGroupRequest", "group")), refused="E0000001")
    s("get a group", lambda: c.get_group(group.id), lambda g: name_of(g) == "Engineers")
    s("list groups", lambda: c.list_groups(), has(group))
    s("find groups", lambda: c.list_groups(q="Engin"), lambda items: [g.id for g in items] == [group.id])
    s("search groups", lambda: c.list_groups(search='profile.name eq "Engineers"'), lambda items: [g.id for g in items] == [group.id])
    s("filter groups", lambda: c.list_groups(filter='type eq "BUILT_IN"'), lambda items: "Everyone" in [name_of(g) for g in items])
    s("replace a group", lambda: c.replace_group(group.id, body("AddGroupRequest", "group_renamed")), lambda g: name_of(g) == "Builders")
    s("add a member", lambda: c.assign_user_to_group(group.id, ada.id))
    s("add another member", lambda: c.assign_user_to_group(group.id, mary.id))
    s("list members", lambda: c.list_group_users(group.id), lambda items: {u.id for u in items} == {ada.id, mary.id})
    s("list members by page", lambda: c.list_group_users(group.id, limit=1), lambda items: len(items) == 1)
    s("remove a member", lambda: c.unassign_user_from_group(group.id, mary.id))
    s("list the rest of the members", lambda: c.list_group_users(group.id), lambda items: [u.id for u in items] == [ada.id])
    s("assign an owner", lambda: c.assign_group_owner(group.id, model("AssignGroupOwnerRequestBody", {"id": ada.id, "type": "USER"})), lambda o: o.id == ada.id)
    s("list owners", lambda: c.list_group_owners(group.id), has(ada))
    s("remove an owner", lambda: c.delete_group_owner(group.id, ada.id))
    s("list no owners", lambda: c.list_group_owners(group.id), lambda items: not items)

    def to(value):
        value["actions"]["assignUserToGroups"]["groupIds"] = [ruled.id]

    rule = s("create a rule", lambda: c.create_group_rule(body("CreateGroupRuleRequest", "rule", to)), status("INACTIVE"))
    s("get a rule", lambda: c.get_group_rule(rule.id), lambda r: r.actions.assign_user_to_groups.group_ids == [ruled.id])
    s("list rules", lambda: c.list_group_rules(), has(rule))
    s("activate a rule", lambda: c.activate_group_rule(rule.id))
    s("read an active rule", lambda: c.get_group_rule(rule.id), status("ACTIVE"))
    s("members by rule", lambda: c.list_group_users(ruled.id), lambda items: [u.id for u in items] == [ada.id])
    s("deactivate a rule", lambda: c.deactivate_group_rule(rule.id))
    s("replace a rule", lambda: c.replace_group_rule(rule.id, body("GroupRule", "rule", lambda b: (to(b), b.update(name="Renamed")))), lambda r: r.name == "Renamed")
    s("delete a rule", lambda: c.delete_group_rule(rule.id))
    s("get a deleted rule", lambda: c.get_group_rule(rule.id), refused="E0000007")
    return group, ruled


def applications(ada, group):
    bookmark = s("create a bookmark", lambda: c.create_application(body("BookmarkApplication", "bookmark")), status("ACTIVE"))
    s("create a basic app", lambda: c.create_application(body("BasicAuthApplication", "basic")), lambda a: a.settings.app.auth_url == "https://example.com/auth.html")
    oidc = s("create a web client", lambda: c.create_application(body("OpenIdConnectApplication", "oidc")), lambda a: a.credentials.oauth_client.client_id and a.credentials.oauth_client.client_secret)
    saml = s("create a SAML app", lambda: c.create_application(body("SamlApplication", "saml")), lambda a: a.settings.sign_on.sso_acs_url == "https://example.com/sso")
    s("get an app", lambda: c.get_application(bookmark.id), lambda a: a.label == "A bookmark")
    s("get no app", lambda: c.get_application("0oanosuchapp"), refused="E0000007")
    s("list apps", lambda: c.list_applications(), has(oidc))
    s("find apps", lambda: c.list_applications(q="A bookmark"), lambda items: [a.id for a in items] == [bookmark.id])
    s("filter apps", lambda: c.list_applications(filter='status eq "ACTIVE"'), has(saml))
    s("replace an app", lambda: c.replace_application(bookmark.id, body("BookmarkApplication", "bookmark", lambda b: b.update(label="Renamed"))), lambda a: a.label == "Renamed")
    s("assign a user to an app", lambda: c.assign_user_to_application(bookmark.id, model("AppUserAssignRequest", {"id": ada.id, "scope": "USER"})), lambda u: u.id == ada.id)
    s("get a user of an app", lambda: c.get_application_user(bookmark.id, ada.id), lambda u: word(u.scope) == "USER")
    s("list users of an app", lambda: c.list_application_users(bookmark.id), has(ada))
    s("apps of a user", lambda: c.list_app_links(ada.id), lambda items: bookmark.id in [a.app_instance_id for a in items])
    s("unassign a user from an app", lambda: c.unassign_user_from_application(bookmark.id, ada.id))
    s("list no users of an app", lambda: c.list_application_users(bookmark.id), lacks(ada))
    s("assign a group to an app", lambda: c.assign_group_to_application(bookmark.id, group.id, model("ApplicationGroupAssignment", {"priority": 0})), lambda a: a.id == group.id)
    s("get a group of an app", lambda: c.get_application_group_assignment(bookmark.id, group.id), lambda a: a.id == group.id)
    s("list groups of an app", lambda: c.list_application_group_assignments(bookmark.id), has(group))
    s("apps of a group", lambda: c.list_assigned_applications_for_group(group.id), has(bookmark))
    s("users by group of an app", lambda: c.list_application_users(bookmark.id), lambda items: [word(u.scope) for u in items] == ["GROUP"])
    s("unassign a group from an app", lambda: c.unassign_application_from_group(bookmark.id, group.id))
    s("list keys of an app", lambda: c.list_application_keys(saml.id), lambda items: items[0].kid and chain(items[0]))
    key = s("generate a key", lambda: c.generate_application_key(saml.id, validity_years=2), lambda k: k.kid and chain(k))
    s("get a key", lambda: c.get_application_key(saml.id, key.kid), lambda k: k.kid == key.kid)
    s("generate a CSR", lambda: c.generate_csr_for_application(saml.id, body("CsrMetadata", "csr")), lambda r: r)
    csrs = s("list CSRs", lambda: c.list_csrs_for_application(saml.id), lambda items: len(items) == 1 and items[0].csr)
    s("revoke a CSR", lambda: c.revoke_csr_from_application(saml.id, csrs[0].id))
    secret = s("create a secret", lambda: c.create_o_auth2_client_secret(oidc.id, model("OAuth2ClientSecretRequestBody", {})), lambda r: r.client_secret)
    s("list secrets", lambda: c.list_o_auth2_client_secrets(oidc.id), has(secret))
    s("deactivate a secret", lambda: c.deactivate_o_auth2_client_secret(oidc.id, secret.id), status("INACTIVE"))
    s("delete a secret", lambda: c.delete_o_auth2_client_secret(oidc.id, secret.id))
    s("grant a scope", lambda: c.grant_consent_to_scope(oidc.id, model("OAuth2ScopeConsentGrant", {"issuer": URL, "scopeId": "okta.users.read"})), lambda g: g.scope_id == "okta.users.read")
    grants = s("list grants", lambda: c.list_scope_consent_grants(oidc.id), lambda items: [g.scope_id for g in items] == ["okta.users.read"])
    s("revoke a grant", lambda: c.revoke_scope_consent_grant(oidc.id, grants[0].id))
    s("list no grants", lambda: c.list_scope_consent_grants(oidc.id), lambda items: items == [])
    s("schema of an app's users", lambda: c.get_application_user_schema(saml.id), lambda r: r.definitions.base)
    s("delete an active app", lambda: c.delete_application(bookmark.id), refused="E0000056")
    s("deactivate an app", lambda: c.deactivate_application(bookmark.id))
    s("read an inactive app", lambda: c.get_application(bookmark.id), status("INACTIVE"))
    s("activate an app", lambda: c.activate_application(bookmark.id))
    s("deactivate an app again", lambda: c.deactivate_application(bookmark.id))
    s("delete an app", lambda: c.delete_application(bookmark.id))
    s("get a deleted app", lambda: c.get_application(bookmark.id), refused="E0000007")
    return oidc


def factors(ada):
    s("list no factors", lambda: c.list_factors(ada.id), lambda items: items == [])
    s("supported factors", lambda: c.list_supported_factors(ada.id), lambda items: "sms" in [word(f.factor_type) for f in items])
    s("supported questions", lambda: c.list_supported_security_questions(ada.id), lambda items: "disliked_food" in [q.question for q in items])
    question = s("enroll a question", lambda: c.enroll_factor(ada.id, body("UserFactor", "factor_question")), status("ACTIVE"))
    sms = s("enroll SMS", lambda: c.enroll_factor(ada.id, body("UserFactor", "factor_sms")), status("PENDING_ACTIVATION"))
    s("activate SMS", lambda: c.activate_factor(ada.id, sms.id, model("UserFactorActivateRequest", {"passCode": "123456"})), status("ACTIVE"))
    s("get a factor", lambda: c.get_factor(ada.id, sms.id), status("ACTIVE"))
    s("enroll an authenticator app", lambda: c.enroll_factor(ada.id, body("UserFactor", "factor_totp")), status("PENDING_ACTIVATION"))
    s("verify a question", lambda: c.verify_factor(ada.id, question.id, body=model("UserFactorVerifyRequest", {"answer": "mayonnaise"})), lambda r: word(r.factor_result) == "SUCCESS")
    s("list factors", lambda: c.list_factors(ada.id), lambda items: {question.id, sms.id} <= {f.id for f in items})
    s("remove a factor", lambda: c.unenroll_factor(ada.id, question.id))
    s("list the rest of the factors", lambda: c.list_factors(ada.id), lacks(question))


def policies(group):
    def of(value):
        value["conditions"]["people"]["groups"]["include"] = [group.id]

    for kind in ("OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "ACCESS_POLICY", "PROFILE_ENROLLMENT", "IDP_DISCOVERY"):
        s(f"list policies {kind}", lambda: c.list_policies(kind), lambda items: len(items) > 0 and all(word(p.type) == kind for p in items))
    for name, model, rule_model, rule_key in (
        ("policy_sign_on", "OktaSignOnPolicy", "OktaSignOnPolicyRule", "rule_sign_on"),
        ("policy_password", "PasswordPolicy", "PasswordPolicyRule", "rule_password"),
    ):
        policy = s(f"create {name}", lambda: c.create_policy(body(model, name, of)), lambda p: p.priority == 1 and not p.system)
        s(f"get {name}", lambda: c.get_policy(policy.id), lambda p: p.conditions.people.groups.include == [group.id])
        s(f"replace {name}", lambda: c.replace_policy(policy.id, body(model, name, lambda b: (of(b), b.update(description="Other")))), lambda p: p.description == "Other")
        rule = s(f"create a rule of {name}", lambda: c.create_policy_rule(policy.id, body(rule_model, rule_key)), status("ACTIVE"))
        s(f"get a rule of {name}", lambda: c.get_policy_rule(policy.id, rule.id), lambda r: r.name == BODIES[rule_key]["name"])
        s(f"list rules of {name}", lambda: c.list_policy_rules(policy.id), has(rule))
        s(f"deactivate a rule of {name}", lambda: c.deactivate_policy_rule(policy.id, rule.id))
        s(f"read an inactive rule of {name}", lambda: c.get_policy_rule(policy.id, rule.id), status("INACTIVE"))
        s(f"delete a rule of {name}", lambda: c.delete_policy_rule(policy.id, rule.id))
        s(f"deactivate {name}", lambda: c.deactivate_policy(policy.id))
        s(f"read inactive {name}", lambda: c.get_policy(policy.id), status("INACTIVE"))
        s(f"delete {name}", lambda: c.delete_policy(policy.id))
        s(f"get deleted {name}", lambda: c.get_policy(policy.id), refused="E0000007")


def zones_and_origins():
    s("list zones", lambda: c.list_network_zones(), lambda items: "LegacyIpZone" in [z.name for z in items])
    zone = s("create a zone", lambda: c.create_network_zone(body("IPNetworkZone", "zone")), lambda z: z.gateways[0].value == "192.0.2.0/24" and not z.system)
    s("get a zone", lambda: c.get_network_zone(zone.id), lambda z: z.name == "Office")
    s("replace a zone", lambda: c.replace_network_zone(zone.id, body("IPNetworkZone", "zone", lambda b: b.update(name="Home"))), lambda z: z.name == "Home")
    s("delete an active zone", lambda: c.delete_network_zone(zone.id), refused="E000")
    s("deactivate a zone", lambda: c.deactivate_network_zone(zone.id), status("INACTIVE"))
    s("activate a zone", lambda: c.activate_network_zone(zone.id), status("ACTIVE"))
    s("deactivate a zone again", lambda: c.deactivate_network_zone(zone.id), status("INACTIVE"))
    s("delete a zone", lambda: c.delete_network_zone(zone.id))
    s("get a deleted zone", lambda: c.get_network_zone(zone.id), refused="E0000007")
    origin = s("create an origin", lambda: c.create_trusted_origin(body("TrustedOriginWrite", "origin")), status("ACTIVE"))
    s("get an origin", lambda: c.get_trusted_origin(origin.id), lambda o: o.origin == "https://site.example.com")
    s("list origins", lambda: c.list_trusted_origins(), has(origin))
    s("deactivate an origin", lambda: c.deactivate_trusted_origin(origin.id), status("INACTIVE"))
    s("delete an origin", lambda: c.delete_trusted_origin(origin.id))


def hooks():
    event = s("create an event hook", lambda: c.create_event_hook(body("EventHook", "event_hook")), lambda h: word(h.verification_status) == "UNVERIFIED")
    s("get an event hook", lambda: c.get_event_hook(event.id), lambda h: h.events.items == ["user.lifecycle.create"])
    s("list event hooks", lambda: c.list_event_hooks(), has(event))
    s("verify an event hook", lambda: c.verify_event_hook(event.id), lambda h: word(h.verification_status) == "VERIFIED")
    s("deactivate an event hook", lambda: c.deactivate_event_hook(event.id), status("INACTIVE"))
    s("delete an event hook", lambda: c.delete_event_hook(event.id))
    inline = s("create an inline hook", lambda: c.create_inline_hook(body("InlineHookCreate", "inline_hook")), status("ACTIVE"))
    s("get an inline hook", lambda: c.get_inline_hook(inline.id), lambda h: h.name == "Asks")
    s("list inline hooks", lambda: c.list_inline_hooks(type="com.okta.import.transform"), has(inline))
    s("deactivate an inline hook", lambda: c.deactivate_inline_hook(inline.id), status("INACTIVE"))
    s("delete an inline hook", lambda: c.delete_inline_hook(inline.id))


def servers():
    s("list servers", lambda: c.list_authorization_servers(), lambda items: "default" in [a.name for a in items])
    server = s("create a server", lambda: c.create_authorization_server(body("AuthorizationServer", "server")), lambda a: a.issuer == f"{URL}/oauth2/{a.id}")
    s("get a server", lambda: c.get_authorization_server(server.id), lambda a: a.credentials.signing.kid)
    s("replace a server", lambda: c.replace_authorization_server(server.id, body("AuthorizationServer", "server", lambda b: b.update(description="Lends books"))), lambda a: a.description == "Lends books")
    s("list keys of a server", lambda: c.list_authorization_server_keys(server.id), lambda items: "ACTIVE" in [k.status for k in items])
    s("rotate keys of a server", lambda: c.rotate_authorization_server_keys(server.id, model("JwkUse", {"use": "sig"})), lambda items: len(items) >= 2)
    s("list scopes", lambda: c.list_o_auth2_scopes(server.id), lambda items: "openid" in [i.name for i in items])
    scope = s("create a scope", lambda: c.create_o_auth2_scope(server.id, body("OAuth2Scope", "scope")), lambda r: r.name == "books:read" and not r.system)
    s("get a scope", lambda: c.get_o_auth2_scope(server.id, scope.id), lambda r: r.display_name == "Read books")
    s("replace a scope", lambda: c.replace_o_auth2_scope(server.id, scope.id, body("OAuth2Scope", "scope", lambda b: b.update(description="Other"))), lambda r: r.description == "Other")
    claim = s("create a claim", lambda: c.create_o_auth2_claim(server.id, body("OAuth2Claim", "claim")), lambda r: r.value == '"west"')
    s("get a claim", lambda: c.get_o_auth2_claim(server.id, claim.id), lambda r: r.conditions.scopes == ["books:read"])
    s("list claims", lambda: c.list_o_auth2_claims(server.id), has(claim))
    policy = s("create a server's policy", lambda: c.create_authorization_server_policy(server.id, body("AuthorizationServerPolicy", "server_policy")), status("ACTIVE"))
    s("get a server's policy", lambda: c.get_authorization_server_policy(server.id, policy.id), lambda p: p.conditions.clients.include == ["ALL_CLIENTS"])
    s("list a server's policies", lambda: c.list_authorization_server_policies(server.id), has(policy))
    rule = s("create a rule of a server's policy", lambda: c.create_authorization_server_policy_rule(server.id, policy.id, body("AuthorizationServerPolicyRuleRequest", "server_rule")), lambda r: r.actions.token.access_token_lifetime_minutes == 60)
    s("get a rule of a server's policy", lambda: c.get_authorization_server_policy_rule(server.id, policy.id, rule.id), lambda r: r.name == "Everyone")
    s("list rules of a server's policy", lambda: c.list_authorization_server_policy_rules(server.id, policy.id), has(rule))
    s("deactivate a rule of a server's policy", lambda: c.deactivate_authorization_server_policy_rule(server.id, policy.id, rule.id))
    s("delete a rule of a server's policy", lambda: c.delete_authorization_server_policy_rule(server.id, policy.id, rule.id))
    s("delete a server's policy", lambda: c.delete_authorization_server_policy(server.id, policy.id))
    s("delete a claim", lambda: c.delete_o_auth2_claim(server.id, claim.id))
    s("get a deleted claim", lambda: c.get_o_auth2_claim(server.id, claim.id), refused="E0000007")
    s("delete a scope", lambda: c.delete_o_auth2_scope(server.id, scope.id))
    s("deactivate a server", lambda: c.deactivate_authorization_server(server.id))
    s("read an inactive server", lambda: c.get_authorization_server(server.id), status("INACTIVE"))
    s("delete a server", lambda: c.delete_authorization_server(server.id))
    s("get a deleted server", lambda: c.get_authorization_server(server.id), refused="E0000007")


def identity_providers():
    idp = s("create an identity provider", lambda: c.create_identity_provider(body("IdentityProvider", "idp")), status("ACTIVE"))
    s("get an identity provider", lambda: c.get_identity_provider(idp.id), lambda i: i.name == "Partner")
    s("list identity providers", lambda: c.list_identity_providers(), has(idp))
    s("find identity providers", lambda: c.list_identity_providers(q="Part"), has(idp))
    key = s("generate a key of an identity provider", lambda: c.generate_identity_provider_signing_key(idp.id, validity_years=2), lambda k: k.kid)
    s("list keys of an identity provider", lambda: c.list_identity_provider_signing_keys(idp.id), lambda items: key.kid in [k.kid for k in items])
    s("deactivate an identity provider", lambda: c.deactivate_identity_provider(idp.id), status("INACTIVE"))
    s("activate an identity provider", lambda: c.activate_identity_provider(idp.id), status("ACTIVE"))
    s("delete an identity provider", lambda: c.delete_identity_provider(idp.id))
    s("get a deleted identity provider", lambda: c.get_identity_provider(idp.id), refused="E0000007")


def schemas(ada, mary):
    s("user schema", lambda: c.get_user_schema("default"), lambda r: r.definitions.base.properties.login is not None)
    s("group schema", lambda: c.get_group_schema(), lambda r: r.definitions.base)
    schema = s("add an attribute", lambda: c.update_user_profile("default", body("UserSchema", "schema_attribute")), lambda r: "shoeSize" in r.definitions.custom.properties)
    s("read an attribute", lambda: c.get_user_schema("default"), lambda r: read(r.definitions.custom.properties["shoeSize"], "title") == "Shoe size")
    s("write an attribute", lambda: schema.definitions and c.update_user(ada.id, model("UpdateUserRequest", {"profile": {"shoeSize": "38"}})), lambda u: custom(u.profile, "shoeSize") == "38")
    s("write an unknown attribute", lambda: c.update_user(ada.id, model("UpdateUserRequest", {"profile": {"hatSize": "38"}})), refused="E0000001")
    kind = s("create a user type", lambda: c.create_user_type(body("UserType", "user_type")), lambda t: t.name == "contractor" and not t.default)
    s("get a user type", lambda: c.get_user_type(kind.id), lambda t: t.display_name == "Contractor")
    s("list user types", lambda: c.list_user_types(), lambda items: len(items) == 2)
    s("delete a user type", lambda: c.delete_user_type(kind.id))
    s("define linked objects", lambda: c.create_linked_object_definition(body("LinkedObject", "linked_object")), lambda r: r.primary.name == "manager")
    s("list linked objects", lambda: c.list_linked_object_definitions(), lambda items: [i.associated.name for i in items] == ["subordinate"])
    s("link users", lambda: c.assign_linked_object_value_for_primary(mary.id, "manager", ada.id))
    s("list links of a user", lambda: c.list_linked_objects_for_user(mary.id, "manager"), lambda items: len(items) == 1)
    s("unlink users", lambda: c.delete_linked_object_for_user(mary.id, "manager"))
    s("undefine linked objects", lambda: c.delete_linked_object_definition("manager"))
    s("list mappings", lambda: c.list_profile_mappings(), lambda items: isinstance(items, list))


def roles(ada, group):
    role = s("assign a role to a user", lambda: c.assign_role_to_user(ada.id, model("AssignRoleToUserRequest", {"type": "HELP_DESK_ADMIN"})), lambda r: getattr(r, "actual_instance", r).label == "Help Desk Administrator")
    ident = getattr(role, "actual_instance", role)
    s("list roles of a user", lambda: c.list_assigned_roles_for_user(ada.id), lambda items: ident.id in [getattr(r, "actual_instance", r).id for r in items])
    s("target a group", lambda: c.assign_group_target_to_user_role(ada.id, ident.id, group.id))
    s("list targets", lambda: c.list_group_targets_for_role(ada.id, ident.id), has(group))
    s("unassign a role from a user", lambda: c.unassign_role_from_user(ada.id, ident.id))
    s("list no roles of a user", lambda: c.list_assigned_roles_for_user(ada.id), lambda items: items == [])
    s("assign a role to a group", lambda: c.assign_role_to_group(group.id, model("AssignRoleToGroupRequest", {"type": "READ_ONLY_ADMIN"})), lambda r: getattr(r, "actual_instance", r).label == "Read-only Administrator")
    given = s("list roles of a group", lambda: c.list_group_assigned_roles(group.id), lambda items: len(items) == 1)
    s("unassign a role from a group", lambda: c.unassign_role_from_group(group.id, getattr(given[0], "actual_instance", given[0]).id))
    custom = s("create a role", lambda: c.create_role(body("CreateIamRoleRequest", "custom_role")), lambda r: r.label == "Reader")
    s("permissions of a role", lambda: c.list_role_permissions(custom.id), lambda r: [p.label for p in r.permissions] == ["okta.users.read"])
    s("list roles", lambda: c.list_roles(), lambda r: custom.id in [i.id for i in r.roles])
    kit = s("create a resource set", lambda: c.create_resource_set(body("CreateResourceSetRequest", "resource_set", lambda b: b.update(resources=[f"{URL}/api/v1/users"]))), lambda r: r.label == "All users")
    s("resources of a set", lambda: c.list_resource_set_resources(kit.id), lambda r: len(r.resources) == 1)
    s("list resource sets", lambda: c.list_resource_sets(), lambda r: kit.id in [i.id for i in getattr(r, "resource_sets")])
    s("bind", lambda: c.create_resource_set_binding(kit.id, model("ResourceSetBindingCreateRequest", {"role": custom.id, "members": [f"{URL}/api/v1/users/{ada.id}"]})))
    s("list bindings", lambda: c.list_bindings(kit.id), lambda r: len(r.roles) == 1)
    s("unbind", lambda: c.delete_binding(kit.id, custom.id))
    s("delete a resource set", lambda: c.delete_resource_set(kit.id))
    s("delete a role", lambda: c.delete_role(custom.id))


def the_rest(ada):
    s("logs", lambda: c.list_log_events(filter='eventType eq "user.lifecycle.create"', sort_order="DESCENDING", limit=10), lambda items: len(items) > 0 and all(e.event_type == "user.lifecycle.create" for e in items))
    s("logs of a target", lambda: c.list_log_events(filter=f'target.id eq "{ada.id}"'), lambda items: len(items) > 0)
    s("no session", lambda: c.get_session("nosuchsession"), refused="E0000007")
    s("org settings", lambda: c.get_org_settings(), status("ACTIVE"))
    s("contact types", lambda: c.list_org_contact_types(), lambda items: len(items) == 2)
    brands = s("brands", lambda: c.list_brands(), lambda items: len(items) == 1)
    s("themes", lambda: c.list_brand_themes(brands[0].id), lambda items: len(items) == 1)
    s("email templates", lambda: c.list_email_templates(brands[0].id), lambda items: len(items) > 5)
    s("authenticators", lambda: c.list_authenticators(), lambda items: "okta_password" in [a.key if isinstance(a.key, str) else word(a.key) for a in items])
    s("features", lambda: c.list_features(), lambda items: len(items) > 0)
    s("API tokens", lambda: c.list_api_tokens(), lambda items: len(items) == 1)
    behavior = s("create a behavior", lambda: c.create_behavior_detection_rule(body("BehaviorRule", "behavior")), status("ACTIVE"))
    s("list behaviors", lambda: c.list_behavior_detection_rules(), has(behavior))
    s("delete a behavior", lambda: c.delete_behavior_detection_rule(behavior.id))
    template = s("create an SMS template", lambda: c.create_sms_template(body("SmsTemplate", "sms_template")), lambda t: t.name == "Code")
    s("list SMS templates", lambda: c.list_sms_templates(), has(template))
    s("delete an SMS template", lambda: c.delete_sms_template(template.id))
    realm = s("create a realm", lambda: c.create_realm(body("CreateRealmRequest", "realm")), lambda r: r.profile.name == "Cars")
    s("list realms", lambda: c.list_realms(), has(realm))
    s("delete a realm", lambda: c.delete_realm(realm.id))


def tidy(ada, mary, group):
    s("delete a group", lambda: c.delete_group(group.id))
    s("get a deleted group", lambda: c.get_group(group.id), refused="E0000007")
    for name, user in (("Ada", ada), ("Mary", mary)):
        s(f"deactivate {name}", lambda: c.delete_user(user.id))
        s(f"delete {name}", lambda: c.delete_user(user.id))
        s(f"get deleted {name}", lambda: c.get_user(user.id), refused="E0000007")


def play(steps, client, unknown, url, make):
    """Plays all of it."""
    global s, c, stranger, URL, model
    s, c, stranger, URL, model = steps, client, unknown, url, make
    ada, mary = users()
    group, ruled = groups(ada, mary)
    applications(ada, group)
    factors(ada)
    policies(group)
    zones_and_origins()
    hooks()
    servers()
    identity_providers()
    schemas(ada, mary)
    roles(ada, group)
    the_rest(ada)
    tidy(ada, mary, group)
