"""The priority matrix in force."""

from dataclasses import dataclass

from hikeshi.incidents import names
from hikeshi.incidents.matrix import Grid
from hikeshi.incidents.models import MatrixVersion


@dataclass(frozen=True, slots=True)
class InForce:
    """``number`` 0 is the shipped default, before a site has chosen."""

    number: int
    preset: str
    grid: Grid


def matrix() -> InForce:
    known = names.in_use()
    latest = MatrixVersion.objects.order_by("-number").first()
    if latest is None:
        return InForce(0, known.default_preset, known.presets[known.default_preset].grid())
    return InForce(latest.number, latest.preset, tuple(tuple(line) for line in latest.grid))
