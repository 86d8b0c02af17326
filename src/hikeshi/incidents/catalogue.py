"""Reads this domain's data files: kinds, courses, matrices, the facts sheet, roles.

What a site changes of them lies over them (vocabularies.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from hikeshi.incidents.codes import MomentKind
from hikeshi.incidents.courses import Course
from hikeshi.incidents.gates import GateSpec
from hikeshi.incidents.matrix import Preset

DATA = Path(__file__).parent / "data"
T = TypeVar("T")


class BadCatalogue(Exception):
    """A data file cannot be used; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Name:
    """The same word in both languages."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Kind:
    ja: str
    en: str
    course: str
    rsit: str = "other/other"
    veris: str = "none"
    retired: bool = False
    hint_ja: str = ""  # when to choose it
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class PhaseSpec:
    """``like``: of a site's own phase, the shipped one it is read as. ``role``: whose it is when it starts."""

    ja: str
    en: str
    moment: MomentKind | None = None
    like: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class CourseSpec:
    ja: str
    en: str
    phases: tuple[str, ...]
    gates: tuple[GateSpec, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The phases in the words of IPA, SANS, NIST or ITIL: each phase's word by its code."""

    ja: str
    en: str
    words: Mapping[str, Name]
    phases: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Courses:
    version: int
    phases: Mapping[str, PhaseSpec]
    beside: tuple[str, ...]
    courses: Mapping[str, CourseSpec]
    gates: Mapping[str, Name]
    maps: Mapping[str, Mapping[str, Mapping[str, str]]]

    def course(self, code: str) -> Course:
        spec = self.courses[code]
        return Course(code=code, phases=spec.phases, beside=self.beside, gates=spec.gates)

    def counterparts(self, old: Course, new: Course) -> dict[str, str]:
        """For phases of the old course the one of the new that stands for it. What has none is left out."""
        like = {code: spec.like or code for code, spec in self.phases.items()}
        here = {like[code]: code for code in reversed(new.phases)}
        own = self.maps.get(old.code, {}).get(new.code)
        ways = [own] if own is not None else [way for known in self.maps.values() for way in known.values()]
        found = {}
        for code in old.phases:
            twins = [way[like[code]] for way in ways if like[code] in way]
            wanted = twins if own is not None else [like[code], *twins]
            standing = next((here[twin] for twin in wanted if twin in here), None)
            if standing is not None:
                found[code] = standing
        return found


@dataclass(frozen=True, slots=True)
class _Readings:
    version: int
    readings: Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class SheetItem:
    ja: str
    en: str
    group: str
    ask: Name
    origin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kinds:
    version: int
    kinds: Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class _Sheet:
    version: int
    items: Mapping[str, SheetItem]


@dataclass(frozen=True, slots=True)
class _Roles:
    version: int
    roles: Mapping[str, Name]


@dataclass(frozen=True, slots=True)
class _Matrices:
    version: int
    default: str
    presets: Mapping[str, Preset]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the files say."""

    kinds: Mapping[str, Kind]
    courses: Courses
    presets: Mapping[str, Preset]
    default_preset: str
    sheet: Mapping[str, SheetItem]
    roles: Mapping[str, Name]
    readings: Mapping[str, Reading]

    def course(self, code: str) -> Course:
        return self.courses.course(code)

    def moment_of(self, phase: str) -> MomentKind | None:
        """The time that the end of this phase sets."""
        spec = self.courses.phases.get(phase)
        return spec.moment if spec else None


def _read(path: Path, form: type[T]) -> T:
    try:
        return msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), form)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise BadCatalogue(f"{path}: {error}") from error


def _check(catalogue: Catalogue) -> None:
    """Files may only name what exists; a slip is found at start, not at night."""
    courses = catalogue.courses
    for code, kind in catalogue.kinds.items():
        if kind.course not in courses.courses:
            raise BadCatalogue(f"kind {code}: no course {kind.course}")
    for code, spec in courses.courses.items():
        lost = {*spec.phases, *courses.beside} - courses.phases.keys()
        lost |= {gate.code for gate in spec.gates} - courses.gates.keys()
        lost |= {gate.phase for gate in spec.gates if gate.phase} - set(spec.phases)
        if lost:
            raise BadCatalogue(f"course {code}: not described: {', '.join(sorted(lost))}")
    for code, reading in catalogue.readings.items():
        if reading.phases.keys() != courses.phases.keys() or not set(reading.phases.values()) <= reading.words.keys():
            raise BadCatalogue(f"reading {code}: every phase has one of its words")


@cache
def load() -> Catalogue:
    """The shipped files. Raises BadCatalogue."""
    courses = _read(DATA / "courses.yaml", Courses)
    matrices = _read(DATA / "matrices.yaml", _Matrices)
    catalogue = Catalogue(
        kinds=_read(DATA / "kinds.yaml", _Kinds).kinds,
        courses=courses,
        presets=matrices.presets,
        default_preset=matrices.default,
        sheet=_read(DATA / "sheet.yaml", _Sheet).items,
        roles=_read(DATA / "roles.yaml", _Roles).roles,
        readings=_read(DATA / "readings.yaml", _Readings).readings,
    )
    _check(catalogue)
    return catalogue
