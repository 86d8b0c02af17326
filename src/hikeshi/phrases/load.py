"""Load and assignment in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "load.LoadSettled": Sentence(
        _("Load and assignment, version %(number)s: %(deed)s: %(about)s."),
        {"deed": "load_deed"},
        otherwise=_("Load and assignment, version %(number)s: %(deed)s."),
    ),
    "load.ProfileSet": Sentence(
        _("Set skills and hours of work: %(weekly)s min a week."),
        otherwise=_("Set skills and hours of work: hours as the calendar says."),
    ),
    "load.OwnerChosen": Sentence(
        _(
            "Assigned to %(person)s by rule “%(rule)s”: on shift until %(until)s, skill %(skills)s, "
            "open: %(open)s (least of %(among)s)."
        ),
        without={
            "skills": _(
                "Assigned to %(person)s by rule “%(rule)s”: on shift until %(until)s, "
                "open: %(open)s (least of %(among)s)."
            ),
            "until": _(
                "Assigned to %(person)s by rule “%(rule)s”: skill %(skills)s, open: %(open)s (least of %(among)s)."
            ),
            "skills until": _("Assigned to %(person)s by rule “%(rule)s”: open: %(open)s (least of %(among)s)."),
        },
    ),
    "load.NobodyFitted": Sentence(
        _(
            "Nobody could be given this by rule “%(rule)s”. Asked: %(asked)s. Without the right: %(no_right)s. "
            "Not let in: %(not_let_in)s. Away: %(away)s. Without the skill: %(no_skill)s. Off shift: %(off_shift)s."
        ),
    ),
    "load.WorkHandedOver": Sentence(_("Handed several records over to %(person)s: %(count)s.")),
}

REASONS: Final[Mapping[str, Promise]] = {
    "team_or_rota": gettext_lazy("Choose one: a team or a rota."),
    "no_rule": gettext_lazy("There is no rule that is switched on. Without one, nothing would happen."),
    "skill_in_use": gettext_lazy("The rule “%(where)s” asks for “%(skill)s”. Change the rule first."),
    "all_or_none": gettext_lazy("Choose somebody who can be given all of these records."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "load_shift": {
        "required": pgettext_lazy("load_shift", "Only whoever is on shift now"),
        "preferred": pgettext_lazy("load_shift", "Whoever is on shift first, then the others"),
        "alike": pgettext_lazy("load_shift", "On shift or not"),
    },
    "load_passed": {
        "no_right": pgettext_lazy("load_passed", "may not work on records there"),
        "not_let_in": pgettext_lazy("load_passed", "the record is restricted, and they are not in it"),
        "away": pgettext_lazy("load_passed", "away"),
        "no_skill": pgettext_lazy("load_passed", "without the skill"),
        "off_shift": pgettext_lazy("load_passed", "not on shift"),
    },
    "load_mark": {
        "too_many": pgettext_lazy("load_mark", "Too many records"),
        "overloaded": pgettext_lazy("load_mark", "More work than time"),
        "untouched": pgettext_lazy("load_mark", "Something lies untouched"),
        "gone": pgettext_lazy("load_mark", "Has left"),
        "away": pgettext_lazy("load_mark", "Away, and records wait"),
    },
    "load_deed": {
        "skills_set": pgettext_lazy("load_deed", "skills changed"),
        "limits_set": pgettext_lazy("load_deed", "limits changed"),
        "rule_added": pgettext_lazy("load_deed", "rule added"),
        "rule_changed": pgettext_lazy("load_deed", "rule changed"),
        "rule_on": pgettext_lazy("load_deed", "rule switched on"),
        "rule_off": pgettext_lazy("load_deed", "rule switched off"),
        "rule_removed": pgettext_lazy("load_deed", "rule removed"),
        "ordered": pgettext_lazy("load_deed", "order of rules changed"),
        "automatic_on": pgettext_lazy("load_deed", "automatic assignment switched on"),
        "automatic_off": pgettext_lazy("load_deed", "automatic assignment switched off"),
    },
}


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    text: str


def assignment_words(ref: str, priority: int, title: str, *, nobody: bool) -> Told:
    said = {"ref": ref, "priority": f"P{priority}"}
    if nobody:
        head = gettext("%(ref)s %(priority)s: nobody could be given it") % said
        text = gettext("No rule of assignment found anybody for this record. Give it to somebody.")
    else:
        head = gettext("%(ref)s %(priority)s was given to you") % said
        text = gettext("The timeline says why. Take it on, or hand it over.")
    return Told(head, f"{title}\n{text}" if title else text)


def too_much_words(name: str, count: int, percent: int | None, marks: Iterable[str], instead: str = "") -> Told:
    """``instead``: who might take the records over, in words."""
    why = ", ".join(str(LABELS["load_mark"][one]) for one in marks)
    head = gettext("The queue of %(name)s needs a look: %(why)s") % {"name": name, "why": why}
    if percent is None:
        text = gettext("Open records: %(count)s. No working time in the next seven days.") % {"count": count}
    else:
        said = {"count": count, "percent": percent}
        text = gettext("Open records: %(count)s. Work left: %(percent)s %% of the next seven days.") % said
    return Told(head, f"{text}\n{instead}" if instead else text)


def instead_words(name: str, count: int) -> str:
    said = {"name": name, "count": count}
    return gettext("Closest to take them over: %(name)s (open records: %(count)s). Nothing is moved by itself.") % said
