"""Criteria as written: what each class, kind and level means, and when to go to whom. The shipped ones are data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final, TypeAlias

import msgspec
import yaml

from hikeshi.incidents.catalogue import DATA, BadCatalogue, Name

LONGEST: Final = 4_000


class CriteriaField(StrEnum):
    """What is set on a record by them; ``escalation`` is what is done about it."""

    RECORD_CLASS = "record_class"
    KIND = "kind"
    IMPACT = "impact"
    EFFECT = "effect"
    URGENCY = "urgency"
    ESCALATION = "escalation"


Texts: TypeAlias = Mapping[str, Mapping[str, str]]
"""Value -> language -> Markdown."""


@dataclass(frozen=True, slots=True)
class Shipped:
    version: int
    owner: str
    review: date
    escalations: Mapping[str, Name]
    fields: Mapping[CriteriaField, Mapping[str, Name]]

    def texts(self, field: CriteriaField) -> Texts:
        return {value: {"ja": one.ja, "en": one.en} for value, one in self.fields[field].items()}


@cache
def shipped() -> Shipped:
    """Raises BadCatalogue."""
    path = DATA / "criteria.yaml"
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        fields = {name: {str(value): one for value, one in texts.items()} for name, texts in data["fields"].items()}
        return msgspec.convert({**data, "fields": fields}, Shipped)
    except (yaml.YAMLError, msgspec.ValidationError, KeyError, AttributeError) as error:
        raise BadCatalogue(f"{path}: {error}") from error


def content(texts: Texts) -> str:
    """All of it as one text, as the ledger commits to it."""
    return msgspec.json.encode(texts, order="deterministic").decode()
