"""The site's own kinds, courses and words: kept in mind by each process, read anew when there is a new version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet, Window

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import catalogue, names
from hikeshi.incidents.courses import Course
from hikeshi.incidents.models import Incident, Vocabulary
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.vocabularies import SiteCourses, SiteKinds, SiteLevels, Subject, overlaid, read, with_courses
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared, Settled

SHOWN: Final = 50
_NEWEST = Settled(
    lambda: (
        Vocabulary.objects.annotate(versions=Window(Count("pk"))).order_by("-pk").values_list("uuid", "versions")[:1]
    )
)


def in_use() -> catalogue.Catalogue:
    """The catalogue as it is now: one short query, more only where another process changed something."""
    found = next(iter(_NEWEST()), None)
    stamp = f"{found[0]} {found[1]}" if found else ""
    if stamp != names.stamp():
        names.hear(_heard(stamp))
    return names.in_use()


def _heard(stamp: str) -> names.Held:
    shipped = names.SHIPPED.known
    kinds = [(row.number, read(SiteKinds, row.content)) for row in _versions(Subject.KINDS)]
    courses = [(row.number, read(SiteCourses, row.content)) for row in _versions(Subject.COURSES)]
    levels = _versions(Subject.LEVELS).last()
    return names.Held(
        stamp=stamp,
        known=overlaid(shipped, kinds[-1][1] if kinds else SiteKinds(), courses[-1][1] if courses else SiteCourses()),
        courses={number: with_courses(shipped.courses, one) for number, one in courses},
        kinds=_words(kinds),
        levels=read(SiteLevels, levels.content).words if levels else {},
    )


def _versions(subject: Subject) -> QuerySet[Vocabulary]:
    return Vocabulary.objects.filter(subject=subject).order_by("number")


def _words(versions: Sequence[tuple[int, SiteKinds]]) -> dict[str, list[tuple[int, catalogue.Kind]]]:
    """Since which version each kind has had which words."""
    found: dict[str, list[tuple[int, catalogue.Kind]]] = {}
    for number, document in versions:
        for code, kind in document.kinds:
            known = found.setdefault(code, [])
            if not known or (known[-1][1].ja, known[-1][1].en) != (kind.ja, kind.en):
                known.append((number, kind))
    return found


_LATEST = Prepared(
    lambda subject: Vocabulary.objects.filter(subject=subject).order_by("-number").values_list("number", flat=True)[:1],
    subject=str,
)


def latest(subject: Subject) -> int:
    """The number of the version in force; 0 as shipped."""
    return next(iter(_LATEST(subject=str(subject))), 0)


def course_of(incident: Incident) -> Course:
    """The course as it was when the record took it."""
    known = names.past_courses(incident.course_version)
    if known is None:
        in_use()
        known = names.past_courses(incident.course_version)
    return (known or names.in_use().courses).course(incident.course)


@dataclass(frozen=True, slots=True)
class Version:
    row: Vocabulary
    who: str


def versions(by: Actor, subject: Subject) -> list[Version]:
    """The newest, each with who made it. Raises NotAllowed."""
    by.must(Verb.VIEW)
    rows = list(_versions(subject).reverse()[:SHOWN])
    known = accounts.names_of([row.made_by for row in rows])
    return [Version(row, known.get(row.made_by, row.made_by.partition(":")[2])) for row in rows]


def may_configure(by: Actor) -> bool:
    return by.may(Verb.CONFIGURE, accounts.root().pk)
