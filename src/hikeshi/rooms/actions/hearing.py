"""What a chat tool delivers is written down before it is done: what comes again is known, and nobody is too fast."""

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.ledger.acts import action
from hikeshi.rooms import sealed
from hikeshi.rooms.actions.queueing import queue
from hikeshi.rooms.actions.workspaces import held
from hikeshi.rooms.models import Errand, ErrandKind, ErrandState, Heard, Workspace
from hikeshi.rooms.permissions import Verb
from hikeshi.rooms.refusals import HeardBefore, TooFast

KEPT: Final = timedelta(days=2)
MINUTE: Final = timedelta(minutes=1)
A_MINUTE: Final = 30
TRIES: Final = 5
TRIES_IN: Final = timedelta(minutes=10)
STEP: Final = 500
ENDED: Final = (ErrandState.DONE, ErrandState.FAILED, ErrandState.DROPPED)


@action
def hear(*, by: Actor, workspace: UUID, key: str, who: str, links: bool = False) -> Workspace:
    """For the chat door; in the same unit of work as what is done about it, or a crash between the two would lose it.
    ``links``: a code is tried. No fact. Raises NotAllowed, NotFound, HeardBefore, TooFast.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    row = held(workspace)
    name, now = sealed.keyed(sealed.WHO, who), clock.now()
    own = Heard.objects.filter(workspace=row, who=name)
    too_many = own.filter(at__gt=now - MINUTE).count() >= A_MINUTE
    too_many |= links and own.filter(links=True, at__gt=now - TRIES_IN).count() >= TRIES
    if too_many:
        raise TooFast
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        with transaction.atomic():
            Heard.objects.create(workspace=row, key=digest, who=name, links=links, at=now)
    except IntegrityError:
        raise HeardBefore from None

    row.heard_at = now
    row.save(update_fields=["heard_at"])
    return row


@action
def answer(*, by: Actor, workspace: UUID, who: str, text: str, key: str, place: str = "") -> None:
    """To one person, where the tool takes no answer at the door. For the chat door. Raises NotAllowed, NotFound."""
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    row = held(workspace)
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    about = {"who": who, "text": text, "place": place}
    queue(row, ErrandKind.ANSWER, key=f"answer:{row.uuid}:{digest}", about=about)


def forget_heard(now: datetime) -> bool:
    """What is over: deliveries and errands of the day before yesterday. Whether there is more."""
    cut = now - KEPT
    heard = list(Heard.objects.filter(at__lt=cut).values_list("pk", flat=True)[:STEP])
    Heard.objects.filter(pk__in=heard).delete()
    ended = Errand.objects.filter(state__in=ENDED, ended_at__lt=now - timedelta(days=90))
    errands = list(ended.values_list("pk", flat=True)[:STEP])
    Errand.objects.filter(pk__in=errands).delete()
    return STEP in {len(heard), len(errands)}
