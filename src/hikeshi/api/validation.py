"""What the schemas found wrong, in the desk's own reasons."""

from collections.abc import Mapping
from typing import Final

from ninja.errors import ValidationError

from hikeshi.api.problems import field
from hikeshi.kernel.facts import JSON
from hikeshi.phrases import refusals

_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    # pydantic's type of error: (our reason, the name of its limit)
    "missing": ("required", ""),
    "extra_forbidden": ("unknown_field", ""),
    "string_too_long": ("too_long", "max_length"),
    "string_too_short": ("too_short", "min_length"),
    "too_long": ("too_many", "max_length"),
    "too_short": ("required", ""),
    "greater_than_equal": ("too_small", "ge"),
    "less_than_equal": ("too_large", "le"),
}


def of_path(error: ValidationError) -> bool:
    """Whether the address itself is wrong: then nothing is there."""
    return any(found["loc"][0] == "path" for found in error.errors)


def fields(error: ValidationError) -> list[dict[str, JSON]]:
    return [_field(found) for found in error.errors[:50]]


def _field(found: Mapping[str, object]) -> dict[str, JSON]:
    where = found["loc"]
    place, path = (where[0], where[1:]) if isinstance(where, tuple) else ("body", ())
    code, params = _reason(str(found["type"]), found.get("ctx"))
    if place == "body":
        return field(path[1:], code, params)  # the first step is the handler's own argument
    return field(path, code, params, in_body=False)


def _reason(kind: str, context: object) -> tuple[str, dict[str, str]]:
    values = context if isinstance(context, Mapping) else {}
    if kind in _REASONS:
        code, limit = _REASONS[kind]
        if code == "too_short" and values.get(limit) == 1:
            return "required", {}
        return code, {"limit": str(values.get(limit, ""))}
    if kind in {"enum", "literal_error"}:
        return "not_a_choice", {"choices": str(values.get("expected", "")).replace("'", "").replace(" or ", ", ")}
    return (kind if kind in refusals.REASONS else "wrong_type"), {}
