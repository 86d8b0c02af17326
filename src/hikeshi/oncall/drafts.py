"""A step as it is written in a form, in the API and in the shipped file, and the pure step it stands for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import yaml

from hikeshi.calendars.hours import Unreadable
from hikeshi.kernel.refusals import Invalid
from hikeshi.oncall.escalation import (
    MOST_STEPS,
    Chapter,
    Closed,
    Step,
    Target,
    TargetKind,
    check_hours,
)

DATA: Final = Path(__file__).parent / "data" / "policies.yaml"
LONGEST_WAIT: Final = 7 * 24 * 60
WITHOUT_VALUE: Final = frozenset({TargetKind.EXECUTIVES})


@dataclass(frozen=True, slots=True)
class StepDraft:
    """``after`` in minutes. ``value`` as ``escalation.Target`` has it."""

    after: int = 0
    kind: TargetKind = TargetKind.PERSON
    value: str = ""
    hours: str = ""
    closed: Closed = Closed.WAIT
    anyway: bool = False

    @property
    def target(self) -> Target:
        return Target(self.kind, self.value)


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy as somebody writes it. ``organisation``: there and beneath; ``follow``: the policy after this one."""

    name: str
    steps: tuple[StepDraft, ...]
    priorities: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    organisation: UUID | None = None
    hours: str = ""
    repeats: int = 0
    patience: int = 10
    timeout: int | None = None
    follow: UUID | None = None
    why_ja: str = ""
    why_en: str = ""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A policy that counts where a site has written none. ``name`` and ``why``: language -> words."""

    name: Mapping[str, str]
    why: Mapping[str, str]
    priorities: tuple[int, ...]
    steps: tuple[StepDraft, ...]
    repeats: int
    patience: int


@cache
def shipped() -> Mapping[str, Shipped]:
    """Raises msgspec.ValidationError, yaml.YAMLError."""
    read = yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(read["policies"], dict[str, Shipped])


def names(code: str) -> Mapping[str, str]:
    """By language, of a policy that came with the desk; of one a site wrote nothing, it has one name."""
    one = shipped().get(code)
    return {} if one is None else one.name


def kept(rows: Iterable[object]) -> tuple[StepDraft, ...]:
    """Rows as the table keeps them."""
    return msgspec.convert(list(rows), tuple[StepDraft, ...])


def rows(drafts: Sequence[StepDraft]) -> list[dict[str, object]]:
    return msgspec.convert(msgspec.to_builtins(drafts), list[dict[str, object]])


def terms(said: PolicyDraft) -> dict[str, object]:
    """As a version keeps them."""
    return msgspec.convert(msgspec.to_builtins(said), dict[str, object])


def policy(terms: object) -> PolicyDraft:
    """As a version kept it."""
    return msgspec.convert(terms, PolicyDraft)


def content(said: PolicyDraft) -> str:
    """All it says as one text, as the ledger commits to it; others by their uuid, for their names may change."""
    told = {
        "organisation": str(said.organisation) if said.organisation else None,
        "follow": str(said.follow) if said.follow else None,
        "steps": rows(said.steps),
        "priorities": said.priorities,
        "kinds": said.kinds,
        "numbers": [said.repeats, said.patience, said.timeout],
        "words": [said.name, said.hours, said.why_ja, said.why_en],
    }
    return msgspec.json.encode(told, order="deterministic").decode()


def checked(drafts: Sequence[StepDraft]) -> tuple[StepDraft, ...]:
    """What can be read off the rows alone; ``field`` of a refusal is ``steps.<place>.<name>``. Raises Invalid."""
    if not drafts:
        raise Invalid("steps", "required")
    if len(drafts) > MOST_STEPS:
        raise Invalid("steps", "too_many", limit=MOST_STEPS)
    return tuple(_checked(place, one) for place, one in enumerate(drafts))


def _checked(place: int, draft: StepDraft) -> StepDraft:
    if not 0 <= draft.after <= LONGEST_WAIT:
        raise Invalid(f"steps.{place}.after", "out_of_range", low=0, high=LONGEST_WAIT)
    if draft.kind is TargetKind.RAISE and draft.value not in {"1", "2", "3", "4"}:
        raise Invalid(f"steps.{place}.value", "out_of_range", low=1, high=4)
    try:
        hours = check_hours(draft.hours)
    except Unreadable as error:
        raise Invalid(f"steps.{place}.hours", error.fault) from error
    value = "" if draft.kind in WITHOUT_VALUE else draft.value
    return StepDraft(draft.after, draft.kind, value, hours, draft.closed, draft.anyway)


def step(draft: StepDraft) -> Step:
    return Step(timedelta(minutes=draft.after), draft.target, draft.hours, draft.closed, draft.anyway)


def chapter(policy: str, name: str, drafts: Sequence[StepDraft], *, repeats: int, patience: int) -> Chapter:
    return Chapter(policy, name, tuple(step(one) for one in drafts), repeats, timedelta(minutes=patience))
