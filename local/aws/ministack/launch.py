"""Serves MiniStack to the gateway alone.

It listens on a Unix socket that only the user who starts it may open, knows one key that passes for the administrator and checks
its signature, starts no program, and is another user than root. Variables beside those of MiniStack itself:
MINISTACK_SOCKET  where to listen
MINISTACK_USER    the number of the user and group to become; empty to stay who it is
"""

import asyncio
import functools
import importlib
import os
import pkgutil
import socket
import sys

# Ways to start another program (https://docs.python.org/3/library/audit_events.html). MiniStack would run the code of functions.
PROGRAM_STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "pty.spawn"}

# Modules that MiniStack imports at run time, besides its core and the services in use.
LATER_SERVICES = (
    *("account", "acm", "alb", "apigateway", "apigateway_v1", "cloudwatch", "cognito", "eventbridge", "kms", "lambda_durable"),
    *("organizations", "s3_object_lambda", "scheduler", "sns", "sqs", "tagging", "transfer"),
)
LATER_MODULES = (
    *("botocore.auth", "botocore.awsrequest", "botocore.credentials", "botocore.session"),
    *("concurrent.futures.thread", "encodings.cp437", "encodings.idna", "http.server", "hypercorn.asyncio"),
    *("resource", "tarfile"),
)


def main():
    listening = listen(os.environ["MINISTACK_SOCKET"])
    app = load()
    close_back_doors(os.environ["AWS_ACCESS_KEY_ID"])
    name_roles_in_conditions()
    add_caller_check(app)
    if os.environ["MINISTACK_USER"]:
        become(int(os.environ["MINISTACK_USER"]))
    sys.addaudithook(refuse_programs)
    serve(app, listening)


def listen(path):
    """Makes the socket; nobody but this user may ever open it."""
    if os.path.exists(path):
        os.unlink(path)
    listening = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    listening.bind(path)
    os.umask(before)
    return listening


def load():
    """Imports and reads what MiniStack would import and read later: the user it becomes need not reach these files."""
    app = importlib.import_module("ministack.app")
    for module in pkgutil.iter_modules(importlib.import_module("ministack.core").__path__):
        if module.name != "hypercorn_conf":
            importlib.import_module(f"ministack.core.{module.name}")
    for name in {app.SERVICE_REGISTRY[service]["module"] for service in app.SERVICE_HANDLERS}.union(LATER_SERVICES):
        importlib.import_module(f"ministack.services.{name}")
    for name in LATER_MODULES:
        importlib.import_module(name)
    load_models(app)
    app._version()
    return app


def load_models(app):
    """Reads the API models of the services in use."""
    actions, responses = sys.modules["ministack.core.iam_actions"], sys.modules["ministack.core.responses"]
    actions._load_botocore_model = functools.cache(actions._load_botocore_model)
    for service in app.SERVICE_HANDLERS:
        responses._service_model(service)
        for model in actions._BOTOCORE_SERVICE_MAP.get(service) or [service]:
            actions._load_botocore_model(model)


def close_back_doors(administrator):
    """Leaves one key that passes for the administrator; no key that a request names is served without a signature of it."""
    evaluator = sys.modules["ministack.core.iam_evaluator"]
    for module in (evaluator, sys.modules["ministack.services.sts"]):
        module.is_root_access_key = lambda key: key == administrator
    # Asked before a signature is checked: no key is spared.
    evaluator._is_root_key = lambda key: False
    authenticate, enforce = evaluator.authenticate, evaluator.enforce

    def authenticate_named(key, account):
        checked = authenticate(key, account)
        # MiniStack serves a key that it finds in one place and whose signature it looks for in another.
        if checked is None and key and evaluator._verified_key.get() != key:
            return evaluator.AuthError("MissingAuthenticationToken", "Request is missing Authentication Token")
        return checked

    def enforce_signed(key, action, service, *arguments, **context):
        # A call that AWS serves without credentials, such as AssumeRoleWithWebIdentity, has no key that could be looked up.
        if not key and evaluator._anonymous.get() and evaluator._served_unsigned(service, action):
            return None
        return enforce(key, action, service, *arguments, **context)

    evaluator.authenticate, evaluator.enforce = authenticate_named, enforce_signed


def name_roles_in_conditions():
    """Gives conditions on aws:PrincipalArn the ARN of a session's role, as AWS does; MiniStack gives them that of the session.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn"""
    evaluator = sys.modules["ministack.core.iam_evaluator"]
    resolve = evaluator._resolve_condition_key

    def resolve_role(key, context):
        value = resolve(key, context)
        if key.lower() != "aws:principalarn" or ":assumed-role/" not in (value or ""):
            return value
        account, role = value.split(":")[4], value.split("/")[1]
        return f"arn:aws:iam::{account}:role/{role}"

    evaluator._resolve_condition_key = resolve_role


def add_caller_check(app):
    """Answers a request with the header X-Check-Caller with whether its signature is good, and does nothing else."""
    dispatch = app._dispatch_service_request

    async def check_or_dispatch(method, path, headers, body, query_params, request_id):
        if "x-check-caller" not in headers:
            return await dispatch(method, path, headers, body, query_params, request_id)
        service = app.detect_service(method, path, headers, query_params)
        return app._authenticate_only(service, headers, query_params, request_id) or (204, {}, b"")

    app._dispatch_service_request = check_or_dispatch


def become(user):
    """Gives up root. The kernel then lets no process of that user look into this one (prctl(2), PR_SET_DUMPABLE)."""
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def refuse_programs(event, _arguments):
    """Refuses each start of another program."""
    if event in PROGRAM_STARTS:
        raise PermissionError(f"The offline world's MiniStack starts no programs ({event}).")


def serve(app, listening):
    """Serves until the process is ended, or its start fails."""
    hypercorn = importlib.import_module("hypercorn.asyncio")
    config = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"fd://{listening.fileno()}"]
    # Longer than the gateway keeps connections.
    config.keep_alive_timeout = 75
    config.loglevel = app.LOG_LEVEL

    async def started_or_ended(scope, receive, send):
        try:
            await app.app(scope, receive, send)
        except Exception:
            if scope["type"] != "lifespan":
                raise
            # Hypercorn would go on without what the start makes.
            app.logger.exception("MiniStack could not start")
            os._exit(1)

    asyncio.run(hypercorn.serve(started_or_ended, config))


main()
