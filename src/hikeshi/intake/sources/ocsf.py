"""Building the normal form: OCSF 1.8 Detection Finding (class 2004), nested from dotted names and bounded in size."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import msgspec

from hikeshi.intake.sources.mapping import BadMapping, Document, Getter, Likely, as_number, empty, expression, roots

Builder: TypeAlias = Callable[[Document, Document | None], dict[str, object]]
Leaf: TypeAlias = Callable[[object], object]
_Place: TypeAlias = tuple[tuple[str, ...], str, Getter, Leaf, int]
"""The tables on the way, the name, where its value is found, how it is converted, and `_short`."""

VERSION = "1.8.0"
CLASS_UID, CATEGORY_UID = 2004, 2
MAX_TITLE, MAX_DESCRIPTION, MAX_TEXT = 500, 8_000, 1_000
MAX_ITEMS = 64  # of any list or table kept in the normal form; the raw body keeps them all

# The names our mappings may set, by what they hold. A misspelt name is an error at load, not a value silently lost.
# fmt: off
_OBJECTS = frozenset({
    "finding_info", "analytic", "metadata", "product", "feature", "device", "os", "actor", "user", "process",
    "parent_process", "file", "group", "src_endpoint", "dst_endpoint", "connection_info", "cloud", "account",
    "evidences", "url", "email", "resources", "malware", "location", "org"
})
_NUMBERS = frozenset({"port", "pid", "count", "risk_score", "confidence_score", "size"})
_LISTS = frozenset({"types", "labels", "data_sources", "tags"})
_TEXTS = frozenset({
    "title", "desc", "uid", "name", "src_url", "category", "version", "vendor_name", "log_name", "event_code",
    "message", "hostname", "domain", "ip", "mac", "instance_uid", "email_addr", "full_name", "cmd_line",
    "path", "protocol_name", "direction", "provider", "region", "url_string", "type", "from", "to", "subject",
    "verdict", "action", "disposition", "hash", "country", "status_detail", "correlation_uid"
})
# fmt: on
NAMES = _OBJECTS | _NUMBERS | _LISTS | _TEXTS | {"attacks"}
_ARRAYS = {"evidences", "resources", "malware"}  # OCSF makes these lists of objects; a mapping fills the first
_TECHNIQUE = re.compile(r"\bT\d{4}(?:\.\d{3})?\b")
_NOT_IN_LINKS = re.compile("[\\s\u2400-\u2421\u27e8\ufffd]")  # blanks, and what cleaning has made visible


def builder(spec: Mapping[str, object]) -> Builder:
    """Compiles ``{finding_info.title: alert.signature, …}``. Raises BadMapping for a name that is not OCSF's."""
    leaves = []
    for name, what in spec.items():
        *path, last = name.split(".")
        if not known(name):
            raise BadMapping(f"{name} is not a name of the normal form")
        leaves.append((roots(what), (tuple(path), last, expression(what), _leaf(last), _short(last))))
    arrays = sorted({path[0] for _, (path, *_) in leaves if path} & _ARRAYS)
    likely = Likely(leaves)

    def build(document: Document, envelope: Document | None) -> dict[str, object]:
        out = _filled(likely.of(document), document, envelope)
        for key in arrays:
            if key in out:
                out[key] = [out[key]]
        return out

    return build


def _filled(leaves: Iterable[_Place], document: Document, envelope: Document | None) -> dict[str, object]:
    out: dict[str, object] = {}
    tables: dict[tuple[str, ...], dict[str, object]] = {(): out}
    for path, last, getter, convert, short in leaves:
        value = getter(document, envelope)
        if value is None:
            continue
        # What nearly all is, in line: a call for each of twenty names costs more than all the rest.
        value = value.strip() or None if type(value) is str and len(value) <= short else convert(value)
        if value is not None:
            inner = tables.get(path)
            if inner is None:
                inner = tables[path] = _inside(out, path)
            inner[last] = value
    return out


def _inside(out: dict[str, object], path: tuple[str, ...]) -> dict[str, object]:
    """The table at the path, made where it is missing. No name is both a table and a value (`known`)."""
    inner = out
    for key in path:
        below = inner.get(key)
        if type(below) is not dict:
            below = inner[key] = {}
        inner = below
    return inner


def known(name: str) -> bool:
    """Whether a mapping may set this name."""
    *above, last = name.split(".")
    return all(key in _OBJECTS for key in above) and last in _NUMBERS | _LISTS | _TEXTS | {"attacks"}


def _leaf(key: str) -> Leaf:
    if key in _NUMBERS:
        return number
    if key in _LISTS:
        return texts
    if key == "attacks":
        return techniques
    if key == "src_url":
        return link
    if key == "title":
        return line
    limit = _short(key)
    return lambda value: text(value, limit)


def _short(key: str) -> int:
    """Letters within which a text is kept as it is, its margins aside; -1 where that is not all there is to it."""
    if key in _NUMBERS | _LISTS | {"attacks", "src_url", "title"}:
        return -1
    return MAX_DESCRIPTION if key == "desc" else MAX_TEXT


def text(value: object, limit: int = MAX_TEXT) -> str | None:
    """A value as text within bounds; of a list the first; a table as JSON."""
    if type(value) is not str:
        if isinstance(value, list):
            return next((text(item, limit) for item in value if not empty(item)), None)
        value = _as_text(value)
    value = value.strip()
    if len(value) > limit:
        return value[: limit - 1] + "\u2026"
    return value or None


def line(value: object) -> str | None:
    """Text on one line, for titles."""
    found = text(value, MAX_DESCRIPTION)
    return None if found is None else text(" ".join(found.split()), MAX_TITLE)


def number(value: object) -> int | float | None:
    if type(value) is int and 0 <= value < 2**53:
        return value
    found = as_number(value)
    if found is None:
        return None
    return int(found) if found.is_integer() else found


def texts(value: object) -> list[str] | None:
    items = value if isinstance(value, list) else [value]
    found = [item for item in (text(item, 200) for item in items[:MAX_ITEMS]) if item]
    return found or None


def techniques(value: object) -> list[dict[str, object]] | None:
    """ATT&CK technique ids found anywhere in the value, as OCSF writes them."""
    items = value if isinstance(value, list) else [value]
    found = dict.fromkeys(uid for item in items[:MAX_ITEMS] for uid in _TECHNIQUE.findall(str(item)))
    return [{"technique": {"uid": uid}} for uid in found] or None


def link(value: object) -> str | None:
    """Only addresses a browser may be sent to: no javascript:, no relative path, no blanks or controls."""
    if not isinstance(value, str) or not value.lower().startswith(("https://", "http://")):
        return None
    return value if len(value) <= 2_000 and value.isprintable() and not _NOT_IN_LINKS.search(value) else None


def bounded(value: object) -> object:
    """A source's own values kept beside the normal form: at most 64, each short text, number or truth value."""
    if isinstance(value, dict):
        kept = {str(key)[:200]: bounded_leaf(item) for key, item in list(value.items())[:MAX_ITEMS] if not empty(item)}
        return kept or None
    if isinstance(value, list):
        return [bounded_leaf(item) for item in value[:MAX_ITEMS]] or None
    return bounded_leaf(value)


def bounded_leaf(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)) and abs(value) < 2**53:
        return value
    return text(value, 500)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()[: MAX_DESCRIPTION * 2]
    return str(value)
