"""Reads this domain's data files: kinds, courses, matrices, the facts sheet, roles; the site's own kinds on top."""

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


@dataclass(frozen=True, slots=True)
class PhaseSpec:
    ja: str
    en: str
    moment: MomentKind | None = None


@dataclass(frozen=True, slots=True)
class CourseSpec:
    ja: str
    en: str
    phases: tuple[str, ...]
    gates: tuple[GateSpec, ...] = ()


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
        spec = self.courses.courses[code]
        return Course(code=code, phases=spec.phases, beside=self.courses.beside, gates=spec.gates)

    def moment_of(self, phase: str) -> MomentKind | None:
        """The time that the end of this phase sets."""
        return self.courses.phases[phase].moment


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
def load(site: Path | None = None) -> Catalogue:
    """The shipped files, with the site's own kinds laid over ours. Raises BadCatalogue."""
    courses = _read(DATA / "courses.yaml", Courses)
    matrices = _read(DATA / "matrices.yaml", _Matrices)
    kinds = dict(_read(DATA / "kinds.yaml", _Kinds).kinds)
    if site is not None and site.exists():
        kinds |= _read(site, _Kinds).kinds
    catalogue = Catalogue(
        kinds=kinds,
        courses=courses,
        presets=matrices.presets,
        default_preset=matrices.default,
        sheet=_read(DATA / "sheet.yaml", _Sheet).items,
        roles=_read(DATA / "roles.yaml", _Roles).roles,
        readings=_read(DATA / "readings.yaml", _Readings).readings,
    )
    _check(catalogue)
    return catalogue
