"""What may be read of targets and clocks. Clocks are seen by whoever sees the record."""

from hikeshi.service_levels.queries.clocks import (
    DEADLINE,
    Chip,
    ClockView,
    Explained,
    by_deadline,
    chips,
    clocks_of,
    explained,
    first_of,
    run_out,
)
from hikeshi.service_levels.queries.stuck import stuck, stuck_count
from hikeshi.service_levels.queries.targets import (
    Example,
    InForce,
    Trouble,
    book_in_force,
    books,
    example,
    may_configure,
    renewal_going,
    targets,
    troubles,
)

__all__ = [
    "DEADLINE",
    "Chip",
    "ClockView",
    "Example",
    "Explained",
    "InForce",
    "Trouble",
    "book_in_force",
    "books",
    "by_deadline",
    "chips",
    "clocks_of",
    "example",
    "explained",
    "first_of",
    "may_configure",
    "renewal_going",
    "run_out",
    "stuck",
    "stuck_count",
    "targets",
    "troubles",
]
