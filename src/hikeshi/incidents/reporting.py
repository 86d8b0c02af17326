"""Reports by people: what they may be about, how they came in, where one stands for whoever made it. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from hikeshi.incidents.codes import RecordClass, Status
from hikeshi.kernel.facts import JSON

HEADLINE = 80


class Purpose(StrEnum):
    """Which of the three forms: chosen by the reporter in plain words, never a severity."""

    ODD = "odd"
    NEAR_MISS = "near_miss"
    REQUEST = "request"


class Via(StrEnum):
    FORM = "form"
    PHONE = "phone"
    API = "api"
    CHAT = "chat"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a form of the site sends what comes by it, decided by whoever made the form; empty: as for any report."""

    kind: str = ""
    urgency: int | None = None
    record_class: RecordClass | None = None
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a form of the site asked, in the version it was asked with, and what was answered, by question. ``assets``:
    those among the answers; they are hit.
    """

    form: UUID
    version: int
    answers: Mapping[str, JSON]
    assets: tuple[UUID, ...] = ()


def answers_of(answers: Mapping[str, JSON]) -> str:
    """What the ledger commits to."""
    return json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Side(StrEnum):
    """Who says it in the conversation."""

    REPORTER = "reporter"
    DESK = "desk"


class Knock(StrEnum):
    """What an outsider tries at the portal; each is throttled by itself."""

    REPORT = "report"
    FOLLOW = "follow"
    WRITE = "write"
    ALSO = "also"
    LOOK = "look"


class Place(StrEnum):
    """Where a report stands, in words for whoever made it."""

    RECEIVED = "received"
    IN_HAND = "in_hand"
    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"


class Writing(StrEnum):
    """What the reporter may still do: write, write and take it up again, or nothing any more."""

    OPEN = "open"
    REOPENS = "reopens"
    OVER = "over"


def place(status: Status, *, taken_up: bool, questions: int) -> Place:
    """A question that waits for the reporter goes before everything but the end."""
    if status is Status.CLOSED:
        return Place.CLOSED
    if questions:
        return Place.ASKED
    if status is Status.RESOLVED:
        return Place.ANSWERED
    return Place.IN_HAND if taken_up else Place.RECEIVED


def writing(status: Status, ended_at: datetime | None, *, days: int, now: datetime) -> Writing:
    """After the end there is a time to say that it is not over; then a new report is needed."""
    if status is Status.OPEN:
        return Writing.OPEN
    if ended_at is not None and now > ended_at + timedelta(days=days):
        return Writing.OVER
    return Writing.REOPENS


def headline(words: str) -> str:
    """The title of a report: its first line, cut where a line ends."""
    first = next((line.strip() for line in words.splitlines() if line.strip()), "")
    return first if len(first) <= HEADLINE else f"{first[: HEADLINE - 1].rstrip()}…"
