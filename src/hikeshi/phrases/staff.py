"""A staff list against the directory, and what rests on people, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "accounts.StaffCompared": Sentence(
        _("Applied differences to a staff list. Applied: %(applied)s, left as they were: %(refused)s.")
    ),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "staff_field": {
        "number": pgettext_lazy("staff_field", "Employee number"),
        "username": pgettext_lazy("staff_field", "User name"),
        "name": pgettext_lazy("staff_field", "Name"),
        "email": pgettext_lazy("staff_field", "E-mail"),
        "organisation": pgettext_lazy("staff_field", "Organisation"),
        "extension": pgettext_lazy("staff_field", "Extension"),
        "mobile": pgettext_lazy("staff_field", "Mobile"),
        "phone": pgettext_lazy("staff_field", "Telephone"),
        "left": pgettext_lazy("staff_field", "Leaving date"),
    },
    "staff_sort": {
        "wrong": pgettext_lazy("staff_sort", "Cannot be taken"),
        "left": pgettext_lazy("staff_sort", "Left, or not on the list"),
        "moved": pgettext_lazy("staff_sort", "Moved"),
        "changed": pgettext_lazy("staff_sort", "Changed"),
        "back": pgettext_lazy("staff_sort", "Back, out of use here"),
        "joined": pgettext_lazy("staff_sort", "Joined, not known here"),
        "same": pgettext_lazy("staff_sort", "Unchanged"),
    },
    "party_field": {
        "name": pgettext_lazy("party_field", "Name"),
        "duty": pgettext_lazy("party_field", "What they are called for"),
        "note": pgettext_lazy("party_field", "To have at hand when calling"),
        "ways": pgettext_lazy("party_field", "Another way"),
    },
    "rest": {
        "rota": pgettext_lazy("rest", "Stands in the rota"),
        "policy": pgettext_lazy("rest", "Called by the policy"),
        "executives": pgettext_lazy("rest", "Is the executive who hears of the gravest"),
        "deputy": pgettext_lazy("rest", "Stands in for"),
        "keeps": pgettext_lazy("rest", "Keeps the contact"),
        "keeps_contacts": pgettext_lazy("rest", "Looks after stale contacts"),
        "leads": pgettext_lazy("rest", "Leads the team"),
        "assignment": pgettext_lazy("rest", "Given records by the rule of assignment"),
        "target": pgettext_lazy("rest", "Counted by the target"),
        "alert_rule": pgettext_lazy("rest", "Answers for the rule"),
        "criteria": pgettext_lazy("rest", "Answers for the criteria"),
        "silence": pgettext_lazy("rest", "Hears when the source is silent"),
        "token": pgettext_lazy("rest", "Their key stops working"),
        "asset": pgettext_lazy("rest", "Owns the asset"),
        "record": pgettext_lazy("rest", "Answers for the record"),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "changed_since": gettext_lazy("This says something else by now. Look at it again."),
    "column_twice": gettext_lazy("One column cannot say two things."),
    "columns_unmatched": gettext_lazy("First say which column is which."),
    "field_twice": gettext_lazy("Two columns were given the same meaning."),
    "leaves_on": gettext_lazy("Leaves on %(day)s; still here until then."),
    "nobody_named": gettext_lazy("Neither employee number, user name nor e-mail says who this is."),
    "nothing_ticked": gettext_lazy("Nothing was ticked."),
    "place_ambiguous_stays": gettext_lazy(
        "Several organisations are called “%(word)s”, so nobody is moved by it. Write parent / child."
    ),
    "place_unknown_stays": gettext_lazy("The desk has no organisation “%(word)s”, so nobody is moved by it."),
    "same_name": gettext_lazy("Somebody of this name is missing from the list: %(username)s. Perhaps the same person."),
    "several_people": gettext_lazy("Several people here go by this."),
    "successor_needed": gettext_lazy(
        "Nobody would be called in their place. Name a successor, or tick that it stays without anybody."
    ),
    "tells_nobody_apart": gettext_lazy("One column must tell people apart: employee number, user name or e-mail."),
}
