"""The lines of the list of incidents, put together in Python: `{% load lines %}`.

Fifty rows of a template's branches were half of what the page costs.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypedDict

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hikeshi.incidents.queries import Incident
from hikeshi.lists.codes import Column
from hikeshi.phrases import labels
from hikeshi.phrases.wording import told
from hikeshi.service_levels.queries import Chip
from hikeshi.web.addresses import address
from hikeshi.web.filters.listing import Line
from hikeshi.web.markup import markup
from hikeshi.web.templatetags.clocks import clock_badge, clock_left
from hikeshi.web.templatetags.show import at, grouped, icon, kind_of, priority, said, since, who

if TYPE_CHECKING:
    from collections.abc import Sequence

register = template.Library()
NOTHING = SafeString("")
TITLE = '<td class="whole"><a class="title clip" href="{}">{}</a><div class="row tight fine dim">{}</div></td>'


class Around(TypedDict):
    """What the page knows beside the records. ``phases``: the group of labels that names a phase."""

    columns: "Sequence[tuple[str, str]]"
    answers: Mapping[int, Mapping[str, str]]
    chips: Mapping[int, Chip]
    unread: Collection[int]
    present: "Mapping[int, Sequence[str]]"
    workable: Collection[int]
    may_change: bool
    span: int
    phases: str


class Cell(Protocol):
    def __call__(self, record: Incident, around: Around) -> str: ...


def _badge(tone: str, word: str, picture: str = "") -> SafeString:
    return markup('<span class="badge {}">{}{}</span>', tone, icon(picture) if picture else "", word)


def _there(names: "Sequence[str]") -> SafeString:
    """Who has the record open."""
    all_of_them = ", ".join(names)
    whole = '<span class="badge plain there" title="{}">{}{}<span class="unseen">{}: {}</span></span>'
    return markup(whole, all_of_them, icon("eye"), len(names), _("Also here"), all_of_them)


def _remarks(record: Incident, around: Around) -> SafeString:
    """Under the title: what it is, and what is out of the ordinary about it."""
    words = [kind_of(record), labels.label("shown_class", record.shown_class)]
    shown = [markup('<span class="figure">{}</span>', record.ref), *[markup("<span>{}</span>", one) for one in words]]
    if chip := around["chips"].get(record.pk):
        shown.append(clock_badge(chip, chip.tone))
    if names := around["present"].get(record.pk):
        shown.append(_there(names))
    if record.pk in around["unread"]:
        shown.append(_badge("warn", _("Reporter wrote"), "mail"))
    if record.waiting:
        whom = labels.label("waiting", record.waiting)
        shown.append(_badge("act", told(_("Waits for %(whom)s"), whom=whom), "player-pause"))
    if record.restricted:
        shown.append(_badge("warn", _("Restricted"), "lock"))
    if record.world != "real":
        shown.append(_badge("drill", labels.label("world", record.world)))
    return SafeString("".join(shown))


def _phase(record: Incident, around: Around) -> str:
    if record.status == "open":
        plain = labels.label("phase", record.phase)
        return markup(
            '<span class="badge act" title="{}">{}</span>', plain, labels.label(around["phases"], record.phase)
        )
    if record.status == "resolved":
        return _badge("over", labels.label("status", record.status))
    return _badge("plain", _("Merged") if record.merged_into_id else labels.label("status", record.status))


def _owner(record: Incident, around: Around) -> str:
    held = NOTHING
    if record.owner_since and record.status == "open":
        held = markup('<div class="fine dim">{}</div>', since(record.owner_since))
    if record.owner is None and record.status == "open" and record.organisation_id in around["workable"]:
        button = '<button class="button tiny" form="take" formaction="{}">{}{}</button>{}'
        return markup(button, address("web:act", record.ref, "take"), icon("hand-stop"), _("Take it on"), held)
    return markup("{}{}", who(record.owner.name if record.owner else None), held)


def _opened(record: Incident, around: Around) -> str:
    return since(record.opened_at) if record.status == "open" else NOTHING


def _updated(record: Incident, around: Around) -> str:
    return at(record.updated_at, "short")


def _left(record: Incident, around: Around) -> str:
    chip = around["chips"].get(record.pk)
    return clock_left(chip) if chip else NOTHING


def _kind(record: Incident, around: Around) -> str:
    return kind_of(record)


def _class(record: Incident, around: Around) -> str:
    return labels.label("shown_class", record.shown_class)


def _organisation(record: Incident, around: Around) -> str:
    return said(record.organisation.name)


def _waiting(record: Incident, around: Around) -> str:
    if not record.waiting:
        return NOTHING
    word = labels.label("waiting", record.waiting)
    if record.waiting_until is None:
        return word
    return markup('{} <span class="fine dim">{}</span>', word, at(record.waiting_until, "short"))


def _answered(record: Incident, around: Around, code: str) -> str:
    return said(around["answers"].get(record.pk, {}).get(code, ""))


CELLS: Mapping[str, Cell] = MappingProxyType(
    {
        Column.PHASE: _phase,
        Column.OWNER: _owner,
        Column.LEFT: _left,
        Column.OPENED: _opened,
        Column.UPDATED: _updated,
        Column.KIND: _kind,
        Column.CLASS: _class,
        Column.ORGANISATION: _organisation,
        Column.WAITING: _waiting,
    }
)
# How the cell opens; a word beside it stands on a narrow screen, where the column has no head.
OPENINGS: Mapping[str, str] = MappingProxyType(
    {
        Column.PHASE: "<td>",
        Column.OWNER: "<td>",
        **dict.fromkeys((Column.LEFT, Column.OPENED, Column.UPDATED), '<td class="shrink" data-label="{}">'),
    }
)


def _cell(code: str, record: Incident, around: Around) -> str:
    return CELLS[code](record, around) if code in CELLS else _answered(record, around, code)


def _cells(record: Incident, around: Around) -> str:
    """The columns that were chosen, in their order."""
    shown = (
        markup(OPENINGS.get(code, '<td data-label="{}">'), word) + markup("{}</td>", _cell(code, record, around))
        for code, word in around["columns"]
    )
    return "".join(shown)


def _heading(line: Line, around: Around) -> SafeString:
    whole = '<tr class="heading"><th colspan="{}" scope="rowgroup">{} <span class="count">{}</span></th></tr>'
    return markup(whole, around["span"], said(line.heading), grouped(line.many))


def _pick(ref: str) -> SafeString:
    box = '<input type="checkbox" name="ref" value="{}" aria-label="{}">'
    return markup('<td class="shrink pick">{}</td>', markup(box, ref, ref))


@register.simple_tag(takes_context=True)
def row(context: Around, line: Line) -> SafeString:
    """One record; before it the heading of its group, where another begins."""
    record = line.record
    return SafeString(
        f"{_heading(line, context) if line.heading else NOTHING}"
        f'<tr data-row="{record.uuid}">{_pick(record.ref) if context["may_change"] else NOTHING}'
        f'<td class="first shrink">{priority(record.priority)}</td>'
        f"{markup(TITLE, address('web:room', record.ref), said(record.title), _remarks(record, context))}"
        f"{_cells(record, context)}</tr>"
    )
