"""Commands about people: who is on call, reporting, who I am, and what can be typed."""

import hashlib

from django.utils.translation import gettext as _

from hikeshi.chat import grammar
from hikeshi.chat.commands.asking import Asked, Reply
from hikeshi.chat.grammar import Command
from hikeshi.incidents import actions
from hikeshi.incidents.reporting import Purpose, Via
from hikeshi.notify.links import address
from hikeshi.oncall.queries import duty
from hikeshi.oncall.queries.duty import Standing, Watch
from hikeshi.phrases import moments

MOST = 10


def who(asked: Asked) -> Reply:
    """Of every rota the person sees, or those whose name holds the words."""
    board = duty.board(asked.by)
    wanted = grammar.folded(asked.words.strip())
    found = [one for one in board.standings if wanted in grammar.folded(one.row.name)]
    if not found:
        return Reply((_("There is no such rota that you see."),), address("/oncall/"))
    lines = tuple(_on_duty(one, board.names) for one in found[:MOST])
    more = (_("And more: %(count)s") % {"count": len(found) - MOST},) if len(found) > MOST else ()
    return Reply(lines + more, address("/oncall/"))


def _on_duty(one: Standing, names: "dict[str, str] | object") -> str:
    said = {"rota": one.row.name, "now": _person(one.now, names), "until": _clock(one.now)}
    if one.next is None:
        return _("%(rota)s: now %(now)s, no end in sight.") % said
    said["next"] = _person(one.next, names)
    return _("%(rota)s: now %(now)s until %(until)s, then %(next)s.") % said


def _person(watch: Watch, names: object) -> str:
    known = names if isinstance(names, dict) else {}
    return str(known.get(watch.person, watch.person)) if watch.person else _("nobody")


def _clock(watch: Watch) -> str:
    return f"{moments.local(watch.end):%m-%d %H:%M}"


def report(asked: Asked) -> Reply:
    """As the form of the portal: nobody has decided yet what it is."""
    words = asked.words.strip()
    if not words:
        return Reply((_("Write what you noticed after the command."),), address("/report/"))
    nonce = hashlib.sha256(asked.key.encode("utf-8", "surrogatepass")).hexdigest()
    received = actions.report(by=asked.by, purpose=Purpose.ODD, what=words, nonce=nonce, via=Via.CHAT)
    thanks = _("Thank you. Somebody will look at it. What becomes of it, and questions to you, stand here.")
    return Reply((thanks,), address(f"/report/{received.reporter.uuid}/"))


def usage(asked: Asked) -> Reply:
    """In the words of the reader's language; those of the other are understood too."""
    language = asked.by.language
    meanings = {
        Command.DECLARE: _("what happens: an incident, at once"),
        Command.ACKNOWLEDGE: _("INC-…: you have it"),
        Command.NOTE: _("INC-… text: into the timeline"),
        Command.STATUS: _("INC-…: how it stands"),
        Command.LIST: _("yours, and what is open"),
        Command.WHO: _("rota: who is on call, and next"),
        Command.REPORT: _("text: something odd you noticed"),
        Command.LINK: _("code: says who you are; the code is on your account page"),
    }
    if asked.reads:
        meanings[Command.MARK] = _("link: a message of this room, into the timeline")
    return Reply(tuple(f"{grammar.word(code, language)} {meaning}" for code, meaning in meanings.items()))
