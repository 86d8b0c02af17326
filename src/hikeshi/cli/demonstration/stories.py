"""What happened at the company, act by act in the order of time, through the desk's own verbs."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, cast

from hikeshi.cli.demonstration.company import Company, read
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries
from hikeshi.incidents.codes import Certainty, MomentKind, RecordClass, Waiting
from hikeshi.incidents.reporting import Purpose
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Refusal

_SPAN: Final = re.compile(r"(\d+)([dhm])")
_UNITS: Final = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


def span(text: str) -> timedelta:
    """``1h 5m``, ``-3d``."""
    total = sum((int(count) * _UNITS[unit] for count, unit in _SPAN.findall(text)), timedelta())
    return -total if text.startswith("-") else total


@dataclass(slots=True)
class Story:
    told: Mapping[str, object]
    began: datetime
    ref: str = ""
    report: object = None
    open_questions: list[object] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Act:
    at: datetime
    story: Story
    step: tuple[str, str, Mapping[str, object]] | None  # who, which verb, with what; None opens the record


def earliest(now: datetime) -> datetime:
    """Before the first of them, with time for the company to be set up."""
    return min(now - span(str(story["ago"])) for story in read("stories.yaml")["stories"]) - timedelta(days=3)


def acts(now: datetime) -> list[Act]:
    """Everything that has happened until now."""
    found = []
    for told in read("stories.yaml")["stories"]:
        story = Story(told, now - span(str(told["ago"])))
        found.append(Act(story.began, story, None))
        steps = told.get("steps")
        for after, who, verb, given in steps if isinstance(steps, list) else []:
            found.append(Act(story.began + span(after), story, (who, verb, given)))
    return sorted((act for act in found if act.at <= now), key=lambda act: act.at)


def tell(company: Company, now: datetime) -> int:
    """Carries every act out at its time. Returns how many there were."""
    told = acts(now)
    for act in told:
        clock.freeze(act.at)
        try:
            if act.step is None:
                _open(company, act.story)
            else:
                _carry_out(company, act.story, *act.step)
        except (Refusal, StopIteration) as error:
            error.add_note(f"{act.story.told['title']}: {act.step or 'opening it'}")
            raise
    return len(told)


def _open(company: Company, story: Story) -> None:
    told = story.told
    impact, effect, urgency = cast("list[int]", told["levels"])
    if isinstance(report := told.get("report"), dict):
        _report(company, story, report)
    elif isinstance(call := told.get("call"), dict):
        received = incidents.log_call(
            by=company.actor(str(call["by"])),
            words=str(call["words"]),
            caller=str(call["caller"]),
            contact=str(call["contact"]),
            advised=str(call["advised"]),
            called_at=clock.now() - timedelta(minutes=4),
            kind=str(told["kind"]),
            nonce=uuid7().hex,
            impact=impact,
            effect=effect,
            urgency=urgency,
        )
        story.ref = received.incident.ref
    else:
        place = company.places[str(told["at"])].uuid if "at" in told else None
        decided = RecordClass(str(told["class"]))
        opened = incidents.open_incident(
            by=company.actor(str(told["by"])),
            title=str(told["title"]),
            kind=str(told["kind"]),
            description=str(told.get("text", "")),
            record_class=None if decided is RecordClass.EVENT else decided,
            organisation=place,
            impact=impact,
            effect=effect,
            urgency=urgency,
        )
        story.ref = opened.ref
    if "restricted" in told:
        incidents.restrict(by=company.actor(str(told["by"])), ref=story.ref, reason=str(told["restricted"]))


def _report(company: Company, story: Story, report: Mapping[str, object]) -> None:
    received = incidents.report(
        by=company.actor(str(report["by"])),
        purpose=Purpose(str(report["purpose"])),
        what=str(report["what"]),
        when=str(report.get("when", "")),
        where=str(report.get("where", "")),
        name=str(report["name"]),
        contact=str(report["contact"]),
        nonce=uuid7().hex,
    )
    story.ref, story.report = received.incident.ref, received.reporter.uuid


def _carry_out(company: Company, story: Story, who: str, verb: str, given: Mapping[str, object]) -> None:
    by = company.actor(who)
    if verb == "write_to_desk":
        question = story.open_questions.pop(0) if story.open_questions else None
        incidents.write_to_desk(
            by=by,
            report=story.report,  # type: ignore[arg-type]  # set when the story's report was received
            text=str(given["text"]),
            question=question,  # type: ignore[arg-type]  # of a message just asked
        )
        return
    done = getattr(incidents, verb)(by=by, ref=story.ref, **dict(_meant(company, story, by, given)))
    if given.get("asks"):
        story.open_questions.append(done.uuid)


def _meant(company: Company, story: Story, by: Actor, given: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What the words of a step stand for."""
    for name, value in given.items():
        if name == "content":
            yield "chunks", [str(value).encode()]
        elif name == "task":
            room = queries.room(by, story.ref)
            yield name, next(task.uuid for task in room.tasks if task.title == value)
        elif name == "asset":
            yield name, company.assets[str(value)]
        elif name in {"at", "due_at"}:
            yield name, story.began + span(str(value))
        else:
            yield _NAMES.get(name, name), _CODES.get(name, _same)(value)


def _same(value: object) -> object:
    return value


def _kind(value: object) -> object:
    """Of a time or of a record: the verbs share the name."""
    return MomentKind(str(value)) if value in set(MomentKind) else value


_NAMES: Final = {"class": "record_class"}
_CODES: Final[Mapping[str, Callable[[object], object]]] = {
    "class": lambda value: RecordClass(str(value)),
    "certainty": lambda value: Certainty(str(value)),
    "kind": _kind,
    "waiting": lambda value: Waiting(str(value)),
}
