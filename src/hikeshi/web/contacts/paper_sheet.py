"""The call sheet as one page of paper, for the night when the network is down."""

from django.utils.translation import gettext as _

from hikeshi.accounts import contacts, queries
from hikeshi.accounts.sheets import Called, Sheet
from hikeshi.accounts.ways import Kind, Standing
from hikeshi.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Front,
    Notice,
    Paper,
    Paragraph,
    Poster,
    Span,
    Table,
    Text,
    Tone,
)
from hikeshi.kernel import clock
from hikeshi.phrases import labels, moments
from hikeshi.web.contacts import showing
from hikeshi.web.templatetags.contacts import hours_in_words


def document(found: Sheet, language: str, made_by: str, paper: Paper = Paper.A4) -> Document:
    """In the active language and zone."""
    made, site = moments.local(clock.now()), queries.site().name
    printed = _("Printed %(when)s by %(name)s") % {"when": f"{made:%Y-%m-%d %H:%M %Z}", "name": made_by}
    title = _("Call sheet")
    return Document(
        title=f"{title} {found.organisation.name}",
        language=language,
        front=Front(kind=title, title=found.organisation.name, state=f"{made:%Y-%m-%d}", above=(printed, site)),
        blocks=_blocks(found),
        author=made_by,
        made_at=made,
        marking=_("Confidential: personal telephone numbers"),
        running=f"{title} {found.organisation.name}",
        foot=site,
        page=_("Page {n} of {m}"),
        poster=Poster(paper, _parted(paper)),
    )


def _parted(paper: Paper) -> str:
    said = _("This sheet does not fit on one page; it takes {m}. Keep them together.")
    more = _("On A3 more fits.")
    return f"{said} {more}" if paper is Paper.A4 else said


def _blocks(found: Sheet) -> tuple[Block, ...]:
    if not found.called:
        return (Notice(_("Nobody stands on this sheet yet.")),)
    order = _("Call in this order, until somebody answers. An old date means: the number may no longer be theirs.")
    rules = contacts.rules()
    rows = tuple(_row(place, one, rules) for place, one in enumerate(found.called, start=1))
    columns = (
        Column("", 0.3),
        Column(_("Whom"), 2.7),
        Column(_("Number, and when it was last proven"), 3.6),
        Column(_("Hours, deputy"), 1.8),
    )
    return (Paragraph(order), Table(columns, rows, title=_("Call sheet")))


def _row(place: int, one: Called, rules: contacts.ContactRules) -> tuple[Cell, ...]:
    what = [labels.label("party_kind", one.kind)] if one.kind else []
    about = " / ".join([*what, *(text for text in (one.purpose or one.duty,) if text)])
    name: tuple[Text, ...] = (Span(one.name, Tone.STRONG), *([Span(about, Tone.QUIET)] if about else []))
    if not one.active:
        name = (*name, Span(_("out of use"), Tone.GAP))
    numbers = tuple(_number(way, rules) for way in one.ways)
    return (
        Span(str(place), Tone.STRONG),
        name,
        numbers or (Span(_("No number is known"), Tone.GAP),),
        _hours(one),
    )


def _number(way: contacts.StoredWay, rules: contacts.ContactRules) -> Text:
    """How old its proof is stands beside it: on paper nobody can look it up."""
    shown = showing.spoken(Kind(way.kind), showing.address_of(way), rules.country)
    standing = showing.standing(way, rules)
    proof = labels.label("way_standing", standing) if standing in (Standing.TROUBLE, Standing.NEVER) else ""
    if way.proven_at is not None and not proof:
        proof = f"{moments.local(way.proven_at):%Y-%m-%d}"
    spoken = way.kind != Kind.MAIL and not way.trouble
    tone = Tone.STRONG if spoken else Tone.GAP if way.trouble else Tone.PLAIN
    return Span(" ".join(part for part in (shown, way.label, f"({proof})") if part), tone)


def _hours(one: Called) -> Cell:
    said = (hours_in_words(one.hours), _("Deputy: %(name)s") % {"name": one.deputy} if one.deputy else "")
    return tuple(text for text in said if text) or ("",)
