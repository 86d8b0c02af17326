"""Commands about records."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.chat import grammar
from hikeshi.chat.commands.asking import Asked, Reply, addressed, named, of_record, record
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import RecordClass, Status
from hikeshi.incidents.queries import Incident, visibility
from hikeshi.kernel.refusals import Invalid, Refusal
from hikeshi.notify.links import address
from hikeshi.oncall.escalation import UNANSWERED, State
from hikeshi.oncall.queries import runs
from hikeshi.phrases import labels, moments

OTHER = "other"
MINE = 5
OPEN = 10
TAKEN = 50
"""At most so many are taken by one word."""


def declare(asked: Asked) -> Reply:
    """The kind is told by its name before the title; left out, it is asked for later: first somebody must come."""
    first, rest = grammar.split(asked.words)
    urgent = grammar.is_urgent(first) and bool(rest)
    words = rest if urgent else asked.words.strip()
    kind, title = _kind(words)
    if not title:
        return Reply((_("Write what is happening after the command."),), address("/incidents/new"))
    level = 1 if urgent else 2
    try:
        made = actions.open_incident(
            by=asked.by,
            title=title,
            kind=kind or OTHER,
            impact=level,
            urgency=level,
            record_class=RecordClass.INCIDENT,
        )
    except Invalid as refusal:
        if refusal.field != "kind":
            raise
        return Reply((_("This site asks for a kind. Choose one in the form."),), address("/incidents/new"))
    lines = [_("Declared: %(record)s") % {"record": named(asked, made)}]
    if not kind:
        lines.append(_("Its kind is not settled yet. Choose it in the record."))
    return Reply(tuple(lines), of_record(made.ref))


def _kind(words: str) -> tuple[str, str]:
    """The kind's code, where the first word is its name in any language or its code, and the title."""
    first, rest = grammar.split(words)
    if not rest:
        return "", words
    spelled = grammar.folded(first.strip(":\uff1a"))
    for code, one in incidents.in_use().kinds.items():
        if not one.retired and spelled in {code, *(grammar.folded(name) for name in (one.ja, one.en))}:
            return code, rest
    return "", words


def acknowledge(asked: Asked) -> Reply:
    """Without a reference: the one call that waits for this person. Of several none is guessed; "all" takes them."""
    if grammar.is_all(grammar.split(asked.words)[0]):
        return _all(asked)
    ref, _rest = addressed(asked)
    if not ref:
        waiting = sorted({run.ref for run in runs.calling(asked.by)})
        if len(waiting) != 1:
            return _which(waiting)
        ref = waiting[0]
    found = record(asked, ref)
    run = runs.live(found.subject)
    if run is not None and State(run.state) in UNANSWERED:
        actions.answer_call(by=asked.by, ref=ref)
    else:
        actions.acknowledge(by=asked.by, ref=ref)
    return Reply((_("You have it: %(record)s") % {"record": named(asked, found)},), of_record(found.ref))


def _all(asked: Asked) -> Reply:
    """Every call that waits for this person; one that others must not hear of is left where they would."""
    waiting = sorted({run.ref for run in runs.calling(asked.by, TAKEN)})
    taken = [found for ref in waiting if (found := _taken(asked, ref)) is not None]
    if not taken:
        return _which([])
    heading = _("You have all of them: %(count)s") % {"count": len(taken)}
    return Reply((heading, *(named(asked, one) for one in taken[:OPEN])), address("/incidents/"))


def _taken(asked: Asked, ref: str) -> Incident | None:
    """None where it is not theirs to take, or somebody else was first."""
    try:
        found = record(asked, ref)
        actions.answer_call(by=asked.by, ref=ref)
    except Refusal:
        return None
    return found


def _which(waiting: list[str]) -> Reply:
    if not waiting:
        return Reply((_("Nobody is calling you. To take a record, name it."),))
    language = (get_language() or "en")[:2]
    words = {
        "refs": ", ".join(waiting),
        "command": f"{grammar.word('acknowledge', language)} {grammar.word(grammar.ALL, language)}",
    }
    return Reply((_("Several calls wait for you. Name one of: %(refs)s. To take them all: %(command)s") % words,))


def note(asked: Asked) -> Reply:
    ref, text = addressed(asked)
    if not ref or not text:
        return Reply((_("Write the record's reference and then the note."),))
    found = record(asked, ref)
    actions.note(by=asked.by, ref=found.ref, text=text)
    return Reply((_("Written into %(ref)s.") % {"ref": found.ref},), of_record(found.ref))


def listed(asked: Asked) -> Reply:
    """One's own, then what is open beside them, the gravest first."""
    going = incidents.incidents(asked.by, status=Status.OPEN)
    if asked.overheard:
        going = going.filter(restricted=False)
    mine = list(going.filter(owner=asked.by.person_id)[:MINE])
    known = [one.pk for one in mine]
    others = list(going.exclude(pk__in=known)[:OPEN])
    lines = [_("Yours:"), *(named(asked, one) for one in mine)] if mine else []
    lines += [_("Open:"), *(named(asked, one) for one in others)] if others else []
    return Reply(tuple(lines) or (_("Nothing is open that you see."),), address("/incidents/"))


def status(asked: Asked) -> Reply:
    ref, _rest = addressed(asked)
    if not ref:
        return Reply((_("Write the record's reference."),))
    found = record(asked, ref)
    visibility.note_reading(asked.by, found, "chat")
    owner = found.owner.name if found.owner else _("nobody yet")
    lines = (
        named(asked, found),
        _("Phase: %(phase)s") % {"phase": labels.label("phase", found.phase)},
        _("Owner: %(owner)s") % {"owner": owner},
        _("Since: %(when)s") % {"when": f"{moments.local(found.opened_at):%Y-%m-%d %H:%M %Z}"},
    )
    return Reply(lines[:2] if asked.overheard else lines, of_record(found.ref))
