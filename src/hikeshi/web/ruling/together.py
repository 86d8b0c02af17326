"""A correlation in words: what must come together, how much of it, within which time, about the same what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hikeshi.intake import site_rules
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.correlation import How
from hikeshi.intake.correlation_text import ENTITY, Correlation
from hikeshi.intake.site_rules import Terms

_HOW: Mapping[How, Promise] = {
    How.EVENT_COUNT: gettext_lazy("at least %(least)s alerts"),
    How.VALUE_COUNT: gettext_lazy("alerts with at least %(least)s different values"),
    How.TEMPORAL: gettext_lazy("at least %(least)s of these signals"),
    How.TEMPORAL_ORDERED: gettext_lazy("these signals, in this order"),
    How.WEIGHT_SUM: gettext_lazy("signals of at least %(least)s points in all, each counted once"),
}
_KINDS: Mapping[str, Promise] = {
    "host": gettext_lazy("a host"),
    "user": gettext_lazy("a user"),
    "ip": gettext_lazy("an address"),
    "hash": gettext_lazy("a hash"),
    "sender": gettext_lazy("a sender"),
    "campaign": gettext_lazy("a campaign"),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """``points``: 0 where none are given."""

    titles: Mapping[str, str]
    points: int


@dataclass(frozen=True, slots=True)
class Hub:
    """What meets more than ``most`` different values of each of ``fields`` ties nothing together."""

    fields: Sequence[str]
    most: int
    kinds: Sequence[str]

    @property
    def said(self) -> str:
        words = {"most": self.most, "fields": " + ".join(self.fields), "kinds": " / ".join(self.kinds)}
        if not self.kinds:
            return _("what meets more than %(most)s different %(fields)s") % words
        return _("%(kinds)s that meets more than %(most)s different %(fields)s") % words


@dataclass(frozen=True, slots=True)
class Together:
    how: str
    within: str
    signals: Sequence[Signal]
    by: Sequence[str]
    entity: bool
    hubs: Sequence[Hub]
    spared: Sequence[str]


def of(terms: Terms) -> Together | None:
    """None of a rule that asks each alert for itself."""
    try:
        found = site_rules.compiled("shown", 1, terms).correlation
    except BadRule:
        return None
    return None if found is None else _said(found)


def _said(found: Correlation) -> Together:
    terms = found.terms
    points = terms.weights or (0,) * len(found.signals)
    hubs = [(one, [found.met[number] for number in one.fields]) for one in found.hubs]
    return Together(
        how=str(_HOW[terms.how]) % {"least": terms.least},
        within=within(timedelta(milliseconds=terms.window)),
        signals=[Signal(one.titles, weight) for one, weight in zip(found.signals, points, strict=True)],
        by=() if found.by == (ENTITY,) else found.by,
        entity=found.by == (ENTITY,),
        hubs=[Hub([one.field for one in met], hub.most, _kinds(met[0].of)) for hub, met in hubs],
        spared=sorted([*found.never, *map(str, found.networks)]),
    )


def _kinds(of: frozenset[str]) -> list[str]:
    return [str(words) for kind, words in _KINDS.items() if kind in of]


def within(window: timedelta) -> str:
    """Minutes below two hours, hours below two days, else days; of whole ones, as rules are written."""
    minutes = int(window.total_seconds()) // 60
    if minutes < 60 or (minutes < 120 and minutes % 60):
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < 48 * 60:
        return _("%(hours)s h") % {"hours": minutes // 60}
    return _("%(days)s d") % {"days": minutes // 1440}
