"""Real, drill, demo: what a subject belongs to decides whether anything about it may leave the machine."""

from enum import StrEnum


class World(StrEnum):
    REAL = "real"
    DRILL = "drill"
    DEMO = "demo"


def may_leave(world: World, *, site_live: bool) -> bool:
    """Whether a message, page, webhook or automated action about a subject of ``world`` may leave (DESIGN §4)."""
    return world is World.REAL and site_live
