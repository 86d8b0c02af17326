"""A course as somebody drew it: whether records could follow it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hikeshi.incidents.gates import At, GateSpec

MOST_PHASES: Final = 12
MOST_GATES: Final = 40
MOST_PEOPLE: Final = 5
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """``like``: the shipped phase it is read as, for those of the site's own. ``role``: whose it is when it starts."""

    code: str
    ja: str = ""
    en: str = ""
    like: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class GateDraft:
    spec: GateSpec
    ja: str = ""
    en: str = ""


class BadCourse(ValueError):
    """``reason`` is a code, ``code`` the phase or gate it is about, ``field`` where it stands."""

    def __init__(self, reason: str, field: str, code: str = "") -> None:
        super().__init__(f"{field} {code}: {reason}")
        self.reason, self.field, self.code = reason, field, code


def check(phases: Sequence[PhaseDraft], gates: Sequence[GateDraft], *, beside: Sequence[str]) -> None:
    """Raises BadCourse."""
    if not phases:
        raise BadCourse("course_no_phase", "phases")
    if len(phases) > MOST_PHASES or len(gates) > MOST_GATES:
        raise BadCourse("course_too_long", "phases" if len(phases) > MOST_PHASES else "gates")
    seen: set[str] = set()
    for phase in phases:
        _check_phase(phase, seen, beside)
        seen.add(phase.code)
    codes: set[str] = set()
    for gate in gates:
        _check_gate(gate.spec, codes, seen)
        codes.add(gate.spec.code)


def _check_phase(phase: PhaseDraft, seen: set[str], beside: Sequence[str]) -> None:
    if not _CODE.fullmatch(phase.code):
        raise BadCourse("phase_code", "phases", phase.code)
    if phase.code in seen:
        raise BadCourse("course_twice", "phases", phase.code)
    if phase.code in beside:
        raise BadCourse("course_beside", "phases", phase.code)


def _check_gate(spec: GateSpec, codes: set[str], phases: set[str]) -> None:
    if spec.code in codes:
        raise BadCourse("course_twice", "gates", spec.code)
    if spec.at is not At.CLOSE and spec.phase not in phases:
        raise BadCourse("gate_nowhere", "gates", spec.code)
    if spec.at is At.CLOSE and spec.phase:
        raise BadCourse("gate_at_close", "gates", spec.code)
    if (spec.check is None) == (spec.people == 0):
        raise BadCourse("gate_unmet_by_nobody", "gates", spec.code)
    if not 0 <= spec.people <= MOST_PEOPLE:
        raise BadCourse("gate_people", "gates", spec.code)
