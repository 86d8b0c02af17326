"""What is found, and which words mean the same."""

from hikeshi.finding.queries.box import Few, Found, Hit, Kinds, find, glance, jump
from hikeshi.finding.queries.settings import InForce, in_force, may_configure, version, versions
from hikeshi.finding.queries.standing import Standing, standing

__all__ = [
    "Few",
    "Found",
    "Hit",
    "InForce",
    "Kinds",
    "Standing",
    "find",
    "glance",
    "in_force",
    "jump",
    "may_configure",
    "standing",
    "version",
    "versions",
]
