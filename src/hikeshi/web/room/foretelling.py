"""What a merge, or taking one back, would do: each of its consequences in a sentence, before anything is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hikeshi.incidents.merging import Calls
from hikeshi.incidents.queries import Incident, MergePlan, Together, UnmergePlan
from hikeshi.phrases import labels
from hikeshi.phrases.wording import listed
from hikeshi.rooms import queries as rooms
from hikeshi.service_levels import queries as service_levels
from hikeshi.service_levels.codes import GOING


@dataclass(frozen=True, slots=True)
class Line:
    """``grave``: it changes who sees something, or whom somebody waits for."""

    head: str
    text: str
    grave: bool = False


def merging(plan: MergePlan) -> list[Line]:
    said = {"ref": plan.merged.ref, "into": plan.into.ref}
    ends = _("%(into)s goes on. %(ref)s is closed as a part of it, stays readable and points there.") % said
    back = _("Un-merging gives all of this back. What happens from now on stays with %(into)s.") % said
    return [
        Line(_("Afterwards"), ends),
        *_seen(plan, said),
        *_people(plan, said),
        _calls(plan, said),
        _clocks(plan.merged, said),
        _priority(plan, said),
        _owner(plan, said),
        *_work(plan, said),
        *_reporter(plan, said),
        *_rooms(plan.merged),
        Line(_("Way back"), back),
    ]


def _seen(plan: MergePlan, said: dict[str, str]) -> list[Line]:
    """The stricter of both counts, and that is said first."""
    if not plan.restricted:
        return [Line(_("Who sees it"), _("That does not change for either of them."))]
    found = []
    for one in plan.hides:
        words = _("%(one)s becomes restricted, as the other is. Its alerts hide with it.") % {"one": one.ref}
        found.append(Line(_("Who sees it"), words, grave=True))
    if plan.joins:
        words = _("From then on these people also see what %(into)s holds: %(names)s") % {
            **said,
            "names": _names(one.person.name for one in plan.joins),
        }
        found.append(Line(_("Who sees it"), words, grave=True))
    if plan.let_in:
        words = _("From then on these people also see what %(ref)s holds: %(names)s") % {
            **said,
            "names": _names(one.person.name for one in plan.let_in),
        }
        found.append(Line(_("Who sees it"), words, grave=True))
    return found or [Line(_("Who sees it"), _("That does not change for either of them."))]


def _people(plan: MergePlan, said: dict[str, str]) -> list[Line]:
    found = []
    if plan.joins:
        roles = [
            _("%(name)s (%(role)s)") % {"name": one.person.name, "role": labels.label("role", one.role)}
            for one in plan.joins
        ]
        words = _("Come to %(into)s in the roles they have: %(names)s") % {**said, "names": _names(roles)}
        found.append(Line(_("People"), words))
    if plan.left_out:
        words = _("May not look at %(into)s and stay behind: %(names)s") % {
            **said,
            "names": _names(one.name for one in plan.left_out),
        }
        found.append(Line(_("People"), words, grave=True))
    return found


def _names(found: Iterable[str]) -> str:
    return listed(dict.fromkeys(found))


def _calls(plan: MergePlan, said: dict[str, str]) -> Line:
    words = {
        Calls.NONE: _("Nobody is being called about %(ref)s."),
        Calls.STOP: _("The call about %(ref)s stops. %(into)s calls by itself, or somebody has it already."),
        Calls.MOVE: _("Nobody has answered for %(ref)s: the call goes on for %(into)s, from its first step."),
        Calls.ANSWER: _("Somebody has answered for %(ref)s: that counts for %(into)s as well. Nobody else is called."),
    }
    return Line(_("Calls"), words[plan.calls] % said, grave=plan.calls is Calls.MOVE)


def _clocks(record: Incident, said: dict[str, str]) -> Line:
    running = sum(1 for one in service_levels.clocks_of(record) if one.row.state in GOING)
    words = _(
        "Clocks of %(ref)s that run: %(count)s. They end uncounted. Those of %(into)s run on from their own start."
    )
    return Line(_("Clocks"), words % {**said, "count": running})


def _priority(plan: MergePlan, said: dict[str, str]) -> Line:
    if plan.priority == plan.into.priority:
        return Line(_("Priority"), _("%(into)s keeps priority %(priority)s.") % {**said, "priority": plan.priority})
    words = _("%(into)s rises from priority %(was)s to %(priority)s, the graver of both.")
    return Line(_("Priority"), words % {**said, "was": plan.into.priority, "priority": plan.priority}, grave=True)


def _owner(plan: MergePlan, said: dict[str, str]) -> Line:
    owner = plan.owner or plan.into.owner
    if owner is None:
        return Line(_("Owner"), _("Nobody owns %(into)s; somebody should take it on.") % said, grave=True)
    words = _("%(name)s becomes the owner of %(into)s.") if plan.owner else _("%(name)s stays the owner of %(into)s.")
    return Line(_("Owner"), words % {**said, "name": owner.name})


def _work(plan: MergePlan, said: dict[str, str]) -> list[Line]:
    alerts = _("Go over to %(into)s: %(count)s. What comes of the same later goes there too.")
    tasks = _("Open ones that go over: %(count)s. Done ones that stay: %(done)s.")
    seen = _("Assets that now count for %(into)s: %(assets)s. Traces copied there: %(traces)s.")
    kept = _("Stay with %(ref)s, readable there. Notes: %(notes)s, files: %(files)s; facts, times and links too.")
    found = [
        Line(_("Alerts"), alerts % {**said, "count": len(plan.alerts)}),
        Line(_("Tasks"), tasks % {"count": len(plan.tasks), "done": plan.tasks_done}),
        Line(_("What is hit"), seen % {**said, "assets": len(plan.assets), "traces": plan.traces}),
        Line(_("Notes and evidence"), kept % {**said, "notes": plan.notes, "files": plan.files}),
    ]
    if plan.children:
        under = _("Incidents that stand under %(ref)s and come under %(into)s: %(count)s")
        found.append(Line(_("Reports below"), under % {**said, "count": len(plan.children)}))
    return found


def _reporter(plan: MergePlan, said: dict[str, str]) -> list[Line]:
    if not plan.reporter:
        return []
    words = _("Keeps the same code and reads there how %(into)s stands. You still answer them in %(ref)s.")
    return [Line(_("Reporter"), words % said)]


def _rooms(record: Incident) -> list[Line]:
    if not rooms.of_record(record.subject):
        return []
    return [Line(_("Chat room"), _("Is told, and closed as at the end of a record."))]


def parting(plan: UnmergePlan) -> list[Line]:
    said = {"ref": plan.merged.ref, "into": plan.into.ref}
    status = labels.label("status", plan.merger.status_was)
    found = [
        Line(_("Afterwards"), _("%(ref)s stands by itself again: %(status)s.") % {**said, "status": status}),
        Line(_("Alerts"), _("Go back to %(ref)s: %(count)s.") % {**said, "count": len(plan.alerts)}),
        Line(_("Tasks"), _("Go back as they are now: %(count)s.") % {"count": len(plan.tasks)}),
        Line(_("What happened since"), _since(plan, said)),
        Line(_("Calls"), _("%(ref)s calls for help again, unless its owner had taken it on.") % said),
        Line(_("Clocks"), _("Those of %(ref)s run as if it had never been merged; the time in between counts.") % said),
    ]
    if plan.priority != plan.into.priority:
        words = _("%(into)s goes back to priority %(priority)s.") % {**said, "priority": plan.priority}
        found.append(Line(_("Priority"), words))
    return [*found, *_parted(plan, said)]


def _since(plan: UnmergePlan, said: dict[str, str]) -> str:
    words = _("Stays with %(into)s. Alerts: %(alerts)s, notes: %(notes)s, tasks: %(tasks)s.")
    return words % {**said, "alerts": plan.alerts_since, "notes": plan.notes_since, "tasks": plan.tasks_since}


def _parted(plan: UnmergePlan, said: dict[str, str]) -> Sequence[Line]:
    found = []
    if plan.leaves:
        words = _("Leave again, where the merge had brought them: %(names)s")
        found.append(Line(_("People"), words % {"names": _names(one.person.name for one in plan.leaves)}))
    if plan.loses_owner and not plan.into.restricted:
        found.append(Line(_("Owner"), _("Nobody owns %(into)s any more.") % said, grave=True))
    if plan.opens:
        words = _("%(ref)s is open again to whoever sees incidents of its organisation.") % said
        found.append(Line(_("Who sees it"), words, grave=True))
    if plan.stays_hidden:
        words = _("%(into)s stays restricted: what was written there since does not come into the open by itself.")
        found.append(Line(_("Who sees it"), words % said, grave=True))
    return found


def reaches(found: Together) -> str:
    words = _("Reporters who will read it, each in their own report: %(count)s. Nobody reads of the others.")
    return words % {"count": found.answered}


def closes(found: Together) -> str:
    words = _("Open reports that will be closed: %(count)s. This one stays as it is; their reporters see them closed.")
    return words % {"count": found.closing}


def closed(done: int, left: Sequence[str]) -> str:
    if not left:
        return _("Closed: %(count)s.") % {"count": done}
    words = _("Closed: %(count)s. Something is still missing for: %(refs)s")
    return words % {"count": done, "refs": _names(left[:20])}
