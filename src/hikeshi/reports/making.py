"""Makes a report: gathers, writes, renders. Nothing is recorded here but that somebody read the record.

It takes up to a second for a long record, so it is never done inside a transaction.
"""

import hashlib
import zoneinfo
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone, translation

from hikeshi.documents import pdf
from hikeshi.documents.tree import Document
from hikeshi.incidents import names, readings
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger import access
from hikeshi.phrases import moments
from hikeshi.phrases.incident_report import word as said
from hikeshi.reports import business, course, front, proof, substance, work
from hikeshi.reports.codes import Format, ReportLanguage, State
from hikeshi.reports.material import Material, gather

TYPES = {
    Format.PDF: "application/pdf",
    Format.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A report as a file. ``ledger``: the last entry it was written from."""

    incident: UUID
    ref: str
    form: Format
    language: ReportLanguage
    reading: str
    state: State
    ledger: int
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        return f"{self.ref}-report-{self.language}.{self.form}"

    @property
    def content_type(self) -> str:
        return TYPES[self.form]


def _as_word(document: Document) -> bytes:
    from hikeshi.documents import word  # noqa: PLC0415  # what knows Word takes a tenth of every process's start

    return word.render(document)


def make(by: Actor, ref: str, *, form: str, language: str, reading: str = "", issued: bool = False) -> Made:
    """Raises NotFound, Invalid, DocumentBusy, DocumentTooLarge, FontsMissing."""
    kind, spoken = Format(_choice(Format, "form", form)), ReportLanguage(_choice(ReportLanguage, "lang", language))
    if reading and reading not in {readings.OWN, *names.in_use().readings}:
        raise Invalid("reading", "not_a_choice", choices=", ".join((readings.OWN, *names.in_use().readings)))
    with translation.override(spoken.value):
        found = gather(by, ref, reading=readings.settled(reading), issued=issued)
        with timezone.override(zoneinfo.ZoneInfo(found.zone)):
            document = write(found, spoken)
            content = pdf.render(document) if kind is Format.PDF else _as_word(document)
    made = Made(
        incident=found.incident.uuid,
        ref=found.incident.ref,
        form=kind,
        language=spoken,
        reading=found.reading,
        state=found.state,
        ledger=found.standing.number,
        content=content,
    )
    access.note_reading(by=by, subject=found.incident.subject, what=f"report.{kind} {made.digest}")
    return made


def _choice(kinds: "type[Format] | type[ReportLanguage]", field: str, asked: str) -> str:
    if asked not in list(kinds):
        raise Invalid(field, "not_a_choice", choices=", ".join(kinds))
    return asked


def write(found: Material, language: ReportLanguage) -> Document:
    """In the active language and zone."""
    incident = found.incident
    return Document(
        title=f"{said('kind')} {incident.ref} {incident.title}",
        language=language.value,
        front=front.front(found),
        blocks=(
            *front.summary(found),
            *substance.facts(found),
            *substance.told(found),
            *course.when(found),
            *substance.extent(found),
            *business.costs(found),
            *substance.cause(found),
            *work.actions(found),
            *work.measures(found),
            *course.decisions(found),
            *work.open_points(found),
            *work.people(found),
            *proof.traces(found),
            *proof.attachments(found),
            *course.timeline(found),
            *proof.proof(found),
        ),
        author=found.made_by,
        made_at=moments.local(found.made_at),
        marking=front.marking(found),
        running=f"{incident.ref} {said('kind')}",
        foot=found.site,
        page=said("page"),
        keywords=(incident.ref,),
    )
