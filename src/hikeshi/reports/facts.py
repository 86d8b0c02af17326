from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import Fact
from hikeshi.reports.codes import Format, ReportLanguage, State


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade(Fact):
    """A report of the incident was issued. ``digest`` is the file's SHA-256: whoever holds the file can show it is it.
    ``ledger``: the last entry it was written from.
    """

    incident: UUID
    form: Format
    language: ReportLanguage
    reading: str
    state: State
    digest: str
    size: int
    ledger: int
