"""What the pages of sources show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language

from hikeshi.intake import actions, connecting, site_sources
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import Parked, ruling, sourcing, topics
from hikeshi.intake.queries.sourcing import Line, Whole
from hikeshi.intake.queries.topics import Topic
from hikeshi.intake.site_sources import Mapped
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.versions import Version
from hikeshi.phrases import labels
from hikeshi.web.addresses import address as of_page
from hikeshi.web.settings import changes

_COUNTS = ("after", "until", "read", "still", "left")


@dataclass(frozen=True, slots=True)
class Replayed:
    """How far reading again has come; ``left`` bodies were not looked at yet."""

    after: int
    until: int
    read: int
    still: int
    left: int

    @property
    def looked_at(self) -> int:
        return self.read + self.still

    @property
    def all(self) -> int:
        return self.looked_at + self.left


def _number(data: QueryDict, name: str) -> int:
    given = data.get(name, "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 16 else 0


def places(data: QueryDict) -> dict[str, int]:
    return {name: _number(data, name) for name in ("after", "until")}


def added(data: QueryDict, progress: actions.Progress) -> Replayed:
    return Replayed(
        progress.after,
        progress.until,
        _number(data, "read") + progress.read,
        _number(data, "still") + progress.still,
        progress.left,
    )


def address(code: str, replayed: Replayed) -> str:
    counts = {name: getattr(replayed, name) for name in _COUNTS}
    return f"{of_page('settings:source', code)}?{urlencode(counts)}#aside"


def parts(terms: Mapped) -> Mapping[str, str]:
    return {labels.label("source_part", name): str(getattr(terms, name)) for name in site_sources.TERMS}


def name_of(line: Line) -> str:
    return line.name_ja if get_language() == "ja" else line.name


class SourcePage:
    def __init__(self, by: Actor, whole: Whole, language: str, asked: QueryDict) -> None:
        self.by, self.whole, self.language, self.asked = by, whole, language, asked

    @property
    def title(self) -> str:
        line = self.whole.line
        return line.name_ja if self.language.startswith("ja") else line.name

    @property
    def owner(self) -> str:
        ref = self.whole.line.owner
        return ruling.owner_names(self.by, [ref]).get(ref, "")

    @property
    def how(self) -> str:
        """How to connect it, as Markdown; empty where the product is the site's own."""
        return connecting.steps(self.whole.line.code, self.language)

    @cached_property
    def waiting(self) -> Sequence[Parked]:
        return sourcing.waiting(self.by, self.whole.line.code) if self.by.may(Verb.MANAGE) else []

    @cached_property
    def backlog(self) -> int:
        return sourcing.backlog(self.by, self.whole.line.code).left if self.by.may(Verb.MANAGE) else 0

    @cached_property
    def topics(self) -> Sequence[Topic]:
        return topics.of_source(self.by, self.whole.line.code)

    @property
    def replayed(self) -> Replayed | None:
        if not self.asked.get("until", ""):
            return None
        return Replayed(**{name: _number(self.asked, name) for name in _COUNTS})

    @property
    def versions(self) -> list[tuple[Version[Mapped], str]]:
        return [(one, changes.name_of(one.made_by, self.whole.names)) for one in self.whole.versions]
