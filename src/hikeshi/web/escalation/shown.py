"""Policies and dry runs as the pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from hikeshi.accounts.ways import Way
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.oncall import drafts
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.queries import policies as kept
from hikeshi.oncall.queries import trying
from hikeshi.oncall.queries.policies import Policy
from hikeshi.oncall.queries.trying import DryRun, Line, Who
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.phrases.wording import listed
from hikeshi.web.addresses import address
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
    written = [drafts.kept(row.steps) for row in rows]
    named = [one.target for some in (*written, *(one.steps for one in shipped.values())) for one in some]
    words = naming.Words([*named, executives])
    lines = [_line(row, some, words, language) for row, some in zip(rows, written, strict=True)]
    ours = [_shipped(one, words, language) for one in shipped.values()]
    return Policies(lines, ours, words.target(executives), kept.may_manage(by))


def _line(row: Policy, written: Sequence[StepDraft], words: naming.Words, language: str) -> PolicyLine:
    return PolicyLine(
        row=row,
        name=row.name,
        counts_for=_counts_for(row),
        why=row.why_en if language == "en" else row.why_ja,
        steps=steps(written, words),
        repeats=row.repeats,
        patience=row.patience,
        timeout=row.timeout,
        follow=row.follow.name if row.follow else "",
    )


def _shipped(one: drafts.Shipped, words: naming.Words, language: str) -> PolicyLine:
    priorities = listed(priority(each) for each in one.priorities)
    why, name = _spoken(one.why, language), _spoken(one.name, language)
    return PolicyLine(None, name, priorities, why, steps(one.steps, words), one.repeats, one.patience, None, "")


def _spoken(words: Mapping[str, str], language: str) -> str:
    return words.get(language, words["en"])


def _counts_for(row: Policy) -> str:
    parts = [priority(one) for one in row.priorities]
    parts += [labels.label("kind", one) for one in row.kinds]
    parts += [row.organisation.name] if row.organisation else []
    parts += [naming.hours(row.hours)] if row.hours else []
    return listed(parts) or _("every record")


def priority(rank: int) -> str:
    return f"P{rank} {labels.label('priority', rank)}"


def steps(written: Sequence[StepDraft], words: naming.Words) -> list[StepLine]:
    return [
        StepLine(
            number=number,
            when=naming.wait(timedelta(minutes=one.after), first=number == 1),
            whom=words.target(one.target),
            hours=naming.conditions(drafts.step(one)),
            anyway=one.anyway,
        )
        for number, one in enumerate(written, start=1)
    ]


@dataclass(frozen=True, slots=True)
class TriedLine:
    """``url``: of whom the step names. ``people``: whom it would call, with where to read of them."""

    line: Line
    whom: str
    url: str
    people: Sequence[tuple[Who, str]]


def lines(by: Actor, found: DryRun) -> list[TriedLine]:
    targets = [line.turn.step.target for line in found.lines]
    words = naming.Words(targets)
    links = naming.Links(by, targets, [one.owner for line in found.lines for one in line.people])
    return [
        TriedLine(line, words.target(target), links.target(target), [(one, links.of(one.owner)) for one in line.people])
        for line, target in zip(found.lines, targets, strict=True)
    ]


def chosen(by: Actor, found: DryRun) -> dict[str, object]:
    """Where the policies that were asked are written; those that came with the desk stand on the list."""
    policies = [(one, _page(by, one.code)) for one in found.chosen.asked]
    return {"asked": policies, "policy_url": _page(by, found.chosen.code) if found.chosen.code else ""}


def _page(by: Actor, code: str) -> str:
    if code in drafts.shipped():
        return address("settings:escalation")
    return address("settings:policy" if kept.may_manage(by) else "settings:policy_versions", code)


def refused(refusal: Invalid) -> str:
    return sentences.sentence(refusal)


@dataclass(frozen=True, slots=True)
class Relied:
    """Somebody a policy means now, and the ways that are known of them."""

    whom: str
    names: Sequence[tuple[str, Sequence[Way]]]


def relied(row: Policy) -> list[Relied]:
    """Of each step, who it would call now: for whoever edits it, while there is time to mend what leads nowhere."""
    drafted = drafts.kept(row.steps)
    words = naming.Words([one.target for one in drafted])
    found = trying.meant(row, [one.target for one in drafted])
    return [Relied(words.target(target), people) for target, people in found]
