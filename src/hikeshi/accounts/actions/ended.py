"""Forgets what is over: sessions that ran out, old tries to sign in, links nobody can use any more.

No fact: that a session ran out was known when it began, and tries are personal data kept for their purpose only.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from hikeshi.accounts.models import Attempt, Invitation, Session
from hikeshi.ledger.acts import unit

ATTEMPTS_KEPT: Final = timedelta(days=90)
STEP: Final = 500


def forget_ended(now: datetime) -> bool:
    """Takes away up to a step's worth of each; whether there may be more."""
    sessions = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:STEP])
    oldest = Attempt.objects.order_by("pk").values_list("pk", "at")[:STEP]  # in the order they were made
    attempts = [number for number, at in oldest if at < now - ATTEMPTS_KEPT]
    over = Q(expires_at__lt=now) | Q(used_at__isnull=False)
    invitations = list(Invitation.objects.filter(over).values_list("pk", flat=True)[:STEP])
    if sessions or attempts or invitations:
        with unit():
            Session.objects.filter(pk__in=sessions).delete()
            Attempt.objects.filter(pk__in=attempts).delete()
            Invitation.objects.filter(pk__in=invitations).delete()
    return STEP in {len(sessions), len(attempts), len(invitations)}
