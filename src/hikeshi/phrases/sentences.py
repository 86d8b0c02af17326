"""Facts in the reader's words: the fact's name and fields in, one sentence of the active language out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from hikeshi.phrases import (
    accounts,
    assets,
    calming,
    canary,
    contacts,
    deciding,
    duty_calendars,
    escalation,
    figures,
    files,
    finding,
    forms,
    incident_report,
    incidents,
    inhibiting,
    intake,
    knowledge,
    ledger,
    lists,
    load,
    mailboxes,
    merging,
    messages,
    notices,
    planning,
    reports,
    retention,
    rooms,
    rotas,
    ruling,
    service_levels,
    silencing,
    sourcing,
    staff,
    threats,
)
from hikeshi.phrases.labels import label
from hikeshi.phrases.moments import dated
from hikeshi.phrases.wording import Sentence, close, filling

_sentences: Final[Mapping[str, Sentence]] = {
    **accounts.SENTENCES,
    **contacts.SENTENCES,
    **deciding.SENTENCES,
    **staff.SENTENCES,
    **files.SENTENCES,
    **figures.SENTENCES,
    **escalation.SENTENCES,
    **canary.SENTENCES,
    **assets.SENTENCES,
    **threats.SENTENCES,
    **incidents.SENTENCES,
    **merging.SENTENCES,
    **intake.SENTENCES,
    **ledger.SENTENCES,
    **load.SENTENCES,
    **finding.SENTENCES,
    **forms.SENTENCES,
    **notices.SENTENCES,
    **knowledge.SENTENCES,
    **lists.SENTENCES,
    **planning.SENTENCES,
    **mailboxes.SENTENCES,
    **messages.SENTENCES,
    **retention.SENTENCES,
    **rooms.SENTENCES,
    **rotas.SENTENCES,
    **duty_calendars.SENTENCES,
    **silencing.SENTENCES,
    **inhibiting.SENTENCES,
    **calming.SENTENCES,
    **sourcing.SENTENCES,
    **reports.SENTENCES,
    **ruling.SENTENCES,
    **service_levels.SENTENCES,
    **incident_report.SENTENCES,
}


def known() -> frozenset[str]:
    """Names of the facts that have a sentence."""
    return frozenset(_sentences)


def sentence(fact: str, values: Mapping[str, object]) -> str:
    """A fact nobody has words for, as after a package was removed, is still shown: by its name."""
    found = _sentences.get(fact)
    if found is None:
        return fact
    shown = _Shown({name: _shown(name, value, found.labels) for name, value in values.items()})
    if found.kept and _kept(found, values):
        return close(gettext(found.kept) % shown)
    text = gettext(found.message) % shown
    if shown.empty and found.without:
        return close(gettext(found.without.get(" ".join(sorted(shown.empty)), found.message)) % shown)
    return close(gettext(found.otherwise) % shown if shown.empty and found.otherwise else text)


def _kept(found: Sentence, values: Mapping[str, object]) -> bool:
    """Of the same sort as what was before, and the same."""
    alike = [name for name, sort in found.labels.items() if name != "was" and sort == found.labels.get("was")]
    return any(name in values and values[name] == values.get("was") for name in alike)


def _shown(name: str, value: object, labels: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return dated(value)
    if name in labels and value != "":
        return label(labels[name], str(value))
    return str(value)


class _Shown(dict[str, str]):
    """Notices which placeholders have nothing to say."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.empty: set[str] = set()

    def __getitem__(self, name: str) -> str:
        value = self.get(name, "")
        if not value:
            self.empty.add(name)
        return filling(value or "-")
