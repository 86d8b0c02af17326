"""What somebody wrote of an outside party, before it is weighed. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """Every text may be empty but the name. ``time_zone`` and ``language`` empty: the site's."""

    name: str
    kind: str = "other"
    duty: str = ""
    language: str = ""
    time_zone: str = ""
    hours: str = ""
    contract: str = ""
    contract_until: date | None = None
    note: str = ""
    deputy: UUID | None = None
    keeper: UUID | None = None


@dataclass(frozen=True, slots=True)
class ResponsibilityDraft:
    service: str
    task: str
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CallLineDraft:
    """``owner`` is ``person:<uuid>`` or ``party:<uuid>``."""

    owner: str
    purpose: str = ""
