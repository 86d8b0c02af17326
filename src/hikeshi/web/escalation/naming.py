"""Targets, waits and hours of a plan in the reader's words."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import Actor
from hikeshi.oncall.escalation import Step, Target, TargetKind
from hikeshi.oncall.queries import offering, targets
from hikeshi.phrases import labels
from hikeshi.phrases.wording import bracketed
from hikeshi.web.addresses import address
from hikeshi.web.templatetags.show import length

_PAGES: Final = {"person": "web:contact", "party": "web:party", "team": "settings:team", "rota": "web:rota"}
NAMELESS = frozenset({TargetKind.EXECUTIVES})


class Words:
    """Names are asked for once for all the targets a page shows."""

    def __init__(self, shown: Iterable[Target]) -> None:
        self._names: Mapping[Target, str] = targets.names(shown)

    def target(self, target: Target) -> str:
        kind = labels.label("call_target", target.kind)
        if target.kind in NAMELESS:
            return kind
        name = self._name(target)
        if target.kind is TargetKind.PERSON and name:
            return name
        return f"{kind}: {name}" if name else _("%(kind)s: no longer there") % {"kind": kind}

    def _name(self, target: Target) -> str:
        match target.kind:
            case TargetKind.ROLE:
                return role(target.value)
            case TargetKind.RAISE:
                return f"P{target.value} {labels.label('priority', target.value)}"
            case _:
                return self._names.get(target, "")


class Links:
    """Where to read of whomever a plan names, for those the reader may see."""

    def __init__(self, by: Actor, shown: Iterable[Target], owners: Iterable[str] = ()) -> None:
        self._seen = offering.seen(by, [*map(offering.ref_of, shown), *owners])

    def of(self, owner: str) -> str:
        sort, _colon, uuid = owner.partition(":")
        return address(_PAGES[sort], uuid) if owner in self._seen else ""

    def target(self, target: Target) -> str:
        return self.of(offering.ref_of(target))


def role(code: str) -> str:
    found = next((one for one in accounts.roles() if one.code == code), None)
    return (found.name if found and found.name else "") or labels.label("account_role", code)


def hours(text: str) -> str:
    return labels.label("call_hours", text)


def wait(after: timedelta, *, first: bool) -> str:
    if not after:
        return _("at once") if first else _("at the same time")
    return _("%(time)s later") % {"time": length(after)}


def conditions(step: Step) -> str:
    """When a step is not taken at its time."""
    if not step.hours:
        return ""
    return f"{hours(step.hours)}{bracketed(labels.label('call_closed', step.closed))}"
