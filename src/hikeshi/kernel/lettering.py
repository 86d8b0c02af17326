"""Letters that stand somewhere in a column, whatever their case.

PostgreSQL makes every letter of every row great before it compares, by the rules of its language: three quarters of
what such a question costs. Letters without case need none of it, and those of ASCII only ASCII's own rules, by which
SQLite compares as well.
"""

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Collate, Upper
from django.db.models.lookups import Contains


def holding(column: str, letters: str) -> Q:
    if connection.vendor != "postgresql":
        return Q(**{f"{column}__icontains": letters})
    great = letters.upper()
    if great == letters.lower():
        return Q(**{f"{column}__contains": letters})
    others = "".join(one for one in letters if not one.isascii())
    if others.upper() == others.lower():
        return Q(Contains(Upper(Collate(F(column), "C")), great))
    return Q(**{f"{column}__icontains": letters})
