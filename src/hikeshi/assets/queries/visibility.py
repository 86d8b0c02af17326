"""Who sees which asset. Every read and every act starts from here."""

from django.db.models import QuerySet

from hikeshi.assets.models import Asset
from hikeshi.assets.permissions import Verb
from hikeshi.kernel.acting import Actor


def visible(by: Actor, verb: Verb = Verb.VIEW) -> QuerySet[Asset]:
    """Assets of organisations the verb is held for."""
    rows = Asset.objects.all()
    return rows if by.unlimited else rows.filter(organisation__in=by.organisations(verb))
