"""How a record stands, in a line or two, for a room of a chat tool."""

from django.utils.translation import gettext

from hikeshi.phrases.labels import label


def standing(*, ref: str, priority: int, title: str, phase: str, status: str, owner: str) -> str:
    """A record in one or two lines, in the active language. What is empty is not said."""
    said = {"ref": ref, "priority": f"P{priority}", "status": label("status", status), "phase": label("phase", phase)}
    first = gettext("%(ref)s (%(priority)s): %(status)s, %(phase)s.") % said
    who = gettext("Owner: %(owner)s") % {"owner": owner} if owner else ""
    return "\n".join(one for one in (first, title, who) if one)


def heading(*, ref: str, priority: int, phase: str, status: str) -> str:
    """What stands above a room: reference, priority, how far it is."""
    now = label("phase", phase) if status == "open" else label("status", status)
    return f"{ref} \u00b7 P{priority} \u00b7 {now}"
