"""What a site says in place of the shipped kinds, courses and words of levels: one whole document per version. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

import msgspec

from hikeshi.incidents.catalogue import Catalogue, Courses, CourseSpec, Kind, Name, PhaseSpec, Reading
from hikeshi.kernel.facts import JSON

T = TypeVar("T")
Pairs = tuple[tuple[str, T], ...]
"""Codes with what they stand for, in order: one of our databases keeps no order inside an object."""


class Subject(StrEnum):
    KINDS = "kinds"
    COURSES = "courses"
    LEVELS = "levels"


class Deed(StrEnum):
    """What made this version different from the one before."""

    KIND_ADDED = "kind_added"
    KIND_CHANGED = "kind_changed"
    KIND_RETIRED = "kind_retired"
    KIND_RESTORED = "kind_restored"
    KINDS_ORDERED = "kinds_ordered"
    COURSE_ADDED = "course_added"
    COURSE_CHANGED = "course_changed"
    COURSE_RETIRED = "course_retired"
    COURSE_RESTORED = "course_restored"
    LEVELS_WORDED = "levels_worded"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class SiteKinds:
    kinds: Pairs[Kind] = ()


@dataclass(frozen=True, slots=True)
class SiteCourses:
    """Phases and gates are shared by all courses: one word per code."""

    phases: Pairs[PhaseSpec] = ()
    courses: Pairs[CourseSpec] = ()
    gates: Pairs[Name] = ()


@dataclass(frozen=True, slots=True)
class SiteLevels:
    """Axis -> level -> word. Nothing: the shipped words."""

    words: Mapping[str, Mapping[str, Name]]


def read(form: type[T], content: JSON) -> T:
    return msgspec.convert(content, form)


def content_of(document: SiteKinds | SiteCourses | SiteLevels) -> JSON:
    plain: JSON = msgspec.to_builtins(document)
    return plain


def digest(content: JSON) -> str:
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


def overlaid(shipped: Catalogue, kinds: SiteKinds, courses: SiteCourses) -> Catalogue:
    """The shipped catalogue as this site changed it. What the product adds later comes after what the site knows."""
    own = dict(kinds.kinds)
    known = with_courses(shipped.courses, courses)
    readings = {code: _spoken(reading, known.phases) for code, reading in shipped.readings.items()}
    whole = {**own, **{code: kind for code, kind in shipped.kinds.items() if code not in own}}
    return replace(shipped, kinds=whole, courses=known, readings=readings)


def with_courses(shipped: Courses, site: SiteCourses) -> Courses:
    phases = {**shipped.phases, **dict(site.phases)}
    return replace(
        shipped,
        phases=phases,
        courses={**shipped.courses, **dict(site.courses)},
        gates={**shipped.gates, **dict(site.gates)},
    )


def _spoken(reading: Reading, phases: Mapping[str, PhaseSpec]) -> Reading:
    """A phase of the site's own is read as the shipped one it is like."""
    like = {code: spec.like or code for code, spec in phases.items()}
    return replace(reading, phases={code: reading.phases[twin] for code, twin in like.items()})


def kinds_rolled_back(was: SiteKinds, now: SiteKinds) -> SiteKinds:
    known = {code for code, _ in was.kinds}
    later = tuple((code, replace(kind, retired=True)) for code, kind in now.kinds if code not in known)
    return SiteKinds((*was.kinds, *later))


def courses_rolled_back(was: SiteCourses, now: SiteCourses) -> SiteCourses:
    known = {code for code, _ in was.courses}
    later = tuple((code, replace(course, retired=True)) for code, course in now.courses if code not in known)
    return SiteCourses(
        phases=_and_later(was.phases, now.phases),
        courses=(*was.courses, *later),
        gates=_and_later(was.gates, now.gates),
    )


def _and_later(was: Pairs[T], now: Pairs[T]) -> Pairs[T]:
    known = {code for code, _ in was}
    return (*was, *((code, one) for code, one in now if code not in known))
