"""What a site mapped itself, taken up by this process where it changed: one small read, and none per alert."""

import logging
from typing import Final
from uuid import UUID

from django.db.models import F

from hikeshi.intake import site_sources
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.models import SourceVersion, Stamp
from hikeshi.intake.site_sources import Mapped, SourceState
from hikeshi.intake.sources import book
from hikeshi.intake.sources.book import Source
from hikeshi.kernel.prepared import Prepared

STAMP: Final = "sources"
log = logging.getLogger(__name__)


_STAMPS = Prepared(lambda name: Stamp.objects.filter(name=name).values_list("stamp", flat=True), name=str)


def stamp_of(name: str) -> UUID | None:
    """When these were changed last, as a name nobody gave before; None before the first change."""
    return next(iter(_STAMPS(name=name)), None)


def take_up() -> None:
    """The book of this process is the site's from here on."""
    # The stamp is read first: what is saved in between is read now and once more the next time, never missed.
    stamp = stamp_of(STAMP)
    if stamp != book.generation():
        book.take_up(stamp, _own())


def mapped_in(version: SourceVersion) -> Mapped:
    return Mapped(title_en=version.title_en, title_ja=version.title_ja, text=version.text)


def _own() -> dict[str, Source]:
    found: dict[str, Source] = {}
    live = SourceVersion.objects.filter(number=F("source__newest"), source__state=SourceState.ON)
    for version in live.select_related("source"):
        code = version.source.code
        try:
            found[code] = site_sources.compiled(code, version.number, mapped_in(version))
        except BadRule as problem:  # was good once: a name of the normal form went away with an upgrade
            if code not in book.shipped():
                found[code] = site_sources.unreadable(code, version.number, mapped_in(version))
            log.warning("the site's source %s, version %s, cannot be used: %s", code, version.number, problem.why)
    return found
