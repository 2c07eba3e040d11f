"""The official Python SDK before 3.x, which has other names for most operations, and takes dicts for bodies and queries."""
import inspect
import os
import re

from okta.client import Client

from python_scenario import play
from steps import NotThere, Steps

URL = os.environ["WITNESS_URL"]
NAMES = {
    "add_group": "create_group",
    "assign_group_to_application": "create_application_group_assignment",
    "assign_linked_object_value_for_primary": "set_linked_object_for_user",
    "assign_user_to_group": "add_user_to_group",
    "assign_group_target_to_user_role": "add_group_target_to_role",
    "create_linked_object_definition": "add_linked_object_definition",
    "create_o_auth2_client_secret": "create_new_client_secret_for_application",
    "create_trusted_origin": "create_origin",
    "deactivate_o_auth2_client_secret": "deactivate_client_secret_for_application",
    "deactivate_trusted_origin": "deactivate_origin",
    "delete_linked_object_for_user": "remove_linked_object_for_user",
    "delete_o_auth2_client_secret": "delete_client_secret_for_application",
    "delete_trusted_origin": "delete_origin",
    "delete_user": "deactivate_or_delete_user",
    "expire_password_with_temp_password": "expire_password_and_get_temporary_password",
    "forgot_password": "forgot_password_generate_one_time_token",
    "generate_identity_provider_signing_key": "generate_identity_provider_signing_key",
    "get_trusted_origin": "get_origin",
    "list_linked_objects_for_user": "get_linked_objects_for_user",
    "list_log_events": "get_logs",
    "list_o_auth2_client_secrets": "list_client_secrets_for_application",
    "list_trusted_origins": "list_origins",
    "replace_application": "update_application",
    "replace_authorization_server": "update_authorization_server",
    "replace_group": "update_group",
    "replace_group_rule": "update_group_rule",
    "replace_network_zone": "update_network_zone",
    "replace_o_auth2_scope": "update_o_auth2_scope",
    "replace_policy": "update_policy",
    "replace_user": "update_user",
    "revoke_user_sessions": "clear_user_sessions",
    "unassign_application_from_group": "delete_application_group_assignment",
    "unassign_group_from_application": "delete_application_group_assignment",
    "unassign_role_from_group": "remove_role_from_group",
    "unassign_role_from_user": "remove_role_from_user",
    "unassign_user_from_application": "delete_application_user",
    "unassign_user_from_group": "remove_user_from_group",
    "unenroll_factor": "delete_factor",
    "update_user": "partial_update_user",
}
# Operations whose first argument of 3.x is a query parameter here.
QUERIES = {"list_policies": "type"}


def ordered(parameters, arguments):
    """The arguments in the order of the method's parameters: some methods of 1.x take a policy before its server."""
    if parameters[:2] == ["policyId", "authServerId"]:
        return (arguments[1], arguments[0], *arguments[2:])
    return arguments


class Old:
    """The client of 1.x and 2.x under the names of 3.x."""

    def __init__(self, token):
        self.client = Client({"orgUrl": URL, "token": token})

    def __getattr__(self, name):
        def call(*arguments, **query):
            old = re.sub(r"o_auth2", "o_auth_2", NAMES.get(name, name))
            method = getattr(self.client, old, None)
            if method is None:
                raise NotThere(old)
            if name in QUERIES:
                query[QUERIES[name]] = arguments[0]
                arguments = ()
            arguments += (query.pop("body"),) if "body" in query else ()
            parameters = list(inspect.signature(method).parameters)
            arguments = ordered(parameters, arguments)
            if "query_params" in parameters:
                named = {re.sub(r"_(\w)", lambda m: m[1].upper(), key): plain(value) for key, value in query.items()}
                return method(*arguments, query_params=named)
            return method(*arguments)

        return call


def plain(value):
    return str(value).lower() if isinstance(value, bool) else value


async def connect(token):
    return Old(token)


def play_old():
    """Plays the scenario with the client that is installed as `okta`."""
    s = Steps()
    play(s, s.wait(connect(os.environ["WITNESS_TOKEN"])), s.wait(connect("no-such-token")), URL, lambda kind, value: value)
