"""Forgets what is over: sessions that ran out, links nobody can use any more, files of people from the day before.
Tries to sign in have a period of their own (retention/).

No fact: that a session ran out was known when it began.
"""

from datetime import datetime
from typing import Final

from django.db.models import Q

from hikeshi.accounts.actions import bringing
from hikeshi.accounts.models import Invitation, PeopleFile, Session, StaffFile
from hikeshi.ledger.acts import unit

STEP: Final = 500


def forget_ended(now: datetime) -> bool:
    """Takes away up to a step's worth of each; whether there may be more."""
    sessions = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:STEP])
    over = Q(expires_at__lt=now) | Q(used_at__isnull=False)
    invitations = list(Invitation.objects.filter(over).values_list("pk", flat=True)[:STEP])
    files = bringing.over(PeopleFile, now, STEP)
    lists = bringing.over(StaffFile, now, STEP)
    if sessions or invitations or files or lists:
        with unit():
            Session.objects.filter(pk__in=sessions).delete()
            Invitation.objects.filter(pk__in=invitations).delete()
            PeopleFile.objects.filter(pk__in=files).delete()
            StaffFile.objects.filter(pk__in=lists).delete()
    return STEP in {len(sessions), len(invitations), len(files), len(lists)}
