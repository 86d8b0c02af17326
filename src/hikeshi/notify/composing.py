"""A load becomes a message: words found afresh, in the language and the zone of whoever reads them, cut to the form its
channel carries. Outside transactions.
"""

import logging
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hikeshi.accounts import reaching
from hikeshi.accounts.ways import Recipient, Way
from hikeshi.kernel.worlds import World
from hikeshi.notify import links, wording
from hikeshi.notify.actions.claiming import Load
from hikeshi.notify.handing import BUNDLE, Fault, Parcel
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.models import Delivery, Outgoing
from hikeshi.notify.wording import Form, Words

ASKED: Final = 50
"""Of how many of a load the writers are asked; the rest is counted."""
LISTED: Final = 10
TAKEN: Final = "acknowledge"
SHORT: Final = 300
TITLE: Final = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Composed:
    """``parcel`` None: nothing to send. ``fault``: why it cannot even be tried."""

    parcel: Parcel | None
    unwanted: frozenset[int]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    row: Delivery
    words: Words


def queued(row: Outgoing) -> Queued:
    return Queued(
        ref=str(row.uuid),
        purpose=Purpose(row.purpose),
        subject=row.subject,
        world=World(row.world),
        to=row.to,
        about=row.about,
        urgency=row.urgency,
        queued_at=row.queued_at,
    )


def compose(load: Load, form: Form) -> Composed:
    first = load.deliveries[0].outgoing
    to = reaching.recipient(first.to)
    way = next((one for one in reaching.ways_of([first.to]).get(first.to, ()) if one.ref == load.way), None)
    if to is None or way is None or not to.active:
        return Composed(None, frozenset(), Fault("gone", of_the_way=True))
    with speaking(way.language or to.language, to.zone):
        latest = _latest(load.deliveries)
        said = [one for one in _asked(latest[:ASKED], to, form) if one.words]
        kept = {one.row.outgoing_id for one in said} | {row.outgoing_id for row in latest[ASKED:]}
        unwanted = frozenset(row.pk for row in load.deliveries if row.outgoing_id not in kept)
        if not said:
            return Composed(None, unwanted)
        return Composed(_parcel(load, said, len(kept) - len(said), to=to, way=way, form=form), unwanted)


class speaking:  # noqa: N801  # read as a statement: with speaking("ja", "Asia/Tokyo")
    """The reader's language and zone, for a while."""

    def __init__(self, language: str, zone: str) -> None:
        self._language = translation.override(language)
        self._zone = timezone.override(zoneinfo.ZoneInfo(zone))

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *error: object) -> None:
        self._zone.__exit__(None, None, None)
        self._language.__exit__(None, None, None)


def _latest(rows: Sequence[Delivery]) -> list[Delivery]:
    """Each message once, though two of its rounds may be in one load."""
    by_message: dict[int, Delivery] = {}
    for row in rows:
        known = by_message.get(row.outgoing_id)
        if known is None or row.round > known.round:
            by_message[row.outgoing_id] = row
    return list(by_message.values())


def _asked(rows: Sequence[Delivery], to: Recipient, form: Form) -> Iterator[_Said]:
    for row in rows:
        words = words_for(row.outgoing, to, form)
        if words is not None:
            yield _Said(row, words)


def words_for(row: Outgoing, to: Recipient, form: Form) -> Words | None:
    """A mistake in a writer must not keep a call from somebody: then the plainest words there are go out."""
    try:
        return wording.words(queued(row), to, form)
    except Exception:  # whatever went wrong up there, somebody is to be told
        log.exception("no words for message %s", row.uuid)
        return Words(_("Something on the desk waits for you"), _("Please sign in and look."), link="/")


def _parcel(load: Load, said: Sequence[_Said], more: int, *, to: Recipient, way: Way, form: Form) -> Parcel:
    top = said[0]
    others = len(said) - 1 + more
    title = top.words.title.strip()
    if others:
        title = _("%(title)s, and %(count)s more") % {"title": title, "count": others}
    answer = links.answering(top.row.uuid) if top.words.choices else ""
    choices = together(top.words.choices) if others else top.words.choices
    return Parcel(
        way=way,
        to=to,
        title=_one_line(title),
        text={Form.FULL: _full, Form.SHORT: _short, Form.SPOKEN: _spoken}[form](said, more),
        thread=top.row.outgoing.subject if not others else f"{BUNDLE}{load.way}",
        key=str(top.row.uuid),
        token=links.token(top.row.uuid) if choices else "",
        link=answer or links.address(top.words.link),
        urgency=min(one.row.urgency for one in said),
        language=way.language or to.language,
        about={"purpose": top.row.outgoing.purpose, "subject": top.row.outgoing.subject},
        choices=choices,
        mark=links.mark(top.row.uuid),
    )


def together(choices: tuple[str, ...]) -> tuple[str, ...]:
    """What a reply to a bundle may say of all in it: that somebody takes them. Anything else is said one by one."""
    return tuple(one for one in choices if one == TAKEN)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE else line[: TITLE - 1] + "\u2026"


def _repeat(said: Sequence[_Said]) -> str:
    if not any(one.row.unknowns for one in said):
        return ""
    return _("This may be a repeat: the desk could not learn whether it reached you before.")


def _full(said: Sequence[_Said], more: int) -> str:
    parts = [_repeat(said)] if _repeat(said) else []
    parts += ["\n".join(_lines(one, whole=len(said) == 1 and not more)) for one in said[:LISTED]]
    rest = len(said) - len(said[:LISTED]) + more
    if rest:
        parts.append(
            _("More of them: %(count)s. They are on the desk: %(url)s")
            % {"count": rest, "url": links.address("/") or "-"}
        )
    return "\n\n".join(parts)


def _lines(one: _Said, *, whole: bool) -> Iterator[str]:
    if not whole:
        yield f"\u25a0 {_one_line(one.words.title)}"
    if one.words.text.strip():
        yield one.words.text.strip()
    if one.words.choices and (answer := links.answering(one.row.uuid)):
        yield _("Answer here: %(url)s") % {"url": answer}
    if address := links.address(one.words.link):
        yield _("On the desk: %(url)s") % {"url": address}


def _short(said: Sequence[_Said], more: int) -> str:
    top = said[0]
    others = len(said) - 1 + more
    address = links.answering(top.row.uuid) if top.words.choices else ""
    address = address or links.address(top.words.link)
    tail = "".join([f" (+{others})" if others else "", f" {address}" if address else ""])
    head = _one_line(top.words.title)[: SHORT - len(tail)]
    return head + tail


def _spoken(said: Sequence[_Said], more: int) -> str:
    top = said[0]
    others = len(said) - 1 + more
    parts = [top.words.title.strip(), top.words.text.strip()]
    if others:
        parts.append(_("And more of them: %(count)s.") % {"count": others})
    return "\n".join(one for one in parts if one)
