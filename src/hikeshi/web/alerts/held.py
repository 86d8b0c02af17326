"""Lists beside the queue to take away: silences, inhibitions, values known to be harmless, what was set aside."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from hikeshi.accounts.queries import Organisation
from hikeshi.intake import queries as intake
from hikeshi.intake.queries import Parked
from hikeshi.intake.queries import calming as benign_values
from hikeshi.intake.queries import inhibiting as inhibitions_kept
from hikeshi.intake.queries import silencing as silences_kept
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.alerts import bodies, calming, inhibiting, silencing
from hikeshi.web.lists import Column

PLACES = (("organisation", Organisation),)
SILENCES: Sequence[Column[silencing.Line]] = (
    Column("title", _("The silence"), lambda it: it.row.title),
    Column("state", _("State"), lambda it: it.stand, "silence_stand"),
    Column("held", _("Alerts held"), lambda it: it.held),
    Column("starts_at", _("From"), lambda it: it.row.starts_at),
    Column("ends_at", _("Ends at"), lambda it: it.row.ends_at),
    Column("every", _("Comes again"), lambda it: it.row.every, "silence_every"),
    Column("until", _("Not again after"), lambda it: it.row.until),
    Column("ended_at", _("Ended"), lambda it: it.row.ended_at),
    Column("matchers", _("Which alerts"), lambda it: it.row.matchers),
    Column("reason", _("Reason"), lambda it: it.row.reason),
    Column("owner", _("Owner"), lambda it: it.owner),
    Column("organisation", _("Organisation"), lambda it: it.row.organisation.name),
    Column("uuid", _("Identifier"), lambda it: str(it.row.uuid)),
)
INHIBITIONS: Sequence[Column[inhibiting.Line]] = (
    Column("title", _("The inhibition"), lambda it: it.row.title),
    Column("state", _("State"), lambda it: it.stand, "inhibition_stand"),
    Column("held", _("Alerts held"), lambda it: it.held),
    Column("source", _("What explains"), lambda it: it.row.source),
    Column("target", _("What is held"), lambda it: it.row.target),
    Column("equal", _("If both have the same"), lambda it: it.names),
    Column("reason", _("Reason"), lambda it: it.row.reason),
    Column("owner", _("Owner"), lambda it: it.owner),
    Column("organisation", _("Organisation"), lambda it: it.row.organisation.name),
    Column("uuid", _("Identifier"), lambda it: str(it.row.uuid)),
)
BENIGN: Sequence[Column[calming.Line]] = (
    Column("title", _("Title"), lambda it: it.row.title),
    Column("state", _("State"), lambda it: it.stand, "benign_stand"),
    Column("hits", _("Met"), lambda it: it.hits),
    Column("values", _("Values"), lambda it: it.row.values),
    Column("until", _("Counts until"), lambda it: it.row.until),
    Column("reason", _("Reason"), lambda it: it.row.reason),
    Column("owner", _("Owner"), lambda it: it.owner),
    Column("organisation", _("Organisation"), lambda it: it.row.organisation.name),
    Column("uuid", _("Identifier"), lambda it: str(it.row.uuid)),
)
PARKED: Sequence[Column[Parked]] = (
    Column("received_at", _("Received"), lambda it: it.received_at),
    Column("source", _("Source"), lambda it: it.source),
    Column("error", _("Why it was set aside"), lambda it: it.error, "parked_error"),
    Column("detail", _("Detail"), lambda it: it.detail),
    Column("content_type", _("Content type"), lambda it: it.content_type),
    Column("body", _("As it came"), lambda it: bodies.Shown.of(it).text),
    Column("uuid", _("Identifier"), lambda it: str(it.uuid)),
)


def _stand(request: SignedIn) -> str:
    return str(silencing.Stands(request.GET).picked.get("stand", ""))


def _silences(request: SignedIn) -> lists.Pages[silencing.Line]:
    rows = lists.newest(silences_kept.listed(request.actor, stand=_stand(request)), PLACES)
    return (silencing.lines(request.actor, some) for some in rows)


def _inhibitions(request: SignedIn) -> lists.Pages[inhibiting.Line]:
    rows = lists.newest(inhibitions_kept.listed(request.actor, stand=_stand(request)), PLACES)
    return (inhibiting.lines(request.actor, some) for some in rows)


def _benign(request: SignedIn) -> lists.Pages[calming.Line]:
    stand = str(calming.Stands(request.GET).picked.get("stand", ""))
    rows = lists.newest(benign_values.listed(request.actor, stand=stand), PLACES)
    return (calming.lines(request.actor, some) for some in rows)


def _parked(request: SignedIn) -> lists.Pages[Parked]:
    return lists.newest(intake.parked(request.actor))


silences = lists.view(lists.List("silences", _("Silences"), SILENCES), _silences)
inhibitions = lists.view(lists.List("inhibitions", _("Inhibitions"), INHIBITIONS), _inhibitions)
benign = lists.view(lists.List("benign", _("Known to be harmless"), BENIGN), _benign)
parked = lists.view(lists.List("parked", _("Set aside"), PARKED), _parked)
