"""What people outside the desk are told, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

TO: Final = {"audience": "outage_audience"}

SENTENCES: Final = {
    "notices.OutagePublished": Sentence(_("Told people of the outage at the portal (%(audience)s)."), labels=TO),
    "notices.OutageUpdated": Sentence(_("Told people at the portal what is new about the outage."), labels=TO),
    "notices.OutageEnded": Sentence(
        _("The outage is no longer shown at the portal: %(because)s."), labels={"because": "outage_ended"}
    ),
    "notices.OutageSharedBy": Sentence(_("Somebody has this outage too; they are %(count)s now.")),
    "notices.OutagesForgotten": Sentence(_("What was published of a deleted record was deleted.")),
}

REASONS: Final[Mapping[str, Promise]] = {
    "begins_later": gettext_lazy("This lies in the future. Write since when it has been going on."),
    "published_already": gettext_lazy("People are told of this already. Write what is new instead."),
    "not_published": gettext_lazy("People are told nothing of this now. Publish it first."),
    "no_outage": gettext_lazy("A record of this kind is no outage that people are told of at the portal."),
    "outage_restricted": gettext_lazy("This record is restricted: nothing of it is published."),
    "outage_of_drill": gettext_lazy("People are told of real outages only, never of drills or demonstrations."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "outage_audience": {
        "signed_in": pgettext_lazy("outage_audience", "People with an account"),
        "everyone": pgettext_lazy("outage_audience", "Everybody who opens the portal"),
    },
    "outage_ended": {
        "said": pgettext_lazy("outage_ended", "it is over"),
        "closed": pgettext_lazy("outage_ended", "the record was closed"),
        "merged": pgettext_lazy("outage_ended", "the record was merged into another"),
        "restricted": pgettext_lazy("outage_ended", "the record became restricted"),
    },
}
