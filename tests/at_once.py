"""Acts that begin at the same moment, in threads of their own."""

import threading
from collections.abc import Callable

from django.db import connections

from hikeshi.kernel.refusals import Refusal


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each came to, in the order in which they ended: its answer, or the refusal it raised."""
    gate, found = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            found.append(act())
        except Refusal as refusal:
            found.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
