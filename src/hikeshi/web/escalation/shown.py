"""Policies and dry runs as the pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.oncall import drafts
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.queries import policies as kept
from hikeshi.oncall.queries.policies import Policy
from hikeshi.oncall.queries.trying import DryRun, Line
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web.escalation import naming


@dataclass(frozen=True, slots=True)
class StepLine:
    number: int
    when: str
    whom: str
    hours: str
    anyway: bool


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """``row`` None: one that came with the desk."""

    row: Policy | None
    name: str
    counts_for: str
    why: str
    steps: Sequence[StepLine]
    repeats: int
    patience: int
    timeout: int | None
    follow: str


@dataclass(frozen=True, slots=True)
class Policies:
    lines: Sequence[PolicyLine]
    shipped: Sequence[PolicyLine]
    executives: str
    may_manage: bool


def policies(by: Actor, language: str) -> Policies:
    rows = list(kept.policies(by))
    shipped = drafts.shipped()
    executives = kept.executives()
    steps = [drafts.kept(row.steps) for row in rows]
    named = [one.target for some in (*steps, *(one.steps for one in shipped.values())) for one in some]
    words = naming.Words([*named, executives])
    lines = [_line(row, some, words, language) for row, some in zip(rows, steps, strict=True)]
    ours = [_shipped(one, words, language) for one in shipped.values()]
    return Policies(lines, ours, words.target(executives), kept.may_manage(by))


def _line(row: Policy, steps: Sequence[StepDraft], words: naming.Words, language: str) -> PolicyLine:
    return PolicyLine(
        row=row,
        name=row.name,
        counts_for=_counts_for(row),
        why=row.why_en if language == "en" else row.why_ja,
        steps=_steps(steps, words),
        repeats=row.repeats,
        patience=row.patience,
        timeout=row.timeout,
        follow=row.follow.name if row.follow else "",
    )


def _shipped(one: drafts.Shipped, words: naming.Words, language: str) -> PolicyLine:
    priorities = ", ".join(_priority(each) for each in one.priorities)
    steps = _steps(one.steps, words)
    why, name = _spoken(one.why, language), _spoken(one.name, language)
    return PolicyLine(None, name, priorities, why, steps, one.repeats, one.patience, None, "")


def _spoken(words: Mapping[str, str], language: str) -> str:
    return words.get(language, words["en"])


def _counts_for(row: Policy) -> str:
    parts = [_priority(one) for one in row.priorities]
    parts += [labels.label("kind", one) for one in row.kinds]
    parts += [row.organisation.name] if row.organisation else []
    parts += [naming.hours(row.hours)] if row.hours else []
    return ", ".join(parts) or _("every record")


def _priority(rank: int) -> str:
    return f"P{rank} {labels.label('priority', rank)}"


def _steps(steps: Sequence[StepDraft], words: naming.Words) -> list[StepLine]:
    return [
        StepLine(
            number=number,
            when=naming.wait(timedelta(minutes=one.after), first=number == 1),
            whom=words.target(one.target),
            hours=naming.conditions(drafts.step(one)),
            anyway=one.anyway,
        )
        for number, one in enumerate(steps, start=1)
    ]


@dataclass(frozen=True, slots=True)
class TriedLine:
    line: Line
    whom: str


def lines(found: DryRun) -> list[TriedLine]:
    words = naming.Words([line.turn.step.target for line in found.lines])
    return [TriedLine(line, words.target(line.turn.step.target)) for line in found.lines]


def refused(refusal: Invalid) -> str:
    return sentences.sentence(refusal)
