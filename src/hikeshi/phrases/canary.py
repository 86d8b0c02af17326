"""The desk's trials of its own chain, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from hikeshi.phrases import escalation, messages
from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

CODES: Final = {"stage": "canary_stage", "why": "canary_why"}

SENTENCES: Final = {
    "canary.Arranged": Sentence(_("Arranged when a canary is sent, and to whom.")),
    "canary.Asked": Sentence(_("A canary was sent on its way; minutes it has: %(minutes)s.")),
    "canary.LeftOut": Sentence(_("A canary was due and was not sent. %(why)s"), CODES),
    "canary.Answered": Sentence(_("%(person)s answered the canary after %(seconds)s s.")),
    "canary.Failed": Sentence(_("The canary did not come through. Missing: %(stage)s. %(why)s"), CODES),
}

NOBODY: Final = gettext_lazy("The policy has no step that calls people.")
WHY: Final[Mapping[str, str | Promise]] = {
    **messages.LABELS["message_trouble"],
    **escalation.LABELS["call_trouble"],
    "late": gettext_lazy("It took longer than it may."),
    "door_silent": gettext_lazy("The desk's own door did not answer."),
    "door_refused": gettext_lazy("The desk's own door refused it."),
    "door_busy": gettext_lazy("The desk's own door had no room."),
    "not_digested": gettext_lazy("It could not be read."),
    "other_rule": gettext_lazy("Another rule than the reserved one judged it."),
    "held": gettext_lazy("The desk was held: nothing leaves it."),
    "under_way": gettext_lazy("Another one was under way."),
    "nobody_to_call": NOBODY,
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "canary_why": WHY,
    "canary_stage": {
        "posted": pgettext_lazy("canary_stage", "Posted at the door"),
        "digested": pgettext_lazy("canary_stage", "Digested"),
        "judged": pgettext_lazy("canary_stage", "Judged"),
        "called": pgettext_lazy("canary_stage", "Called"),
        "sent": pgettext_lazy("canary_stage", "Sent"),
        "taken": pgettext_lazy("canary_stage", "Taken by the provider"),
        "opened": pgettext_lazy("canary_stage", "Link opened"),
        "answered": pgettext_lazy("canary_stage", "Answered"),
    },
    "canary_state": {
        "under_way": pgettext_lazy("canary_state", "Under way"),
        "answered": pgettext_lazy("canary_state", "Answered"),
        "failed": pgettext_lazy("canary_state", "Did not come through"),
        "left_out": pgettext_lazy("canary_state", "Not sent"),
    },
    "canary_to": {
        "person": pgettext_lazy("canary_to", "Person"),
        "rota": pgettext_lazy("canary_to", "Whoever is on call"),
        "policy": pgettext_lazy("canary_to", "Escalation policy"),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "gone": gettext_lazy("Whom this should call is no longer here. Choose again."),
    "would_not_send": gettext_lazy(
        "Nothing would be sent: this desk is held, or is no real site. Release it first, then try."
    ),
    "canary_under_way": gettext_lazy("A canary is under way already. Wait until it is answered or its time is over."),
    "nobody_to_call": NOBODY,
}


def failed_title(ref: str) -> str:
    return gettext("The desk's own test %(ref)s did not come through") % {"ref": ref}


def failed_text(stage: str, why: str, minutes: int) -> str:
    lines = (
        gettext("Nobody answered it within minutes: %(minutes)s") % {"minutes": minutes},
        gettext("Missing: %(stage)s. %(why)s") % {"stage": LABELS["canary_stage"][stage], "why": WHY.get(why, why)},
        gettext("A real alert may take the same way: see to it before the next one."),
    )
    return "\n".join(lines)
