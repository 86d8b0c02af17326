"""What the desk says of a clock: why it acted by itself, and what it tells people."""

from datetime import datetime

from django.utils.translation import gettext, override

from hikeshi.phrases.labels import label
from hikeshi.phrases.moments import dated

END = 100


def raised(language: str, measure: str, percent: int) -> str:
    """Why the desk raised a priority by itself, in the site's language."""
    with override(language):
        said = {"measure": label("measure", measure), "percent": percent}
        return gettext("%(measure)s: %(percent)s %% of the time is used up, and the target asks for a raise.") % said


def told_head(ref: str, priority: int, measure: str, percent: int) -> str:
    """One line, in the reader's language."""
    said = {"ref": ref, "priority": f"P{priority}", "measure": label("measure", measure), "percent": percent}
    if percent >= END:
        return gettext("%(ref)s %(priority)s %(measure)s: the time has run out") % said
    return gettext("%(ref)s %(priority)s %(measure)s: %(percent)s %% of the time is used up") % said


def told_body(title: str, due_at: datetime) -> str:
    due = gettext("Due: %(due)s") % {"due": dated(due_at)}
    return f"{title}\n{due}" if title else due


def stuck_head(ref: str, priority: int, why: str) -> str:
    """One line, in the reader's language."""
    said = {"ref": ref, "priority": f"P{priority}", "why": label("stuck", why)}
    return gettext("%(ref)s %(priority)s is stuck: %(why)s") % said


def stuck_body(title: str, moved_at: datetime) -> str:
    moved = dated(moved_at)
    text = gettext(
        "Nobody has done anything about it since %(moved)s. Take it up, hand it on, or say what it waits for."
    )
    said = text % {"moved": moved}
    return f"{title}\n{said}" if title else said
