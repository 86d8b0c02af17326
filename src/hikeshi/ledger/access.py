"""The access log: the only write a GET may do."""

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.models import Reading


def note_reading(*, by: Actor, subject: str, what: str) -> None:
    """Says that ``by`` read ``what`` (a code: ``room``, ``raw``, ``export``) of a sensitive subject."""
    Reading.objects.create(at=clock.now(), actor=by.ref, subject=subject, what=what)
