"""The API's description: made from the routes, committed as openapi.json, and served from that file."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from hikeshi.api.problems import KINDS
from hikeshi.api.service import API, PREFIX
from hikeshi.api.shapes import Problem
from hikeshi.kernel.facts import JSON

FILE: Final = Path(__file__).with_name("openapi.json")
_PROBLEMS: Final = {
    "get": (401, 403, 404, 422),
    "post": (400, 401, 403, 404, 409, 413, 415, 422),
    "put": (400, 401, 403, 404, 409, 413, 415, 422),
    "patch": (400, 401, 403, 404, 409, 413, 415, 422),
    "delete": (401, 403, 404, 409, 422),
}
_KEY: Final[dict[str, JSON]] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Acts once, however often it is sent within 24 hours.",
}


def generate() -> str:
    """The description of the routes as they are now."""
    described = json.loads(json.dumps(API.get_openapi_schema(path_prefix=PREFIX), default=str))
    described["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            _add_what_the_door_does(path, method, operation)
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _add_what_the_door_does(path: str, method: str, operation: dict[str, JSON]) -> None:
    parameters, responses = operation.setdefault("parameters", []), operation["responses"]
    if method != "get" and "octet-stream" not in str(operation.get("requestBody")) and isinstance(parameters, list):
        parameters.append(_KEY)
    content: JSON = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if isinstance(responses, dict):
        said = _PROBLEMS[method] if "security" in operation else (404,)
        for status in (*said, *(412 for guarded in responses if guarded == "412")):
            responses[str(status)] = {"description": _meaning(status), "content": content}


def _meaning(status: int) -> str:
    with translation.override("en"):
        return " / ".join(str(kind.title) for kind in KINDS.values() if kind.status == status)


@cache
def _committed() -> bytes:
    return FILE.read_bytes()


def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_committed(), content_type="application/json")


def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")
