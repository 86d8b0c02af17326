"""The record as data: every part of it that the desk keeps, without what opens or follows something."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import Field, ForeignKey, Model, QuerySet

from hikeshi.accounts.models import Organisation, Person
from hikeshi.incidents.models import Confirmation, Incident, Part
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON, commit

CHUNK: Final = 500
# Keys to files, digests of what a reporter follows their report with, numbers that mean something in one database only.
KEPT_BACK: Final = frozenset({"id", "incident", "secret", "sealed_key", "nonce"})
CODES: Final = frozenset({"reporter"})
"""Tables whose ``code`` is somebody's key and no code of a list."""
Committed = Callable[[str], bool]


def written(by: Actor, incident: Incident, committed: Committed) -> Iterator[bytes]:
    """``committed``: whether the ledger holds this commitment. A row whose words it holds carries their secret."""
    yield b'{"incident":' + _encoded(_row(incident, committed))
    for table, rows in _parts(incident).items():
        yield b',\n"' + table.encode() + b'":['
        yield from _rows(rows, committed)
        yield b"]"
    if by.may(Verb.VIEW):
        yield b',\n"alerts":['
        yield from _rows(intake.alerts(by, case=incident.subject), committed)
        yield b"]"
    yield b"}\n"


def _rows(rows: "QuerySet[Model]", committed: Committed) -> Iterator[bytes]:
    joint = b"\n"
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield joint + _encoded(_row(row, committed))
        joint = b",\n"


def _parts(incident: Incident) -> Mapping[str, "QuerySet[Model]"]:
    """Every table of parts there is, also those that come to be later."""
    found: dict[str, QuerySet[Model]] = {}
    for model in Part.__subclasses__():
        people = [one.name for one in model._meta.fields if one.is_relation and one.name != "incident"]
        rows = model._default_manager.filter(incident=incident)
        found[model._meta.model_name or ""] = rows.select_related(*people) if people else rows
    found["confirmation"] = Confirmation.objects.filter(gate__incident=incident).select_related("gate")
    return dict(sorted(found.items()))


def _row(row: Model, committed: Committed) -> dict[str, JSON]:
    table = row._meta.model_name or ""
    hidden = KEPT_BACK | ({"code"} if table in CODES else set())
    said = {one.name: _said(row, one) for one in row._meta.concrete_fields if one.name not in hidden}
    proved = _proved(row, said, committed)
    return {**said, "proved": list(proved), "secret": str(vars(row)["secret"])} if proved else said


def _proved(row: Model, said: Mapping[str, JSON], committed: Committed) -> list[str]:
    """Columns whose words the ledger holds a commitment to."""
    secret = vars(row).get("secret")
    if not isinstance(secret, str):
        return []
    texts = ((name, text) for name, text in said.items() if isinstance(text, str))
    return [name for name, text in texts if committed(commit(text, secret).digest)]


def _said(row: Model, field: "Field[object, object]") -> JSON:
    value = getattr(row, field.name) if isinstance(field, ForeignKey) else vars(row)[field.attname]
    match value:
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case UUID():
            return str(value)
        case Person() | Organisation():
            return {"uuid": str(value.uuid), "name": value.name}
        case Model():
            return str(vars(value).get("uuid", ""))
    return str(value)


def _encoded(row: Mapping[str, JSON]) -> bytes:
    return msgspec.json.encode(row)
