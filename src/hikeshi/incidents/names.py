"""Gives the names in this domain's data files to phrases, which knows codes but no domain."""

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings

from hikeshi.incidents import catalogue, criteria, likenesses
from hikeshi.phrases import labels


class Named(Protocol):
    @property
    def ja(self) -> str: ...
    @property
    def en(self) -> str: ...


def in_use() -> catalogue.Catalogue:
    """The catalogue with this site's own kinds."""
    return catalogue.load(settings.DATA_ROOT / "kinds.yaml")


def _tell(group: str, named: Mapping[str, Named]) -> None:
    labels.register(group, {code: {"ja": one.ja, "en": one.en} for code, one in named.items()})


def register() -> None:
    known = in_use()
    _tell("kind", known.kinds)
    _tell("course", known.courses.courses)
    _tell("phase", known.courses.phases)
    _tell("gate", known.courses.gates)
    _tell("fact_item", known.sheet)
    _tell("fact_hint", {code: one.ask for code, one in known.sheet.items()})
    _tell("role", known.roles)
    labels.register("matrix", {code: {"ja": one.name, "en": one.name} for code, one in known.presets.items()})
    for code, reading in known.readings.items():
        _tell(f"reading_{code}", reading.words)
        _tell(f"phase_in_{code}", {phase: reading.words[word] for phase, word in reading.phases.items()})
    _tell("reading", known.readings)
    _tell("likeness", likenesses.guide().likenesses)
    _tell("deed", likenesses.guide().deeds)
    _tell("escalation", criteria.shipped().escalations)


register()
