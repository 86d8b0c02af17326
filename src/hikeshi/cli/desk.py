"""The desk that should be running beside this command, as a client sees it."""

import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from hikeshi.config.environment import Environment

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # recognised, not bound


def address(environment: Environment) -> str:
    scheme = "https" if environment.certificate else "http"
    return f"{scheme}://{environment.host}:{environment.port}"


def connection(environment: Environment, *, timeout: float = 30) -> HTTPConnection:
    """To the desk these settings describe. Its own certificate is trusted by being read from the same settings."""
    host = _EVERYWHERE.get(environment.host, environment.host)
    if not environment.certificate:
        return HTTPConnection(host, environment.port, timeout=timeout)
    context = ssl.create_default_context(cafile=environment.certificate)
    context.check_hostname = False  # reached by address; whoever holds this key is the desk
    return HTTPSConnection(host, environment.port, timeout=timeout, context=context)


def answers(environment: Environment) -> bool:
    client = connection(environment, timeout=3)
    try:
        status, _body = get(client, "/healthz")
    except (OSError, HTTPException):
        return False
    finally:
        client.close()
    return status < 500


def get(client: HTTPConnection, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    client.request("GET", path, headers=dict(headers or {}))
    response = client.getresponse()
    return response.status, response.read()
