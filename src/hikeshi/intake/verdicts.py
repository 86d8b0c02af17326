"""What can be decided about an alert, and what the decision asks of whoever opens a case."""

from enum import StrEnum


class Verdict(StrEnum):
    DROP = "drop"  # known noise: kept and counted, but off the queue
    KEEP = "keep"  # on the queue, for people to look at
    GATHER = "gather"  # too weak for a look of its own: told with its like, once a day and source
    ATTACH = "attach"  # belongs to a case that is open, or is about to be
    OPEN = "open"  # opens a case
    HOLD = "hold"  # a silence holds it: judged at its end, if it still fires then


WAITING = (Verdict.KEEP, Verdict.GATHER)
"""Verdicts that leave an alert to people, one by one or gathered."""
CALLING = frozenset({Verdict.ATTACH, Verdict.OPEN})
"""Verdicts that are announced: packages above act on them."""
