"""Keys as makers and the tools between us spell them: one thing said in several cases, or as a path with dots."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from hikeshi.intake.sources import panos, syslog_lines

Document: TypeAlias = dict[str, object]
Respelling: TypeAlias = Callable[[Document], Document]

DEEPEST: Final = 64
"""Below this nothing is respelt: no maker nests so deep, and a hostile body must not exhaust the stack."""


def _each_key(respelt: Callable[[str], str]) -> Respelling:
    def table(document: Document, depth: int) -> Document:
        return {respelt(key): value(item, depth + 1) for key, item in document.items()}

    def value(item: object, depth: int) -> object:
        if depth > DEEPEST:
            return item
        if type(item) is dict:
            return table(item, depth)
        return [value(one, depth + 1) for one in item] if type(item) is list else item

    return lambda document: table(document, 0)


def nested(document: Document) -> Document:
    """``{"rule.name": …}`` as ``{"rule": {"name": …}}``. A key whose path a value has taken stays as it is written."""
    out: Document = {}
    for key in sorted(document):
        steps = key.split(".")
        inner = _table_at(out, steps[:-1]) if len(steps) > 1 and all(steps) else None
        if inner is None:
            _merge(out, key, document[key])
        else:
            _merge(inner, steps[-1], document[key])
    return out


def _table_at(table: Document, steps: list[str]) -> Document | None:
    for step in steps:
        below = table.setdefault(step, {})
        if type(below) is not dict:
            return None
        table = below
    return table


def _merge(table: Document, key: str, value: object) -> None:
    there = table.get(key)
    if type(there) is dict and type(value) is dict:
        table[key] = {**value, **there}
    else:
        table[key] = dict(value) if type(value) is dict else value


def eve(document: Document) -> Document:
    """Which port is the client's: of what went to the client, ``src_port`` stands under ``server_port`` and
    ``dest_port`` under ``client_port``. Before Suricata 7 only the flow says so.
    """
    flow = document.get("flow")
    if document.get("direction") == "to_client" or (
        type(flow) is dict
        and "direction" not in document
        and (flow.get("src_ip"), flow.get("src_port")) == (document.get("dest_ip"), document.get("dest_port"))
    ):
        return {_OF_CLIENTS.get(key, key): value for key, value in document.items()}
    return document


_OF_CLIENTS: Final[Mapping[str, str]] = {"src_port": "server_port", "dest_port": "client_port"}


def sonicwall(document: Document) -> Document:
    """``src="192.0.2.1:50123:X0:name"`` also as ``src_address`` and ``src_port``; ``dst`` likewise."""
    table = syslog_lines.read(document)
    pairs = table.get("pairs")
    if type(pairs) is dict:
        for side in ("src", "dst"):
            address, _, rest = str(pairs.get(side, "")).partition(":")
            pairs |= {f"{side}_address": address, f"{side}_port": rest.partition(":")[0]}
    return table


WAYS: Final[Mapping[str, Respelling]] = {
    "first_letter": _each_key(lambda key: key[:1].lower() + key[1:]),
    "small": _each_key(str.lower),
    "nested": nested,
    "syslog": syslog_lines.read,
    "eve": eve,
    "sonicwall": sonicwall,
    "panos": panos.read,
}
"""What a source.yaml may ask for: ``first_letter`` reads Severity as severity; ``small`` reads any case as small
letters; ``nested`` reads keys with dots as tables; ``syslog`` reads the line that the syslog port stored,
``sonicwall`` and ``panos`` one of SonicOS and PAN-OS; ``eve`` names the client's port. Its shapes then use that one
spelling."""
LINES: Final = frozenset({"syslog", "sonicwall", "panos"})
"""Those of lines. What none of such a source's shapes reads is read as any line is."""
